// Contacts that are no calls: the rules name a contact, the edge knows what it is about.

internal import API
internal import Basics
internal import ContactCenter
internal import Storage

extension Edges {
    /// The rules have handled that event.
    func followWork(_ event: Event, _ commands: [Command]) {
        for fact in work.follow(event, commands, in: turn.center) { note(fact) }
    }

    /// A customer who is known by a number has the same key as a caller; of whom nothing is known, nobody else has it.
    func customerKey(of request: WorkRequest) -> CallerKey {
        request.customer.map { callerHash.callerKey(of: $0) } ?? CallerKey(KeyedHash.randomToken())
    }

    /// After a start, before the first command.
    func restoreWork() async throws {
        let center = turn.center
        let records = try await reader.work(of: WorkRegister.contacts(needing: center))
        let keyed = try await reader.keyedWork(since: clock.now - WorkRegister.keyLife, limit: WorkRegister.keysMax)
        work.restore(center, records, keyed: keyed)
    }
}
