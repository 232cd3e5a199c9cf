// Every text is spoken once: afterwards it comes from memory or disk.

public import MainLoop

/// Speech by text, rendered beside the loop, kept on disk and in memory.
///
/// One text is worked on at a time. Texts that calls wait for (`request`) go before those of `prepare`, and whoever asks for
/// a text that is already waiting shares its result.
public final class SpeechCache {
    public typealias Answer = Result<[Int16], SpeechFailure>

    private struct Waiting {
        var answers: [(Answer) -> Void]
        var isUrgent: Bool
    }

    /// What the worker reports of one text.
    private nonisolated enum Outcome: Sendable {
        case loaded([Int16])
        case rendered([Int16], saved: Bool)
        case failed(SpeechFailure.Reason)
    }

    public let limits: SpeechLimits
    public private(set) var figures = SpeechFigures()
    private let engine: any SpeechEngine
    private let worker: WorkerQueue
    private let folder: SpeechFolder
    private var memory: SpeechMemory
    private var waiting: [SpeechText: Waiting] = [:]
    /// Both lists may still name texts that were served from the other one.
    private var urgent: [SpeechText] = []
    private var background: [SpeechText] = []
    private var current: SpeechText?

    /// `folder` is made when the first text is saved. All caches of a process that use flite share its one worker.
    public init(
        folder: String, engine: any SpeechEngine = FliteEngine(), worker: WorkerQueue = FliteEngine.worker,
        limits: SpeechLimits = SpeechLimits()
    ) {
        self.engine = engine
        self.worker = worker
        self.limits = limits
        let speechFolder = SpeechFolder(path: folder, identity: engine.identity)
        self.folder = speechFolder
        memory = SpeechMemory(bytesMax: limits.memoryBytesMax)
        worker.run({ speechFolder.prune(bytesMax: limits.diskBytesMax) }, then: {})
    }

    /// What is in memory, at once; nil: `request` it.
    public func samples(for text: String) -> [Int16]? {
        guard let text = try? SpeechText(text, charactersMax: limits.charactersMax) else { return nil }
        let samples = memory.samples(of: text)
        if samples != nil { figures.fromMemory += 1 }
        return samples
    }

    /// Hands the speech to `then`: at once if it is in memory or cannot be had, otherwise when it is loaded or rendered.
    public func request(_ text: String, then: @escaping (Answer) -> Void) {
        do throws(SpeechFailure) {
            let known = try SpeechText(text, charactersMax: limits.charactersMax)
            if let samples = memory.samples(of: known) {
                figures.fromMemory += 1
                return then(.success(samples))
            }
            let isNew = waiting[known]?.isUrgent != true
            if isNew, urgent.count >= limits.waitingTextsMax {
                throw SpeechFailure(text: text, reason: .overloaded(max: limits.waitingTextsMax))
            }
            waiting[known, default: Waiting(answers: [], isUrgent: true)].answers.append(then)
            waiting[known]?.isUrgent = true
            if isNew, current != known { urgent.append(known) }
            next()
        } catch {
            figures.failed += 1
            then(.failure(error))
        }
    }

    /// Loads or renders what is not in memory, one text after the other, and tells which ones failed.
    public func prepare(_ texts: [String], then: @escaping ([SpeechFailure]) -> Void) {
        var failures: [SpeechFailure] = []
        var left = 1
        // The last of all, this call included, says so: `then` is called once, also if everything was in memory.
        let finish: (Answer) -> Void = { answer in
            if case .failure(let failure) = answer { failures.append(failure) }
            left -= 1
            if left == 0 { then(failures) }
        }
        for text in texts {
            do throws(SpeechFailure) {
                let known = try SpeechText(text, charactersMax: limits.charactersMax)
                if memory.samples(of: known) != nil { continue }
                left += 1
                if waiting[known] == nil {
                    background.append(known)
                    waiting[known] = Waiting(answers: [], isUrgent: false)
                }
                waiting[known]?.answers.append(finish)
            } catch {
                failures.append(error)
                figures.failed += 1
            }
        }
        finish(.success([]))
        next()
    }

    // MARK: One text at a time

    private func next() {
        guard current == nil, let text = nextText() else { return }
        current = text
        worker.run(
            { [folder, engine] in Self.fetch(text.text, folder: folder, engine: engine) },
            then: { self.finished(text, $0) })
    }

    private func nextText() -> SpeechText? {
        while !urgent.isEmpty {
            let text = urgent.removeFirst()
            if waiting[text] != nil { return text }
        }
        while !background.isEmpty {
            let text = background.removeFirst()
            if waiting[text] != nil { return text }
        }
        return nil
    }

    private nonisolated static func fetch(_ text: String, folder: SpeechFolder, engine: any SpeechEngine) -> Outcome {
        if let samples = folder.load(text) { return .loaded(samples) }
        do {
            let samples = try engine.synthesise(text)
            guard !samples.isEmpty else { return .failed(.silent) }
            do {
                try folder.save(samples, of: text)
                return .rendered(samples, saved: true)
            } catch {
                return .rendered(samples, saved: false)
            }
        } catch {
            return .failed(.engine(String(describing: error)))
        }
    }

    private func finished(_ text: SpeechText, _ outcome: Outcome) {
        let answer: Answer
        switch outcome {
        case .loaded(let samples):
            figures.fromDisk += 1
            answer = .success(samples)
        case .rendered(let samples, let saved):
            figures.rendered += 1
            if !saved { figures.unsaved += 1 }
            answer = .success(samples)
        case .failed(let reason):
            figures.failed += 1
            answer = .failure(SpeechFailure(text: text.text, reason: reason))
        }
        if case .success(let samples) = answer { memory.keep(samples, of: text) }
        current = nil
        let answers = waiting.removeValue(forKey: text)?.answers ?? []
        next()
        for give in answers { give(answer) }
    }
}
