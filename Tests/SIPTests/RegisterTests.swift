// Desk phones: REGISTER over the wire, and calls from and to them.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct RegisterTests {
        @Test("a device registers with MD5 or SHA-256, is told its bindings, and is gone after expires 0")
        func register() async throws {
            let house = try House(port: 15_060, trunkPort: 15_069)
            let peer = Peer(port: 15_061, endpoint: 15_060)
            let callID = Peer.fresh("reg")
            let began = ContinuousClock.now
            let first = try await peer.register(
                "anna", "secret", .md5, contacts: ["<sip:anna@10.0.0.5:5062;ob>"], callID: callID)
            #expect(first.status == 200)
            #expect(first["Contact"] == "<sip:anna@10.0.0.5:5062;ob>;expires=3600")
            let second = try await peer.register(
                "anna", "secret", .sha256, contacts: ["<sip:anna@10.0.0.6>;expires=120"], callID: Peer.fresh("reg"))
            let told = second.all("Contact")
            #expect(told.count == 2 && told.last == "<sip:anna@10.0.0.6>;expires=120", "\(told)")
            // What is left of the first one's hour.
            let other = told.first?.wholeMatch(of: /<sip:anna@10\.0\.0\.5:5062;ob>;expires=([0-9]+)/)
            let left = try #require(other.flatMap { Int($0.1) })
            let elapsed = Int((ContinuousClock.now - began).components.seconds)
            #expect((3600 - elapsed - 1...3600).contains(left))
            _ = try await house.events.take("registered") {
                if case .registered("anna", let binding) = $0 { binding.source.port == 15_061 } else { false }
            }
            #expect(house.endpoint.bindings(of: "anna").count == 2)
            let gone = try await peer.register("anna", "secret", contacts: ["*"], expires: 0, callID: Peer.fresh("reg"))
            #expect(gone.status == 200 && gone["Contact"] == "")
            _ = try await house.events.take("unregistered") { if case .unregistered("anna", _) = $0 { true } else { false } }
            #expect(house.endpoint.bindings(of: "anna").isEmpty)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("both algorithms are offered, the stronger first, with fresh nonces")
        func challenge() async throws {
            let house = try House(port: 15_062, trunkPort: 15_069)
            let peer = Peer(port: 15_063, endpoint: 15_062)
            peer.send(peer.request("REGISTER", uri: peer.registrarURI, from: "anna", to: "anna", callID: "c1"))
            let challenges = try await peer.response(401, to: "REGISTER").all("WWW-Authenticate")
            #expect(challenges.count == 2)
            #expect(challenges[0].contains("algorithm=SHA-256") && challenges[1].contains("algorithm=MD5"))
            for challenge in challenges { #expect(challenge.contains("realm=\"house\"") && challenge.contains("qop=\"auth\"")) }
            house.endpoint.apply(trunks: [], accounts: [Account(id: "old", ha1MD5: "00")])
            peer.send(peer.request("REGISTER", uri: peer.registrarURI, from: "anna", to: "anna", callID: "c2"))
            #expect(
                try await peer.response(401, to: "REGISTER").all("WWW-Authenticate").count == 1, "an account has no SHA-256")
        }

        @Test("a wrong password and an unknown user get the same answer; another's address, too short and replays are refused")
        func refusals() async throws {
            let house = try House(port: 15_064, trunkPort: 15_069)
            let peer = Peer(port: 15_065, endpoint: 15_064)
            let contact = ["<sip:x@10.0.0.5>"]
            let wrong = try await peer.register("anna", "guess", contacts: contact, callID: Peer.fresh("reg"))
            let unknown = try await peer.register("nobody", "guess", contacts: contact, callID: Peer.fresh("reg"))
            #expect(wrong.startLine == "SIP/2.0 403 Forbidden")
            #expect(unknown.startLine == wrong.startLine)
            #expect(unknown.headers.map(\.name) == wrong.headers.map(\.name))
            #expect(house.endpoint.figures.wrongPasswords == 2)
            let brief = try await peer.register(
                "anna", "secret", contacts: ["<sip:x@10.0.0.5>;expires=30"], callID: Peer.fresh("reg"))
            #expect(brief.status == 423 && brief["Min-Expires"] == "60")
            // bert's password for anna's address of record.
            peer.send(peer.request("REGISTER", uri: peer.registrarURI, from: "anna", to: "anna", callID: "other"))
            let challenge = try await peer.response(401, to: "REGISTER")
            let bert = try Peer.authorization(
                challenge, .md5, user: "bert", password: "geheim", method: "REGISTER", uri: peer.registrarURI)
            let register = { (sequence: Int) in
                peer.request(
                    "REGISTER", uri: peer.registrarURI, from: "anna", to: "anna", callID: "other", sequence: sequence,
                    headers: [bert])
            }
            peer.send(register(2))
            _ = try await peer.response(403, to: "REGISTER")
            peer.send(register(3))
            #expect(
                try await peer.response(401, to: "REGISTER")["WWW-Authenticate"].contains("stale=true"), "the same nc again")
            #expect(house.endpoint.figures.bindings == 0)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("a device calls with its password, and is called where its REGISTER came from, whatever its Contact says")
        func calls() async throws {
            let house = try House(port: 15_066, trunkPort: 15_069)
            let phone = Peer(port: 15_067, endpoint: 15_066)
            _ = try await phone.register(
                "anna", "secret", contacts: ["<sip:anna@unreachable.invalid:9>"], callID: Peer.fresh("reg"))
            let binding = try #require(house.endpoint.bindings(of: "anna").first)
            let id = try house.endpoint.invite(
                device: "anna", at: binding, from: Caller(user: "+4930", display: "A caller"), sdp: Peer.sdp,
                headers: [Header("Alert-Info", "<urn:alert:service:normal>")])
            let invite = try await phone.request("INVITE")
            #expect(invite.uri == "sip:anna@unreachable.invalid:9")
            #expect(invite["Alert-Info"] == "<urn:alert:service:normal>")
            phone.reply(invite, "200 OK", headers: [], body: Peer.sdp)
            _ = try await house.answered(id)
            _ = try await phone.request("ACK")
            house.endpoint.hangUp(id)
            phone.reply(try await phone.request("BYE"), "200 OK")
            _ = try await house.ended(id)

            let callID = Peer.fresh("call")
            let uri = "sip:*61@127.0.0.1:15066"
            phone.send(phone.request("INVITE", uri: uri, from: "boss", callID: callID, body: Peer.sdp))
            let answer = try Peer.authorization(
                try await phone.response(401), .sha256, user: "anna", password: "secret", method: "INVITE", uri: uri)
            phone.send(
                phone.request("INVITE", uri: uri, from: "boss", callID: callID, sequence: 2, headers: [answer], body: Peer.sdp))
            let invitation = try await house.invited()
            #expect(invitation.source == .device("anna"))
            #expect(invitation.dialled == "*61")
            house.endpoint.answer(invitation.call, sdp: Peer.sdp)
            let ok = try await phone.response(200)
            phone.send(phone.request("ACK", callID: callID, sequence: 2, toTag: ok.toTag))
            try await house.confirmed(invitation.call)
            house.endpoint.hangUp(invitation.call)
            phone.reply(try await phone.request("BYE"), "200 OK")
            _ = try await house.ended(invitation.call)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("a reload removes the bindings of who is gone or has another password, and keeps the others and live calls")
        func reload() async throws {
            let house = try House(port: 15_068, trunkPort: 15_069)
            let phone = Peer(port: 15_070, endpoint: 15_068)
            let trunk = Peer(port: 15_069, endpoint: 15_068)
            _ = try await phone.register("anna", "secret", contacts: ["<sip:anna@10.0.0.5>"], callID: Peer.fresh("reg"))
            _ = try await phone.register("bert", "geheim", contacts: ["<sip:bert@10.0.0.5>"], callID: Peer.fresh("reg"))
            trunk.send(trunk.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.apply(trunks: [], accounts: [House.account("anna", "new"), House.account("bert", "geheim")])
            _ = try await house.events.take("unregistered") { if case .unregistered("anna", _) = $0 { true } else { false } }
            #expect(house.endpoint.bindings(of: "anna").isEmpty)
            #expect(house.endpoint.bindings(of: "bert").count == 1)
            house.endpoint.reject(call, status: 486)
            _ = try await trunk.response(486)
            _ = try await house.ended(call)
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
            trunk.send(trunk.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            _ = try await trunk.response(401)
        }
    }
}
