// Bindings that outlive the process, so that phones can be reached after a restart before they register again.

public import Basics
internal import MainLoop

/// A binding with its expiry in wall time.
public nonisolated struct SavedBinding: Codable, Hashable, Sendable {
    var device: DeviceID
    var contact: String
    var host: String
    var port: UInt16
    var expires: Instant
    var callID: String
    var sequence: UInt32
}

extension Endpoint {
    /// Moves with every change of the bindings, so that whoever keeps them need not compare.
    public var bindingsRevision: UInt64 { registrar.revision }

    /// Every binding that has not expired at `now`, in a fixed order.
    public func savedBindings(at now: Instant) -> [SavedBinding] {
        let monotonic = MonotonicClock.now
        return registrar.devices.sorted().flatMap { device in
            registrar.bindings(of: device).filter { $0.expires > monotonic }.map { binding in
                SavedBinding(
                    device: device, contact: binding.contact, host: binding.source.host, port: binding.source.port,
                    // Whole seconds: a binding that stays is the same value at the next look.
                    expires: Instant(seconds: (now + .nanoseconds(binding.expires - monotonic)).microseconds / 1_000_000),
                    callID: binding.callID, sequence: binding.sequence)
            }
        }
    }

    /// Takes bindings of an earlier process back, after `apply`: those of known accounts that have not expired. What was
    /// authenticated then holds until then, as if the process had never ended (RFC 3261 §10.3 leaves storage to us).
    public func restore(_ saved: [SavedBinding], at now: Instant) {
        let monotonic = MonotonicClock.now
        for item in saved where item.expires > now && accounts[item.device] != nil {
            guard let source = SocketAddress(host: item.host, port: item.port) else { continue }
            know(source)
            let left = UInt64(clamping: (item.expires - now).microseconds) &* 1000
            tell(
                registrar.restore(
                    item.device,
                    Binding(
                        contact: item.contact, source: source, expires: monotonic &+ left, registered: 0,
                        callID: item.callID,
                        sequence: item.sequence)))
        }
    }
}
