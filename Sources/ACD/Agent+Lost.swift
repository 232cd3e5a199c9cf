// The agent's browser is gone without a word, and comes back or does not.

public import Basics

extension Agent {
    /// Between the moment at which a device is missed and its return, or the end of the grace.
    public struct Loss: Codable, Hashable, Sendable {
        public let device: DeviceID
        public let since: Instant
        public let graceUntil: Instant
    }

    public var lostSince: Instant? { loss?.since }
    public var graceUntil: Instant? { loss?.graceUntil }

    /// The agent works in a browser, which is there or is waited for.
    public var hasDesk: Bool { registeredDevices.contains(id.browser) || loss?.device == id.browser }

    /// Presence, its clock and the work stay as they are; only whoever is signed in can be lost.
    public mutating func lose(_ device: DeviceID, until graceUntil: Instant, at now: Instant) {
        guard presence.isSignedIn else { return }
        loss = Loss(device: device, since: now, graceUntil: graceUntil)
    }

    public mutating func comeBack() { loss = nil }

    /// The grace is over: the agent is offline, or will be when the contact on another device ends.
    ///
    /// - Parameter contacts: those that the agent had on the lost device.
    /// - Returns: the contacts whose wrap-up ends without the disposition that was required.
    public mutating func giveUp(_ contacts: [ContactID], at now: Instant) -> [ContactID] {
        loss = nil
        if !contacts.isEmpty {
            removeWork { if case .active(let contact, _, _) = $0 { contacts.contains(contact) } else { false } }
            idleSince = now
        }
        let owing = wrapUps.filter(\.isDispositionRequired).map(\.contact)
        endWrapUp(at: now)
        if isOnContact {
            pendingPresence = .offline
        } else {
            setPresence(.offline, at: now)
        }
        return owing
    }
}
