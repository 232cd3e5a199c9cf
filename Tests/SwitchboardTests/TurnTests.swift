// The turn: order, limits, and what whoever waits for it is told.

import Basics
import ContactCenter
import Foundation
import Storage
import Testing

@testable import Switchboard

@Suite("Turn") struct TurnTests {
    let folder: TestFolder
    let store: Store

    init() async throws {
        folder = try TestFolder()
        store = try await folder.store()
    }

    private func turn(eventsMax: Int = 100, inboxEventsMax: Int = 20_000) -> Turn {
        Turn(
            center: Center(), clock: HouseClock(), store: store, eventsMax: eventsMax, inboxEventsMax: inboxEventsMax,
            on: testLoop, logger: silentLogger)
    }

    /// The legs of the journal's `legEnded` lines, in order.
    private func journal() async throws -> [UInt64] {
        try await store.committed(store.lastTurn)
        return try await store.reader.journal(after: 0, limit: 1000).map { row in
            guard case .legEnded(let leg) = try JournalCodec.event(row, configuration: { _ in nil }) else { return 0 }
            return leg.rawValue
        }
    }

    private func ended(_ number: UInt64) -> Event { .legEnded(LegID(rawValue: number)) }

    @Test("a turn takes so many events and no more, the next one goes on, and the journal has them in their order")
    func order() async throws {
        let turn = turn(eventsMax: 3)
        #expect(turn.due == .max)
        for number in 1...5 { turn.submit(ended(UInt64(number))) }
        #expect(turn.due == 0)
        turn.serveOnce()
        #expect(turn.figures.turns == 1 && turn.figures.events == 3)
        #expect(turn.due == 0 && turn.inboxEvents == 2)
        turn.serveOnce()
        #expect(turn.figures.turns == 2 && turn.figures.events == 5)
        #expect(turn.due == .max)
        #expect(try await journal() == [1, 2, 3, 4, 5])
    }

    @Test("what a command brings about is an event behind those that wait, never inside the one that is handled")
    func commandsSubmit() async throws {
        let turn = turn()
        turn.perform = { [unowned turn] command in
            if case .reject(let leg, _) = command { turn.submit(.legEnded(leg)) }
        }
        // Nobody knows the number, so the rules refuse the call.
        turn.submit(
            .callArrived(Arrival(leg: LegID(rawValue: 7), number: "1", caller: "caller", trunk: "carrier", channel: 1)))
        turn.submit(ended(1))
        turn.serveOnce()
        #expect(try await journal() == [0, 1, 7])
    }

    @Test("whoever waits for an event is answered when it is on the disk, with its own turn", .timeLimit(.minutes(1)))
    func durable() async throws {
        let turn = turn(eventsMax: 2)
        for number in 1...3 { turn.submit(ended(UInt64(number))) }
        let result = await turn.submitDurably(ended(4))
        #expect((try? result.get()) != nil)
        let stored = try await store.reader.journal(after: 0, limit: 100)
        #expect(stored.count == 4, "it is there when the answer comes")
        #expect(turn.figures.turns == 2)
    }

    @Test("with a closed store the answer is a failure, and the rules have the event nevertheless", .timeLimit(.minutes(1)))
    func durableWithoutStore() async throws {
        let turn = turn()
        await store.close()
        let result = await turn.submitDurably(ended(1))
        #expect(throws: StoreError.self) { try result.get() }
        #expect(turn.center.figures.events == 1)
    }

    @Test("the inbox is full from its limit on, takes what comes nevertheless, and is not full after the turn")
    func full() async throws {
        let turn = turn(inboxEventsMax: 3)
        for number in 1...2 { turn.submit(ended(UInt64(number))) }
        #expect(!turn.isFull)
        turn.submit(ended(3))
        #expect(turn.isFull)
        turn.submit(ended(4))
        #expect(turn.inboxEvents == 4)
        turn.serveOnce()
        #expect(!turn.isFull && turn.inboxEvents == 0)
        #expect(try await journal() == [1, 2, 3, 4])
    }
}
