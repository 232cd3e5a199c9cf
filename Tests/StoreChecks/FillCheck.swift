// Runs into the process's own file size limit (a real error of write(2), which needs no rights), then lifts it.

import Basics
import Glibc
import MainLoop
import Storage

final class FillCheck {
    private let store: Store
    private let bytes: UInt

    init(store: Store, bytes: UInt) {
        self.store = store
        self.bytes = bytes
    }

    func run() async throws {
        signal(SIGXFSZ, SIG_IGN)
        limit(to: bytes)
        var refused = 0
        var acknowledged: UInt64 = 0
        while refused == 0 {
            guard store.lastSequence < 20_000 else { fail("the limit was never reached") }
            let ticket = append()
            do throws(StoreError) {
                try await store.committed(ticket)
                acknowledged = store.lastSequence
            } catch { refused += 1 }
        }
        guard case .degraded = store.health else { fail("refused without being degraded") }
        for _ in 0..<1000 { append() }
        say("refused after \(acknowledged) \(store.health)")
        limit(to: UInt(rlim_t.max))
        await withCheckedContinuation { continuation in
            store.onHealthChange = { [store] health in
                guard health == .good else { return }
                store.onHealthChange = nil
                continuation.resume()
            }
        }
        let lost = await store.close()
        say("unsaved \(lost) appended \(store.lastSequence)")
    }

    private func limit(to bytes: UInt) {
        let limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t.max)
        withUnsafePointer(to: limit) { _ = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), $0) }
    }

    @discardableResult
    private func append() -> TurnTicket {
        let sequence = store.lastSequence + 1
        let body = ["number": "\(sequence)", "text": String(repeating: "x", count: 2000)]
        return store.append(
            TurnRecord(at: Instant(microseconds: Int64(sequence)), events: [JournalEntry(kind: "filled", body: body)]))
    }
}
