// Where the devices are: the location service of RFC 3261 §10.

internal import Basics

/// The bindings of all accounts, without sockets and clocks.
nonisolated struct Registrar {
    struct Contact {
        var uri: String
        /// Seconds of its own `expires` parameter.
        var expires: Int?
    }

    struct Request {
        var contacts: [Contact]
        /// "*" (RFC 3261 §10.2.2).
        var everything: Bool
        /// Seconds of the Expires header.
        var expires: Int?
        var callID: String
        var sequence: UInt32
        var source: SocketAddress
    }

    enum Change: Equatable { case added(DeviceID, Binding), removed(DeviceID, Binding) }
    enum Outcome: Equatable { case bindings([Binding]), intervalTooBrief, badRequest(String) }

    static let contactMaxBytes = 512
    private let bindingsMax: Int, expiresMin: Int, expiresMax: Int
    private var table: [DeviceID: [Binding]] = [:]
    /// How many bindings came from an address and port.
    private var sources: [SocketAddress: Int] = [:]
    /// Monotonic nanoseconds of the first expiry; `.max`: none.
    private(set) var due = UInt64.max
    /// Counts every change, refreshes too.
    private(set) var revision: UInt64 = 0

    init(bindingsMax: Int, expiresMin: Int, expiresMax: Int) {
        self.bindingsMax = max(1, bindingsMax)
        self.expiresMin = expiresMin
        self.expiresMax = max(expiresMin, expiresMax)
    }

    var count: Int { table.values.reduce(0) { $0 + $1.count } }
    var devices: [DeviceID] { Array(table.keys) }
    func bindings(of device: DeviceID) -> [Binding] { table[device] ?? [] }
    /// Whether a device has registered from exactly this address and port.
    func knows(_ source: SocketAddress) -> Bool { sources[source] != nil }

    /// RFC 3261 §10.3, steps 6 to 8. A request takes effect as a whole or not at all.
    mutating func register(_ device: DeviceID, _ request: Request, at now: UInt64) -> (Outcome, [Change]) {
        var bindings = table[device] ?? []
        var changes: [Change] = []
        if request.everything {
            guard request.contacts.isEmpty, request.expires == 0 else { return (.badRequest("Bad Wildcard Contact"), []) }
            guard !bindings.contains(where: { isOutOfOrder(request, $0) }) else { return (.badRequest("Out of Order"), []) }
            changes = bindings.map { .removed(device, $0) }
            bindings = []
        }
        for contact in request.contacts {
            guard isSound(contact.uri) else { return (.badRequest("Bad Contact"), []) }
            let wanted = contact.expires ?? request.expires ?? expiresMax
            let old = bindings.firstIndex { $0.contact == contact.uri }
            if let old, isOutOfOrder(request, bindings[old]) { return (.badRequest("Out of Order"), []) }
            if wanted <= 0 {
                if let old { changes.append(.removed(device, bindings.remove(at: old))) }
                continue
            }
            guard wanted >= expiresMin else { return (.intervalTooBrief, []) }
            let binding = Binding(
                contact: contact.uri, source: request.source, expires: now &+ UInt64(min(wanted, expiresMax)) * 1_000_000_000,
                registered: now, callID: request.callID, sequence: request.sequence)
            if let old {
                if bindings[old].source != binding.source { changes.append(.added(device, binding)) }
                bindings[old] = binding
                continue
            }
            if bindings.count >= bindingsMax,
                let first = bindings.indices.min(by: { bindings[$0].expires < bindings[$1].expires })
            {
                changes.append(.removed(device, bindings.remove(at: first)))
            }
            changes.append(.added(device, binding))
            bindings.append(binding)
        }
        store(bindings, of: device)
        return (.bindings(bindings), changes)
    }

    /// A binding of an earlier process; one that is there already is newer.
    mutating func restore(_ device: DeviceID, _ binding: Binding) -> [Change] {
        var bindings = table[device] ?? []
        guard bindings.count < bindingsMax, isSound(binding.contact),
            !bindings.contains(where: { $0.contact == binding.contact })
        else { return [] }
        bindings.append(binding)
        store(bindings, of: device)
        return [.added(device, binding)]
    }

    mutating func expire(at now: UInt64) -> [Change] {
        guard due <= now else { return [] }
        return removeAll { _, binding in binding.expires <= now }
    }

    mutating func removeAll(of gone: Set<DeviceID>) -> [Change] { removeAll { device, _ in gone.contains(device) } }

    private mutating func removeAll(where over: (DeviceID, Binding) -> Bool) -> [Change] {
        var changes: [Change] = []
        for device in table.keys.sorted() {
            let bindings = table[device] ?? []
            let kept = bindings.filter { !over(device, $0) }
            guard kept.count < bindings.count else { continue }
            changes += bindings.filter { over(device, $0) }.map { .removed(device, $0) }
            store(kept, of: device)
        }
        due = table.values.lazy.flatMap { $0 }.map(\.expires).min() ?? .max
        return changes
    }

    private mutating func store(_ bindings: [Binding], of device: DeviceID) {
        revision += 1
        for binding in table[device] ?? [] {
            sources[binding.source] = sources[binding.source].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
        for binding in bindings { sources[binding.source, default: 0] += 1 }
        table[device] = bindings.isEmpty ? nil : bindings
        // A refresh leaves an earlier time behind: at it `expire` finds nothing, and the right one.
        for binding in bindings { due = min(due, binding.expires) }
    }

    private func isOutOfOrder(_ request: Request, _ binding: Binding) -> Bool {
        binding.callID == request.callID && request.sequence <= binding.sequence
    }

    private func isSound(_ uri: String) -> Bool {
        !uri.isEmpty && uri.utf8.count <= Registrar.contactMaxBytes && uri.hasPrefix("sip:")
            && !uri.utf8.contains {
                $0 <= 0x20 || $0 >= 0x7f || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "\"")
            }
    }
}
