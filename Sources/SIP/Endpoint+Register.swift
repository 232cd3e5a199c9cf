// REGISTER, and the bindings that come and go (RFC 3261 §10).

public import Basics
internal import CSofia
internal import MainLoop

extension Endpoint {
    private static let contactsMax: UInt32 = 16

    /// Where the device can be reached now; empty if it is not registered.
    public func bindings(of device: DeviceID) -> [Binding] {
        tell(registrar.expire(at: MonotonicClock.now))
        return registrar.bindings(of: device)
    }

    func register(_ event: Happened) {
        let id = event.pointee.call
        let address = Endpoint.source(event)
        switch judge(event, "REGISTER", settings.realm, address, find: { accounts[DeviceID($0)]?.credentials }) {
        case .accepted(let user):
            know(address)
            // A device registers itself and nobody else (RFC 3261 §10.3, steps 3 and 4).
            guard Header.unescaped(Endpoint.text(event.pointee.to_user)) == user else {
                counted.forbidden &+= 1
                return respond(id, 403, current: true)
            }
            register(event, DeviceID(user), address)
        case let refusal:
            refuse(event, refusal, settings.realm, accountAlgorithms, address)
        }
    }

    private func register(_ event: Happened, _ device: DeviceID, _ address: SocketAddress) {
        let id = event.pointee.call
        let now = MonotonicClock.now
        tell(registrar.expire(at: now))
        guard let request = request(of: event, address) else {
            return respond(id, 400, phrase: "Too Many Contacts", current: true)
        }
        let (outcome, changes) = registrar.register(device, request, at: now)
        switch outcome {
        case .bindings(let bindings):
            let headers = bindings.map { binding in
                Header("Contact", "<\(binding.contact)>;expires=\((binding.expires - now) / 1_000_000_000)")
            }
            respond(id, 200, headers: headers, current: true)
        case .intervalTooBrief:
            respond(
                id, 423, phrase: "Interval Too Brief", headers: [Header("Min-Expires", "\(settings.expiresMin)")], current: true
            )
        case .badRequest(let why):
            respond(id, 400, phrase: why, current: true)
        }
        tell(changes)
    }

    private func request(of event: Happened, _ address: SocketAddress) -> Registrar.Request? {
        let expires = csofia_expires(event)
        var request = Registrar.Request(
            contacts: [], everything: false, expires: expires < 0 ? nil : expires, callID: Endpoint.text(event.pointee.call_id),
            sequence: csofia_sequence(event), source: address)
        var index: UInt32 = 0
        var seconds = 0
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Registrar.contactMaxBytes + 2) { buffer in
            while csofia_contact(event, index, buffer.baseAddress, buffer.count, &seconds) {
                index += 1
                guard index <= Endpoint.contactsMax else { return nil }
                let uri = Endpoint.text(buffer.baseAddress)
                if uri == "*" {
                    request.everything = true
                } else {
                    request.contacts.append(Registrar.Contact(uri: uri, expires: seconds < 0 ? nil : seconds))
                }
            }
            return request
        }
    }

    /// The address has proved itself.
    func know(_ address: SocketAddress) {
        guard let stack else { return }
        let bytes = address.bytes
        csofia_know(stack, Int32(address.family.rawValue), bytes)
    }

    func tell(_ changes: [Registrar.Change]) {
        for change in changes {
            switch change {
            case .added(let device, let binding): onEvent(.registered(device, binding))
            case .removed(let device, let binding): onEvent(.unregistered(device, binding))
            }
        }
    }
}
