// Numbers of those who will be called back: at the edge and in the store, for as long as somebody needs them.

import Basics
import Storage
import Testing

@testable import Switchboard

@Suite("CallbackNumbers") struct CallbackNumbersTests {
    @Test("what can be dialled: digits with or without a plus; words, codes and addresses cannot")
    func dialable() {
        for number in ["112", "4930111", "+493012345678"] { #expect(CallbackNumbers.isDialable(number)) }
        for number in ["", "+", "12", "anonymous", "*11", "4930 111", "+49-30", "１２３４", String(repeating: "1", count: 21)] {
            #expect(!CallbackNumbers.isDialable(number), "\(number)")
        }
    }

    @Test(
        "kept over a restart while it is needed, and deleted with the last callback or with the start that finds it left over")
    func kept() async throws {
        let folder = try TestFolder()
        let store = try await folder.store()
        let numbers = CallbackNumbers()
        let facts = [
            numbers.keep("4930111", of: "key-a", at: Instant(seconds: 1)),
            numbers.keep("4930222", of: "key-b", at: Instant(seconds: 2)),
            numbers.keep("4930333", of: "key-c", at: Instant(seconds: 3)),
        ]
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 3), facts: facts)))
        let fact = try #require(numbers.forget("key-b"))
        #expect(numbers["key-b"] == nil && numbers.forget("key-b") == nil)
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 4), facts: [fact])))
        #expect(store.figures.rejectedFacts == 0)

        let next = CallbackNumbers()
        let left = next.restore(try await store.reader.callbackNumbers(), needed: ["key-a"])
        #expect(next["key-a"] == "4930111" && next["key-c"] == nil && next.count == 1)
        try await store.committed(store.append(TurnRecord(at: Instant(seconds: 5), facts: left)))
        #expect(try await store.reader.callbackNumbers().map(\.caller) == ["key-a"])
        await store.close()
    }
}
