// Reads steps: `hear tone 880 within 10s`.

struct StepParser {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let text: String
    private var words: [Substring]
    private var clauses: [String: Duration] = [:]

    /// Steps stand between semicolons or on lines of their own.
    static func steps(of script: String) throws -> [(text: String, step: Step)] {
        try script.split { $0 == ";" || $0.isNewline }.map { SIPMessage.trimmed($0) }.filter { !$0.isEmpty }
            .map { text in
                var parser = try StepParser(text)
                return (text, try parser.step())
            }
    }

    static func duration(_ text: some StringProtocol) -> Duration? {
        if text.hasSuffix("ms") { return Int(text.dropLast(2)).map { .milliseconds($0) } }
        guard text.hasSuffix("s") else { return nil }
        return Double(text.dropLast()).map { .milliseconds(Int($0 * 1000)) }
    }

    private init(_ text: String) throws {
        self.text = text
        words = text.split(separator: " ")
        // `within`, `for` and `each` may stand in any order at the end.
        while words.count > 2, ["within", "for", "each"].contains(words[words.count - 2]) {
            guard let duration = Self.duration(words[words.count - 1]) else { throw failure("no time") }
            clauses[String(words[words.count - 2])] = duration
            words.removeLast(2)
        }
    }

    private func failure(_ reason: String) -> Failure { Failure(description: "\(reason) in step \"\(text)\"") }

    private var within: Duration { clauses["within"] ?? Step.patience }

    private mutating func next(_ what: String) throws -> Substring {
        guard !words.isEmpty else { throw failure("\(what) is missing") }
        return words.removeFirst()
    }

    private mutating func step() throws -> Step {
        let step = try verb()
        guard words.isEmpty else { throw failure("\"\(words.joined(separator: " "))\" is not understood") }
        return step
    }

    private mutating func verb() throws -> Step {
        let verb = try next("verb")
        switch verb {
        case "register": return .register(expires: words.isEmpty ? Step.registrationSeconds : try number(), within: within)
        case "deregister": return .register(expires: 0, within: within)
        case "dial": return .dial(String(try next("target")))
        case "wait": return try awaited()
        case "ring":
            guard let word = words.popFirst() else { return .ring(.zero) }
            guard let duration = Self.duration(word) else { throw failure("no time") }
            return .ring(duration)
        case "serve":
            guard let duration = Self.duration(try next("time")) else { throw failure("no time") }
            return .serve(duration)
        case "early": return try expecting("media", .earlyMedia)
        case "answer": return .answer
        case "decline": return .decline(words.isEmpty ? 486 : try number())
        case "redirect": return .redirect(String(try next("address")))
        case "hear": return .hear(try wanted(), within: within, standing: clauses["for"] ?? Step.standsFor)
        case "not":
            guard try next("hear") == "hear", let during = clauses["for"] else {
                throw failure("\"hear ... for TIME\" is missing")
            }
            return .doNotHear(try wanted(), during: during)
        case "press": return .press(String(try next("keys")), each: clauses["each"] ?? Step.keyDuration)
        case "say": return .say(try source(), during: clauses["for"])
        case "pause":
            guard let duration = Self.duration(try next("time")) else { throw failure("no time") }
            return .pause(duration)
        case "hold": return .hold(true)
        case "resume": return .hold(false)
        case "mute": return .mute(true)
        case "unmute": return .mute(false)
        case "refer": return .refer(String(try next("target")), status: words.isEmpty ? 200 : try number())
        case "hang": return try expecting("up", .hangUp)
        case "vanish": return .vanish
        default: throw failure("\"\(verb)\" is no verb")
        }
    }

    private mutating func expecting(_ word: String, _ step: Step) throws -> Step {
        guard try next(word) == word else { throw failure("\"\(word)\" is missing") }
        return step
    }

    private mutating func number() throws -> Int {
        guard let number = Int(try next("number")) else { throw failure("no number") }
        return number
    }

    private mutating func awaited() throws -> Step {
        let word = try next("event")
        switch word {
        case "ringing": return .wait(.ringing, within: within)
        case "answered": return .wait(.answered, within: within)
        case "invite": return .wait(.invite, within: within)
        case "bye": return .wait(.bye, within: within)
        case "cancelled": return .wait(.cancelled, within: within)
        case "end": return .wait(.end, within: within)
        case "refused": return .wait(.refused(words.isEmpty ? nil : try number()), within: within)
        case "registration":
            return try expecting("refused", .registrationRefused(within: within))
        default: throw failure("\"\(word)\" is nothing to wait for")
        }
    }

    private mutating func wanted() throws -> Step.Wanted {
        let word = try next("sound")
        switch word {
        case "speech": return .sound(.speech)
        case "silence": return .sound(.silence)
        case "nothing": return .sound(.nothing)
        case "sound": return .anything
        case "digit", "digits": return .digits(String(try next("digits")).uppercased())
        case "tone", "tones":
            let tones = try next("frequency").split(separator: "+").compactMap { Int($0) }
            guard !tones.isEmpty else { throw failure("no frequency") }
            return .sound(.tones(tones.sorted()))
        default: throw failure("\"\(word)\" is no sound")
        }
    }

    private mutating func source() throws -> Mouth.Source {
        let word = try next("sound")
        switch word {
        case "silence": return .silence
        case "speech": return .speech
        case "tone": return .tone(try number())
        case "file":
            let path = String(try next("path"))
            guard let samples = WAVReader.samples(path: path) else { throw failure("\(path) is no 16-bit mono WAV at 8 kHz") }
            return .recording(samples)
        default: throw failure("\"\(word)\" is no sound")
        }
    }
}

extension [Substring] {
    fileprivate mutating func popFirst() -> Substring? { isEmpty ? nil : removeFirst() }
}
