// What the demo shows: a table drawn in place on a terminal, plain lines elsewhere.

internal import Basics
internal import Foundation

extension Demo {
    static let lookSeconds = 1.0
    /// So long the one-time code in the page's address may be used.
    static let codeSeconds = 600.0
    /// Between two lines on each queue, where nothing is drawn.
    static let queuesSeconds = 10.0

    /// Asks the daemon, shows the answer, and comes again.
    func look() {
        guard let api, !isStopping else { return }
        Task {
            var new: [Happening] = []
            do {
                let floor = try await api.get("/v1/floor", as: Floor.self)
                var stories: [Story] = []
                for contact in happenings.contactsToRead(in: floor) {
                    // One that has just ended may not be in history yet; the next look asks again.
                    if let story = try? await api.get("/v1/contacts/\(contact)", as: Story.self) { stories.append(story) }
                }
                new = happenings.take(stories)
                lastFloor = floor
            } catch {
                // One slow answer is no reason to end; a daemon that is gone is told by its exit.
                new = [Happening(at: Date(), text: "no answer from the API: \(error)")]
            }
            guard !isStopping else { return }
            show(new)
            agenda.after(Self.lookSeconds) { [unowned self] in look() }
        }
    }

    private func show(_ new: [Happening]) {
        guard let floor = lastFloor else { return new.forEach { screen.say($0.text) } }
        guard screen.isTerminal else { return tell(floor, new) }
        let size = screen.size
        let table = Table(columns: size.columns, rows: size.rows)
        screen.draw(table.lines(of: floor, happenings: happenings.latest, title: title(floor)))
    }

    private func title(_ floor: Floor) -> [String] {
        let up = floor.status.now.timeIntervalSince(floor.status.startedAt)
        let address = pageAddress ?? ""
        return [
            " Switchboard demo   up \(Table.duration(up))   calls made \(callsMade)   Ctrl-C ends it ",
            up < Self.codeSeconds
                ? "Browser (works once): \(address)"
                : "Browser, once signed in: \(address.prefix { $0 != "#" })",
        ] + seats
    }

    /// Where whoever watches can take calls. Fits into 80 columns.
    var seats: [String] {
        pagePasswords.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "Take calls: http://localhost:\(options.httpPort)/agent, name \($0.key), password \($0.value)" }
    }

    private func tell(_ floor: Floor, _ new: [Happening]) {
        for happening in new { screen.say("\(Table.clock(happening.at))  \(happening.text)") }
        guard Date().timeIntervalSince(queuesToldAt) >= Self.queuesSeconds else { return }
        queuesToldAt = Date()
        for queue in floor.queues {
            let level = queue.serviceLevel.value.map { ", service level \(Int(($0 * 100).rounded())) %" } ?? ""
            screen.say(
                "\(Table.clock(floor.status.now))  queue \(queue.id): \(queue.waiting) waiting, "
                    + "\(queue.membersReady) of \(queue.membersSignedIn) agents ready, \(queue.figures.answered) answered, "
                    + "\(queue.figures.abandoned) gave up\(level)")
        }
    }

    func sayGoodbye() {
        screen.say("The demo is over: \(callsMade) calls were made.")
        for queue in lastFloor?.queues ?? [] {
            screen.say("  \(queue.id): \(queue.figures.answered) answered, \(queue.figures.abandoned) gave up")
        }
        screen.say("Everything that happened, and why: switchboard replay --state \(options.folder)/state")
    }
}
