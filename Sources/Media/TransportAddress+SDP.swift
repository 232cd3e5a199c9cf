// The address that a session description names.

internal import RTP
internal import SDP
internal import WebRTC

nonisolated extension TransportAddress {
    static let none = TransportAddress(ipv4: 0, port: 0)

    init?(_ connection: SessionDescription.Connection, port: UInt16) {
        self.init(literal: connection.address, port: port)
    }
}
