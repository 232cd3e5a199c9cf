// What the phone knows of its registration.

struct Registration {
    enum State: Hashable {
        case none, pending
        /// With the granted lifetime in seconds.
        case registered(Int)
        /// With the status that refused it; nil: no response.
        case failed(Int?)
    }

    var state = State.none
    var callID = RandomText.hexadecimal(byteCount: 12)
    let localTag = RandomText.hexadecimal(byteCount: 6)
    var sequence = 0
    var refreshAt: Moment?
}
