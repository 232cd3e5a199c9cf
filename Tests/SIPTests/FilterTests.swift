// The filter in front of the parser: what it drops, whom it bans, and for how long.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct FilterTests {
        private func isAnswered(_ peer: Peer, within seconds: Double = 0.25) async -> Bool {
            let callID = Peer.fresh("opt")
            peer.send(peer.request("OPTIONS", callID: callID))
            return await (try? peer.inbox.take("200", within: seconds) { $0.status == 200 && $0["Call-ID"] == callID }) != nil
        }

        @Test("what is not SIP, too long, or has endless headers is dropped and counted, each by its reason")
        func reasons() async throws {
            let house = try House(port: 15_100, trunkPort: 15_109)
            let peer = Peer(port: 15_101, endpoint: 15_100)
            peer.send([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42] + [UInt8](repeating: 7, count: 12))
            peer.send([0xFF, 0xD8, 0xFF])
            peer.send("OPTIONS sip:a@b SIP/2.0\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n")
            peer.send("OPTIONS sip:a@b SIP/2.0\r\n" + String(repeating: "X: y\r", count: 101) + "\r\n")
            peer.send("OPTIONS sip:a@b SIP/2.0\r\nX: " + String(repeating: "y", count: 8_200))
            peer.send([])
            peer.send("\r\n\r\n")
            let long = String(repeating: "a=x\r\n", count: 300)
            peer.send(peer.request("OPTIONS", callID: "long", body: long))
            _ = try await peer.response(200, to: "OPTIONS")
            let figures = house.endpoint.figures
            #expect(figures.droppedNotSIP == 2)
            #expect(figures.droppedTooManyLines == 2)
            #expect(figures.droppedTooLong == 1)
            #expect(figures.passed == 2, "CRLF and the request with a long body")
            #expect(figures.bans == 0)
        }

        @Test("over the rate datagrams are dropped; after enough malformed ones the source is banned, until the ban expires")
        func ban() async throws {
            let house = try House(port: 15_102, trunkPort: 15_103) { settings, _ in
                settings.limits.perSecond = 1
                settings.limits.burst = 20
                settings.limits.strikes = 5
                // Long enough that no stall of the machine outlasts it while it is looked at.
                settings.limits.banSeconds = 3
            }
            house.endpoint.apply(trunks: [], accounts: [])
            let stranger = Peer(port: 15_104, endpoint: 15_102)
            #expect(await isAnswered(stranger, within: 20))
            for _ in 0..<5 { stranger.send([0, 1, 2]) }
            #expect(await !isAnswered(stranger))
            #expect(house.endpoint.figures.bans == 1)
            #expect(house.endpoint.figures.droppedBanned == 1)
            var tries = 0
            while await !isAnswered(stranger), tries < 60 { tries += 1 }
            #expect(tries < 60, "the ban did not expire")
            // What comes too fast counts, too: twenty at once are taken, and five more are one ban.
            for _ in 0..<30 { stranger.send("\r\n\r\n") }
            #expect(await !isAnswered(stranger))
            #expect(house.endpoint.figures.droppedOverRate >= 5)
            #expect(house.endpoint.figures.bans == 2)
        }

        @Test("an address that has authenticated has a rate of its own, above a stranger's, and is not banned for exceeding it")
        func known() async throws {
            let house = try House(port: 15_110, trunkPort: 15_119) { settings, _ in
                settings.limits.perSecond = 0.001
                settings.limits.burst = 5
                settings.limits.knownPerSecond = 0.001
                settings.limits.knownBurst = 40
                settings.limits.strikes = 3
                settings.limits.banSeconds = 60
            }
            house.endpoint.apply(trunks: [], accounts: [House.account("anna", "secret")])
            let phone = Peer(port: 15_111, endpoint: 15_110)
            #expect(
                try await phone.register("anna", "secret", contacts: ["<sip:anna@10.0.0.5>"], callID: Peer.fresh("reg")).status
                    == 200)
            for _ in 0..<30 { #expect(await isAnswered(phone, within: 20)) }
            for _ in 0..<30 { phone.send("\r\n\r\n") }
            #expect(await !isAnswered(phone))
            #expect(house.endpoint.figures.droppedOverRate >= 20)
            #expect(house.endpoint.figures.bans == 0)
        }

        @Test("lists of endless elements are dropped like endless lines; commas in quotes and in the body are not counted")
        func lists() async throws {
            let house = try House(port: 15_112, trunkPort: 15_119)
            let peer = Peer(port: 15_113, endpoint: 15_112)
            let commas = String(repeating: ",a", count: 250)
            peer.send(peer.request("OPTIONS", callID: "list", headers: ["Allow: INVITE\(commas)"]))
            peer.send(peer.request("OPTIONS", callID: "open", headers: ["X-A: \"\\\"", "Allow: INVITE\(commas)"]))
            peer.send(
                peer.request("OPTIONS", callID: "quoted", headers: ["X-A: \"\\\"\(commas)\""], body: commas))
            #expect(try await peer.response(200, to: "OPTIONS")["Call-ID"] == "quoted")
            #expect(house.endpoint.figures.droppedTooManyLines == 2)
        }

        @Test("a trunk is rated but never banned; all strangers together have one rate")
        func trunk() async throws {
            let house = try House(port: 15_105, trunkPort: 15_106) { settings, _ in
                settings.limits.strikes = 3
                settings.limits.totalPerSecond = 0.001
                settings.limits.totalBurst = 2
                settings.limits.trunkBurst = 30
                settings.limits.trunkPerSecond = 1
            }
            // The rate does not know ports: on loopback every peer is the trunk while the trunk is configured.
            let peer = Peer(port: 15_106, endpoint: 15_105)
            for _ in 0..<10 { peer.send([0, 1, 2]) }
            #expect(await isAnswered(peer, within: 20))
            for _ in 0..<40 { peer.send("\r\n\r\n") }
            #expect(await !isAnswered(peer))
            #expect(house.endpoint.figures.bans == 0)
            #expect(house.endpoint.figures.droppedOverRate > 0)
            house.endpoint.apply(trunks: [], accounts: [])
            for _ in 0..<3 { peer.send("\r\n\r\n") }
            #expect(await !isAnswered(peer))
            #expect(house.endpoint.figures.droppedOverTotal > 0)
        }

        @Test("guessing passwords bans the source; guesses with nonces that were not given to it do not")
        func guesses() async throws {
            let house = try House(port: 15_107, trunkPort: 15_109) { settings, _ in
                settings.limits.strikes = 10
                settings.limits.banSeconds = 60
            }
            house.endpoint.apply(trunks: [], accounts: [House.account("anna", "secret")])
            let guesser = Peer(port: 15_108, endpoint: 15_107)
            for number in 0..<15 {
                guesser.send(
                    guesser.request(
                        "REGISTER", uri: guesser.registrarURI, from: "anna", to: "anna", callID: "forged\(number)",
                        headers: [
                            "Authorization: Digest username=\"anna\", realm=\"house\", nonce=\"0123\", "
                                + "uri=\"\(guesser.registrarURI)\", "
                                + "response=\"00\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\""
                        ]))
                #expect(try await guesser.response(401, to: "REGISTER")["WWW-Authenticate"].contains("stale=true"))
            }
            #expect(house.endpoint.figures.bans == 0)
            var guesses = 0
            while guesses < 40,
                let answer = try? await guesser.register(
                    "anna", "guess\(guesses)", contacts: ["<sip:a@b>"], callID: "g\(guesses)")
            {
                #expect(answer.status == 403)
                guesses += 1
                if house.endpoint.figures.bans > 0 { break }
            }
            #expect(guesses == 10)
            #expect(await !isAnswered(guesser))
        }
    }
}
