// Reads the command line.

/// `call` or `phone`, and the options of both.
struct CommandLineOptions {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    var agent: UserAgent.Options
    var media: MediaSession.Options
    var steps: [(text: String, step: Step)] = []
    /// More steps come by standard input, one per line.
    var readsSteps = false

    init(_ arguments: [String]) throws {
        guard let mode = arguments.first, ["call", "phone"].contains(mode) else {
            throw Failure(description: "the first word is call or phone; see --help")
        }
        let values = try Self.values(of: arguments.dropFirst())
        func failure(_ name: String) -> Failure {
            Failure(description: "\(name): \(values[name]?.last ?? "missing") is not understood")
        }
        func address(_ name: String) throws -> SocketAddress? {
            try values[name]?.last.map { text in
                guard let address = SocketAddress(text) else { throw failure(name) }
                return address
            }
        }
        guard let local = try address("--local") ?? SocketAddress("127.0.0.1:0") else { throw failure("--local") }
        let user = values["--user"]?.last ?? values["--from"]?.last ?? "caller"
        let codecs = try (values["--codec"] ?? []).map { name in
            guard let codec = G711.allCases.first(where: { $0.encodingName == name.uppercased() }) else {
                throw failure("--codec")
            }
            return codec
        }
        let headers = try (values["--header"] ?? []).map { text in
            guard let colon = text.firstIndex(of: ":") else { throw failure("--header") }
            return SIPMessage.Header(
                name: String(text[..<colon]), value: SIPMessage.trimmed(text[text.index(after: colon)...]))
        }
        var algorithms: Set<DigestChallenge.Algorithm> = [.md5, .sha256]
        if let name = values["--digest"]?.last {
            guard let algorithm = DigestChallenge.Algorithm(rawValue: name.uppercased()) else { throw failure("--digest") }
            algorithms = [algorithm]
        }
        agent = UserAgent.Options(
            local: local, user: user, authenticationUser: values["--auth-user"]?.last ?? user,
            password: values["--password"]?.last, registrar: try address("--registrar"), domain: values["--domain"]?.last,
            codecs: codecs.isEmpty ? [.a, .mu] : codecs, algorithms: algorithms, inviteHeaders: headers,
            traces: values["--trace"] != nil)
        try steps = Self.steps(mode: mode, to: values["--to"]?.last, script: values["--script"]?.last ?? "")
        readsSteps = values["--script"]?.last == "-"
        guard let port = UInt16(values["--media-port"]?.last ?? "0") else { throw failure("--media-port") }
        let tone = try values["--tone"]?.last.map { text in
            guard let tone = Int(text) else { throw failure("--tone") }
            return tone
        }
        let listened = (values["--listen"] ?? []).flatMap { $0.split(separator: ",").compactMap { Int($0) } }
        media = MediaSession.Options(
            host: local.address, port: port, recordPath: values["--record"]?.last,
            expectedTones: steps.flatMap { Self.tones(of: $0.step) } + listened, mouth: tone.map { .tone($0) } ?? .silence)
    }

    private static let flags: Set<String> = ["--trace"]
    private static let options: Set<String> = [
        "--local", "--user", "--from", "--to", "--auth-user", "--password", "--registrar", "--domain", "--codec", "--header",
        "--digest", "--media-port", "--record", "--tone", "--listen", "--script",
    ]

    private static func values(of arguments: ArraySlice<String>) throws -> [String: [String]] {
        var values: [String: [String]] = [:]
        var rest = arguments
        while let name = rest.popFirst() {
            if flags.contains(name) {
                values[name] = []
            } else if options.contains(name), let value = rest.popFirst() {
                values[name, default: []].append(value)
            } else {
                throw Failure(description: "\(name) is unknown or without a value; see --help")
            }
        }
        return values
    }

    /// `call` dials first and then follows the script.
    private static func steps(mode: String, to target: String?, script: String) throws -> [(text: String, step: Step)] {
        let steps = script == "-" ? [] : try StepParser.steps(of: script)
        guard mode == "call" else { return steps }
        guard let target else { throw Failure(description: "call needs --to") }
        return [("dial \(target)", .dial(target))] + steps
    }

    private static func tones(of step: Step) -> [Int] {
        switch step {
        case .hear(.sound(.tones(let tones)), _, _), .doNotHear(.sound(.tones(let tones)), _): tones
        default: []
        }
    }
}
