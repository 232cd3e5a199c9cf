// Strangers: what they are told, and that nothing of the house moves for them.

import Basics
import Dispatch
import Glibc
import Testing

@testable import SIP

extension OnTheWire {
    struct RefusalTests {
        @Test("methods without authentication get nothing: 405, 481, 501, 603 or a challenge; OPTIONS gets 200")
        func methods() async throws {
            let house = try House(port: 15_080, trunkPort: 15_089)
            let stranger = Peer(port: 15_081, endpoint: 15_080)
            for (method, status) in [
                ("MESSAGE", 405), ("SUBSCRIBE", 405), ("REFER", 603), ("PUBLISH", 405), ("NOTIFY", 405), ("PRACK", 481),
                ("FOO", 501),
                ("INVITE", 401), ("REGISTER", 401), ("BYE", 481), ("UPDATE", 481), ("CANCEL", 481), ("INFO", 481),
                ("OPTIONS", 200),
            ] {
                let headers = ["Refer-To: <sip:1@127.0.0.1>", "Event: presence", "Accept: text/plain"]
                stranger.send(
                    stranger.request(
                        method, callID: Peer.fresh("call"), headers: headers, body: "hello", contentType: "text/plain"))
                let response = try await stranger.inbox.take("an answer to \(method)") {
                    $0.status >= 200 && $0.sequenceMethod == method
                }
                #expect(response.status == status, "\(method)")
            }
            #expect(house.events.waiting.isEmpty)
            stranger.send(stranger.request("OPTIONS", callID: Peer.fresh("call")))
            #expect(try await stranger.response(200, to: "OPTIONS")["Allow"].contains("INVITE"))
            try await quiet(house, stranger)
        }

        /// No handle is left once the last INVITE transaction has reported its end, at the latest some round trips later.
        private func quiet(_ house: House, _ peer: Peer) async throws {
            for _ in 0..<20 where house.endpoint.figures.liveHandles > 0 {
                let callID = Peer.fresh("call")
                peer.send(peer.request("OPTIONS", callID: callID))
                _ = try await peer.response(200, to: "OPTIONS", callID: callID)
            }
            #expect(house.endpoint.figures.liveHandles == 0)
            #expect(house.endpoint.figures.calls == 0)
        }

        @Test("an INVITE with a wrong password or of an unknown user gets the same 403, as quickly")
        func enumeration() async throws {
            let house = try House(port: 15_082, trunkPort: 15_089)
            let stranger = Peer(port: 15_083, endpoint: 15_082)
            var times: [String: [UInt64]] = [:]
            var lines: Set<String> = []
            for _ in 0..<30 {
                for user in ["anna", "nobody"] {
                    let callID = Peer.fresh("call")
                    let uri = "sip:100@127.0.0.1:15082"
                    stranger.send(stranger.request("INVITE", from: user, callID: callID, branch: callID, body: Peer.sdp))
                    let challenge = try await stranger.response(401, callID: callID)
                    stranger.send(stranger.request("ACK", callID: callID, toTag: challenge.toTag, branch: callID))
                    let answer = try Peer.authorization(
                        challenge, .sha256, user: user, password: "guess", method: "INVITE", uri: uri)
                    let start = DispatchTime.now().uptimeNanoseconds
                    stranger.send(
                        stranger.request("INVITE", from: user, callID: callID, sequence: 2, headers: [answer], body: Peer.sdp))
                    let refusal = try await stranger.response(403, callID: callID)
                    times[user, default: []].append(DispatchTime.now().uptimeNanoseconds - start)
                    lines.insert(refusal.startLine)
                }
            }
            #expect(lines == ["SIP/2.0 403 Forbidden"])
            let medians = times.mapValues { $0.sorted()[$0.count / 2] }
            let gap = Int64(medians["anna"] ?? 0) - Int64(medians["nobody"] ?? 0)
            // 2 ms (reliability.md), or less than the noise of a machine that is busy with other things.
            let allowed = max(2_000_000, Int64(medians["nobody"] ?? 0) / 2)
            #expect(abs(gap) < allowed, "medians differ by \(gap) ns")
            #expect(house.endpoint.figures.invitesIn == 120)
            #expect(house.events.waiting.isEmpty)
            try await quiet(house, stranger)
        }

        @Test("the library's replaced functions are in use, and nothing listens on TCP")
        func replaced() async throws {
            let house = try House(port: 15_084, trunkPort: 15_089)
            let stranger = Peer(port: 15_085, endpoint: 15_084)
            let before = house.endpoint.figures
            #expect(before.lookUps > 0, "binding looks up the address")
            stranger.send(stranger.request("OPTIONS", callID: Peer.fresh("call")))
            _ = try await stranger.response(200, to: "OPTIONS")
            let after = house.endpoint.figures
            #expect(after.receipts > before.receipts)
            #expect(after.received == before.received + 1 && after.passed == before.passed + 1)

            let tcp = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { Glibc.close(tcp) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(15_084).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(tcp, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            #expect(connected == -1 && errno == ECONNREFUSED)
        }

        @Test("a request that is refused early and names a host in Via is not looked up, and does not stop the loop (T2)")
        func via() async throws {
            let house = try House(port: 15_086, trunkPort: 15_089)
            let stranger = Peer(port: 15_087, endpoint: 15_086)
            let before = house.endpoint.figures.lookUps
            for number in 0..<5 {
                stranger.send(
                    "OPTIONS sip:x@127.0.0.1 SIP/7.0\r\n"
                        + "Via: SIP/2.0/UDP no-such-host-\(number).example.invalid;branch=z9hG4bKx\(number)\r\n"
                        + "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: via\(number)\r\nCSeq: 1 OPTIONS\r\n\r\n")
            }
            stranger.send(stranger.request("OPTIONS", callID: Peer.fresh("call")))
            _ = try await stranger.response(200, to: "OPTIONS", within: 10)
            #expect(house.endpoint.figures.lookUps > before, "the library did want to look up: the case is the right one")
            // A resolver that is not answered blocks for five seconds, five times; a busy machine does not.
            #expect(house.endpoint.figures.longestStep < 5_000_000_000)
        }

        @Test("an endpoint needs a numeric address of its own, and a free port")
        func addresses() throws {
            _ = try House(port: 15_088, trunkPort: 15_089)
            #expect(throws: EndpointError.self) { try House(port: 15_088, trunkPort: 15_089) }
            for address in ["localhost", "0.0.0.0", "::", ""] {
                #expect(throws: EndpointError.addressInvalid(address)) {
                    try House(port: 15_090, trunkPort: 15_089) { settings, _ in settings.address = address }
                }
            }
        }
    }
}
