// Contacts that are no calls: what is known of those that live, and which request each of them came by.

public import ACD
public import Basics
public import ContactCenter
public import Storage

/// The edge of work that comes in over the API. State only: whoever owns it hands the events on and stores the facts.
///
/// The rules give a contact its id when they handle `workArrived`. They do so in the order in which the events were handed in,
/// and nobody else hands such events in, so the oldest request that is waited for is the one that has been handled.
@MainActor public final class WorkRegister {
    /// Contacts that live at once.
    public nonisolated static let openMax = 10_000
    /// For how long the repetition of a request is recognised; of so many it is known without a look into the store.
    public nonisolated static let keysMax = 10_000
    public nonisolated static let keyLife = Duration.seconds(86_400)
    /// Of contacts that have ended, what they were about: an agent may still be wrapping up.
    nonisolated static let endedMax = 1000

    /// A request on its way to the rules.
    @MainActor public final class Awaited {
        fileprivate let request: WorkRequest
        /// Nil until the rules have handled it.
        public fileprivate(set) var answer: WorkAnswer?
        fileprivate init(_ request: WorkRequest) { self.request = request }
    }

    public enum Start {
        /// To be handed to the rules now.
        case awaited(Awaited)
        case answered(WorkAnswer)
    }

    private struct Key: Hashable {
        var requester: String
        var text: String
    }

    private struct Request {
        var fingerprint: String
        var since: Instant
        /// Nil: it is under way.
        var contact: ContactID?
    }

    private var records: [ContactID: WorkRecord] = [:]
    private var open: [ContactID: WorkKindID] = [:]
    /// How many of each kind live.
    public private(set) var openByKind: [WorkKindID: Int] = [:]
    private var ended: [ContactID] = []
    private var awaited: [Awaited] = []
    private var keys: [Key: Request] = [:]
    /// In the order in which they came.
    private var keysInOrder: [Key] = []
    private var newest = ContactID(rawValue: 0)

    public init() {}

    /// Contacts of all kinds that live.
    public var openCount: Int { open.count }

    /// What is known of a contact that lives, or has ended a moment ago.
    public func record(of contact: ContactID) -> WorkRecord? { records[contact] }

    // MARK: After a start

    /// Contacts whose rows are needed: those that live, and those that agents wrap up.
    public nonisolated static func contacts(needing center: Center) -> [ContactID] {
        let living = center.contacts.filter(\.value.isDigital).map(\.key)
        let wrappedUp = center.agents.flatMap(\.value.wrapUps).map(\.contact)
        return living + wrappedUp.filter { !living.contains($0) }
    }

    /// - Parameters:
    ///   - records: of `contacts(needing:)`.
    ///   - keyed: newest first, of the last `keyLife`.
    public func restore(_ center: Center, _ records: [WorkRecord], keyed: [WorkRecord]) {
        newest = center.newestContact ?? newest
        for contact in center.contacts.map(\.value) where contact.isDigital { note(contact) }
        for record in records {
            self.records[record.contact] = record
            if open[record.contact] == nil { ended.append(record.contact) }
        }
        for record in keyed.reversed() {
            guard let text = record.idempotencyKey else { continue }
            remember(
                Key(requester: record.requester, text: text),
                Request(fingerprint: record.fingerprint, since: record.created, contact: record.contact))
        }
    }

    // MARK: Requests

    public func begin(_ request: WorkRequest, at now: Instant) -> Start {
        let key = request.idempotencyKey.map { Key(requester: request.requester, text: $0) }
        if let key, let known = keys[key], now - known.since < Self.keyLife {
            guard known.fingerprint == request.fingerprint else { return .answered(.refused(.keyReused)) }
            return .answered(known.contact.map { .known($0) } ?? .refused(.underWay))
        }
        guard open.count + awaited.count < Self.openMax else { return .answered(.refused(.tooMany)) }
        if let key { remember(key, Request(fingerprint: request.fingerprint, since: now)) }
        let one = Awaited(request)
        awaited.append(one)
        return .awaited(one)
    }

    /// Whether the request's key is among the last ones: of others only the store can say whether they were used today.
    public func knows(_ request: WorkRequest) -> Bool {
        request.idempotencyKey.map { keys[Key(requester: request.requester, text: $0)] != nil } ?? false
    }

    private func remember(_ key: Key, _ request: Request) {
        if keys.updateValue(request, forKey: key) == nil { keysInOrder.append(key) }
        guard keysInOrder.count > Self.keysMax else { return }
        keys[keysInOrder.removeFirst()] = nil
    }

    /// For tests: as if more than `keysMax` had come since.
    func forgetKeys() {
        keys = [:]
        keysInOrder = []
    }

    private func forget(_ key: Key) {
        guard keys.removeValue(forKey: key) != nil else { return }
        keysInOrder.removeAll { $0 == key }
    }

    // MARK: What the rules do

    /// The rules have handled an event.
    ///
    /// - Returns: rows for the turn that is under way.
    public func follow(_ event: Event, _ commands: [Command], in center: Center) -> [Fact] {
        if case .workArrived = event { return taken(commands, in: center) }
        for case .close(let contact) in commands where contact.isDigital { close(contact.id) }
        return []
    }

    private func taken(_ commands: [Command], in center: Center) -> [Fact] {
        guard !awaited.isEmpty else { return [] }
        let one = awaited.removeFirst(), request = one.request
        var closed: Contact?
        for case .close(let contact) in commands where contact.isDigital && contact.id == center.newestContact {
            closed = contact
        }
        let key = request.idempotencyKey.map { Key(requester: request.requester, text: $0) }
        guard let id = center.newestContact, id > newest, let contact = closed ?? center.contacts[id], contact.isDigital else {
            one.answer = .refused(.notTaken)
            if let key { forget(key) }
            return []
        }
        newest = id
        let since = key.flatMap { keys[$0]?.since } ?? center.now
        let record = WorkRecord(
            contact: id, kind: request.kind.rawValue, customer: request.customer, name: request.name,
            subject: request.subject, externalID: request.externalID, requester: request.requester,
            idempotencyKey: closed == nil ? request.idempotencyKey : nil, fingerprint: request.fingerprint, created: since)
        records[id] = record
        guard closed == nil else {
            // It may be tried again as soon as the queue has room.
            if let key { forget(key) }
            retire(id)
            one.answer = .refused(.diverted(contact.lastDiversion))
            return [.work(record)]
        }
        note(contact)
        if let key { keys[key]?.contact = id }
        one.answer = .taken(id)
        // The row refers to the contact's.
        return [.contact(ContactRecord(contact)), .work(record)]
    }

    private func note(_ contact: Contact) {
        guard open.updateValue(contact.kind, forKey: contact.id) == nil else { return }
        openByKind[contact.kind, default: 0] += 1
    }

    private func close(_ id: ContactID) {
        guard let kind = open.removeValue(forKey: id) else { return }
        openByKind[kind, default: 1] -= 1
        retire(id)
    }

    private func retire(_ id: ContactID) {
        guard records[id] != nil else { return }
        ended.append(id)
        if ended.count > Self.endedMax { records[ended.removeFirst()] = nil }
    }
}

extension Contact {
    fileprivate var lastDiversion: DiversionCause? {
        for line in timeline.reversed() { if case .diverted(_, let cause) = line.what { return cause } }
        return nil
    }
}
