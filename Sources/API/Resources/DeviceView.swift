// A telephone as the API shows it.

internal import Basics

/// A device of an agent and whether it can be rung.
struct DeviceView: Sendable {
    let id: DeviceID
    let isRegistered: Bool
}
