// How an agent's browser reaches the daemon: by IPv4, by IPv6, and by https.

import Foundation
import TLSTestKit
import Testing

extension EndToEnd {
    struct BrowserNetworkTests {
        private static func listeners(http: String, voice address: String) -> String {
            """
            sip: {port: @SIP@}
            rtp: {port_first: @RTP@, port_last: @RTPLAST@}
            http: {port: @HTTP@, \(http)}
            webrtc: {port: @BROWSERS@, addresses: ["\(address)"]}

            """
        }

        /// A call that is heard on both sides.
        private func talk(at house: House, _ page: DeskPage) async throws {
            let caller = try await house.caller(tone: 440)
            try await page.shows("desk-offer")
            try await page.click("desk-offer button", "Accept")
            try await caller.does("hear tone 600 within 40s for 500ms")
            try await page.hears(440)
            try await caller.hangsUp()
            try await page.shows("desk-wrap-up")
            try await page.expectNoProblems()
        }

        @Test(
            "over one family alone, IPv4 or IPv6, the page is loaded and two voices are heard",
            arguments: AgentBrowser.Kind.allCases, AddressFamily.known)
        func alone(in kind: AgentBrowser.Kind, over family: AddressFamily) async throws {
            let own = try #require(family.address), loopback = family == .ipv4 ? "127.0.0.1" : "::1"
            let house = try House.desks([
                "listeners.yaml": Self.listeners(http: "address: \"\(loopback)\"", voice: own)
            ])
            house.host = loopback
            try await house.hosts {
                let page = try await house.desk(of: "anna", in: try await house.browser(kind, tone: 600))
                try await talk(at: house, page)
                // Where the page sends to; its own end browsers may keep secret.
                let ends = try await page.knows(
                    """
                    Part.desk.voice.peer.getStats().then(all => [...all.values()]
                        .filter(one => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded')
                        .map(one => all.get(one.remoteCandidateId).address))
                    """)
                let addresses = try JSONDecoder().decode([String].self, from: Data(ends.utf8))
                #expect(Set(addresses) == [own])
            }
        }

        @Test(
            "over https from an address that is not this machine's own: a microphone, a cookie for https only, wss and two voices",
            arguments: AgentBrowser.Kind.allCases)
        func encrypted(in kind: AgentBrowser.Kind) async throws {
            let paper = try TestCertificate()
            let own = AddressFamily.ipv4.address ?? "127.0.0.1"
            let tls = "address: 0.0.0.0, tls: {certificate: file:secrets/chain.pem, key: file:secrets/key.pem}"
            let house = try House.desks(["listeners.yaml": Self.listeners(http: tls, voice: own)])
            try house.install(paper.chain, paper.key)
            house.trusted = paper.chain
            // Loopback would be trusted without TLS, too.
            house.deskHost = own
            try await house.hosts {
                let page = try await house.desk(of: "anna", in: try await house.browser(kind, tone: 600))
                #expect(try await page.value("isSecureContext && location.protocol") == "https:")
                #expect(
                    try await page.knows("Part.desk.signalling.socket.url.split('?')[0]")
                        == "wss://\(own):\(house.httpPort)/v1/desk")
                let cookie = AgentBrowser.Cookie(name: "switchboard-agent", secure: true, httpOnly: true, sameSite: "strict")
                #expect(try await page.cookies() == [cookie])
                try await talk(at: house, page)
            }
        }
    }
}
