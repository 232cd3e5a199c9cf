// Makes up for sound that is missing.

internal import CSpanDSP

/// spandsp's concealment for linear sound, the pitch of the last 35 ms repeated and faded out over 50 ms; one for each stream.
final class PacketLossConcealer {
    private let state: UnsafeMutablePointer<plc_state_t>

    init() {
        state = .allocate(capacity: 1)
        plc_init(state)
    }

    isolated deinit { state.deallocate() }

    /// Learns sound that came, and blends its first samples with what was made up before.
    func learn(_ samples: UnsafeMutablePointer<Int16>, count: Int) { plc_rx(state, samples, Int32(count)) }

    /// Writes `count` samples in place of missing ones.
    func conceal(_ samples: UnsafeMutablePointer<Int16>, count: Int) { plc_fillin(state, samples, Int32(count)) }
}
