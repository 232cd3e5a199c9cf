// What is told of contacts: each line once, in order, and the end of those who have left.

import Foundation
import Testing

@testable import Demo

@Suite struct HappeningsTests {
    private func floor(_ change: (inout Floor) -> Void = { _ in }) throws -> Floor {
        var floor = try JSONDecoder.ofAPI.decode(Floor.self, from: Data(TableTests.answer.utf8))
        change(&floor)
        return floor
    }

    private func story(_ kinds: [String]) -> Story {
        Story(
            id: 7,
            timeline: kinds.enumerated().map { index, kind in
                StoryLine(at: Date(timeIntervalSince1970: Double(index)), kind: kind, agent: "anna")
            })
    }

    @Test("a contact is read when it is new, when something happened to it, and when it has left; never for nothing")
    func reads() throws {
        var happenings = Happenings()
        #expect(happenings.contactsToRead(in: try floor()) == [7])
        _ = happenings.take([story(["contact.created", "contact.answered"])])
        #expect(happenings.contactsToRead(in: try floor()).isEmpty)
        #expect(happenings.contactsToRead(in: try floor { $0.calls[0].last = nil }) == [7])
        #expect(happenings.contactsToRead(in: try floor { $0.calls = [] }) == [7])
    }

    @Test("each line of a story is told once, and steps of the menu are left out")
    func tellsOnce() throws {
        var happenings = Happenings()
        _ = happenings.contactsToRead(in: try floor())
        let first = happenings.take([story(["contact.created", "flow.visited", "contact.offered"])])
        #expect(first.map(\.text) == ["call 7 calls the center", "call 7 rings at anna"])
        let second = happenings.take([
            story(["contact.created", "flow.visited", "contact.offered", "offer.missed", "contact.ended"])
        ])
        #expect(second.map(\.text).first == "call 7 anna did not answer; back to the old place")
        #expect(second.count == 2)
        // It is over: nothing of it is asked for again.
        #expect(happenings.contactsToRead(in: try floor { $0.calls = [] }).isEmpty)
    }
}
