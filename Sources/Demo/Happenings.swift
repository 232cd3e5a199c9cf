// What is new since the last look: which stories have to be read again, and which lines of them nobody has seen.

internal import Foundation

/// Remembers how much of each contact's story has been told.
nonisolated struct Happenings: Sendable {
    /// Lines kept for the table.
    static let keptMax = 50

    private(set) var latest: [Happening] = []
    /// Contacts that live, as they were, and how many lines of their stories have been told.
    private var living: [Int: (call: Floor.Call, told: Int)] = [:]

    /// Contacts whose stories have something new, or may have.
    mutating func contactsToRead(in floor: Floor) -> [Int] {
        var changed: [Int] = []
        for call in floor.calls where living[call.id]?.call != call {
            changed.append(call.id)
            living[call.id] = (call, living[call.id]?.told ?? 0)
        }
        // An offer changes the agent's work, not the call.
        for work in floor.agents.flatMap(\.work) where living[work.contact] != nil && work.kind == "ringing" {
            changed.append(work.contact)
        }
        let present = Set(floor.calls.map(\.id))
        // Beyond the calls that fit into one answer nobody can tell who has left.
        if floor.callsLeftOut == 0 { changed += living.keys.filter { !present.contains($0) } }
        return Set(changed).sorted()
    }

    /// Something of the demo's own.
    mutating func add(_ happening: Happening) { latest = (latest + [happening]).suffix(Self.keptMax) }

    /// Takes stories as just read; returns the new lines in order of time.
    mutating func take(_ stories: [Story]) -> [Happening] {
        var new: [Happening] = []
        for story in stories {
            guard let known = living[story.id] else { continue }
            new += story.timeline.dropFirst(known.told).compactMap { Happening($0, of: story.id) }
            let isOver = story.timeline.contains { $0.kind == "contact.ended" || $0.kind == "contact.abandoned" }
            living[story.id] = isOver ? nil : (known.call, story.timeline.count)
        }
        new.sort { $0.at < $1.at }
        // A story may be read a look after another one that went on behind it.
        latest = (latest + new).sorted { $0.at < $1.at }.suffix(Self.keptMax)
        return new
    }
}
