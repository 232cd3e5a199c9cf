// The program itself: one thread, one poll(), and a script.

import Glibc

enum Program {
    /// How long the last requests may take after the script has ended.
    static let farewell = Duration.seconds(2)

    /// Returns the exit status: 0 if every step was fulfilled in time.
    static func run(_ arguments: [String]) -> Int32 {
        if arguments.isEmpty || arguments.contains("--help") {
            Report.show(Usage.text, on: STDOUT_FILENO)
            return arguments.isEmpty ? 2 : 0
        }
        signal(SIGPIPE, SIG_IGN)
        // A phone that waits for a processor hears gaps that are its own. Where it is not allowed, it goes without.
        _ = nice(-10)
        do {
            let options = try CommandLineOptions(arguments)
            let media = try MediaSession(options.media)
            let agent = try UserAgent(options.agent, media: media)
            Report.line(
                "listening", ["sip": .text(agent.socket.local.description), "rtp": .text(media.socket.local.description)])
            let runner = ScriptRunner(agent, steps: options.steps, isOpen: options.readsSteps)
            let status = follow(runner, agent)
            media.close()
            return status
        } catch {
            Report.line("failed", ["reason": .text("\(error)")])
            return 2
        }
    }

    private static func follow(_ runner: ScriptRunner, _ agent: UserAgent) -> Int32 {
        var input = StepInput()
        runner.advance(at: .now)
        while !runner.isFinished {
            let inputIsReady = turn(agent, until: runner.deadline, readingInput: runner.isOpen)
            if inputIsReady { input.read(into: runner) }
            runner.advance(at: .now)
        }
        sayGoodbye(runner, agent)
        if let failure = runner.failure {
            Report.line("failed", ["reason": .text(failure)])
            return 1
        }
        Report.line("done")
        return 0
    }

    /// Leaves no call behind at the other end, unless the script wants just that.
    private static func sayGoodbye(_ runner: ScriptRunner, _ agent: UserAgent) {
        guard !runner.hasVanished else { return }
        if agent.call?.isLive == true { try? agent.hangUp(at: .now) }
        let end = Moment.now + farewell
        while !agent.isIdle, Moment.now < end { _ = turn(agent, until: end, readingInput: false) }
        agent.media.disconnect()
    }

    /// Waits for a datagram, a line or a deadline, and serves the phone. Returns whether standard input is ready.
    private static func turn(_ agent: UserAgent, until scriptDeadline: Moment?, readingInput: Bool) -> Bool {
        let deadline = [scriptDeadline, agent.deadline, agent.media.deadline].compactMap { $0 }.min()
        var descriptors = [agent.socket.descriptor, agent.media.socket.descriptor, agent.media.controlSocket.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        if readingInput { descriptors.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
        // Rounded up: waking too early would turn the last fraction into a busy loop.
        let wait = deadline.map { Int32(clamping: (max(0, ($0 - Moment.now).nanoseconds) + 999_999) / 1_000_000) }
        poll(&descriptors, nfds_t(descriptors.count), wait ?? -1)
        let now = Moment.now
        agent.media.receive(at: now)
        agent.receive(at: now)
        agent.tick(at: now)
        agent.media.tick(at: now)
        return readingInput && descriptors[3].revents != 0
    }
}
