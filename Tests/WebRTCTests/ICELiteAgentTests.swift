// A browser's checks against the lite agent, in virtual time.

import RTP
import Testing
import WebRTC

struct ICELiteAgentTests {
    private static let local = ICECredentials(fragment: "ours", password: "0123456789012345678901")
    private static let second: UInt64 = 1_000_000_000

    private static func path(_ number: UInt16) -> ICEPath {
        ICEPath(socket: 0, remote: TransportAddress(ipv4: 0x7F00_0001, port: number))
    }

    private static func check(
        username: String = "ours:theirs", password: String? = local.password, nominates: Bool = false,
        controlled: Bool = false, adding attributes: [UInt16] = []
    ) throws -> STUNMessage {
        var writer = STUNWriter(.request, transaction: Array(repeating: 7, count: 12))
        writer.append(STUNAttribute.username, Array(username.utf8))
        writer.append(
            controlled ? STUNAttribute.controlled : STUNAttribute.controlling, [UInt8](repeating: 1, count: 8))
        if nominates { writer.append(STUNAttribute.useCandidate, []) }
        for type in attributes { writer.append(type, [1, 2, 3]) }
        return try STUNTests.read(writer.finish(password: password.map { Array($0.utf8) }))
    }

    private static func agent() -> ICELiteAgent { ICELiteAgent(local: local, remoteFragment: "theirs") }

    @Test("A check with our password opens a path and is answered with its address") func success() throws {
        var agent = Self.agent()
        let outcome = agent.receive(try Self.check(), over: Self.path(5000), at: Self.second)
        #expect(outcome.added == Self.path(5000))
        #expect(outcome.isSelectionChanged)
        #expect(outcome.refusal == nil)
        let response = try STUNTests.read(try #require(outcome.response))
        #expect(response.kind == .success)
        #expect(response.mappedAddress == Self.path(5000).remote)
        #expect(response.isAuthentic(password: Array(Self.local.password.utf8)))
        #expect(agent.selected == Self.path(5000))
    }

    @Test("What doesn't prove itself opens nothing, and is told why") func refusals() throws {
        let cases: [(STUNMessage, ICELiteAgent.Refusal, Int)] = [
            (try Self.check(password: nil), .noCredentials, 400),
            (try Self.check(password: "wrong wrong wrong wrong"), .wrongPassword, 401),
            (try Self.check(username: "ours:others"), .unknownUser, 401),
            (try Self.check(username: "ours"), .unknownUser, 401),
            (try Self.check(controlled: true), .roleConflict, 487),
            (try Self.check(adding: [0x7001]), .unknownAttribute, 420),
        ]
        for (message, refusal, code) in cases {
            var agent = Self.agent()
            let outcome = agent.receive(message, over: Self.path(1), at: 1)
            #expect(outcome.refusal == refusal)
            #expect(outcome.added == nil)
            #expect(agent.selected == nil)
            #expect(try STUNTests.read(try #require(outcome.response)).errorCode == code)
        }
        var agent = Self.agent()
        let answer = try STUNTests.read(STUNWriter(.success, transaction: Array(0..<12)).finish(password: nil))
        let outcome = agent.receive(answer, over: Self.path(1), at: 1)
        #expect(outcome.refusal == .notARequest)
        #expect(outcome.response == nil)
    }

    @Test("The nominated path is used, whichever came first") func nomination() throws {
        var agent = Self.agent()
        _ = agent.receive(try Self.check(), over: Self.path(1), at: 1)
        let second = agent.receive(try Self.check(), over: Self.path(2), at: 2)
        #expect(!second.isSelectionChanged)
        #expect(agent.selected == Self.path(1))
        let third = agent.receive(try Self.check(nominates: true), over: Self.path(2), at: 3)
        #expect(third.isSelectionChanged)
        #expect(third.added == nil)
        #expect(agent.selected == Self.path(2))
        #expect(agent.paths == [Self.path(1), Self.path(2)])
    }

    @Test("A path is forgotten 30 s after its last check, and the other takes over") func expiry() throws {
        var agent = Self.agent()
        _ = agent.receive(try Self.check(nominates: true), over: Self.path(1), at: Self.second)
        _ = agent.receive(try Self.check(), over: Self.path(2), at: 20 * Self.second)
        #expect(agent.expire(at: 31 * Self.second) == [])
        #expect(agent.expire(at: 31 * Self.second + 1) == [Self.path(1)])
        #expect(agent.selected == Self.path(2))
        #expect(agent.expire(at: 60 * Self.second) == [Self.path(2)])
        #expect(agent.selected == nil)
    }

    @Test("No flood of addresses fills the table, and the one in use stays") func manyPaths() throws {
        var agent = Self.agent()
        _ = agent.receive(try Self.check(nominates: true), over: Self.path(1), at: 1)
        for number in 2...100 {
            let outcome = agent.receive(try Self.check(), over: Self.path(UInt16(number)), at: UInt64(number))
            #expect(agent.paths.count <= ICELiteAgent.pathsMax)
            if number > ICELiteAgent.pathsMax { #expect(outcome.removed != nil) }
        }
        #expect(agent.selected == Self.path(1))
        #expect(agent.isKnown(Self.path(1)))
    }

    @Test("After an ICE restart the old password is good until the first check with the new one") func restart() throws {
        var agent = Self.agent()
        _ = agent.receive(try Self.check(), over: Self.path(1), at: 1)
        let new = ICECredentials(fragment: "again", password: "another password of 22")
        agent.restart(local: new, remoteFragment: "other")
        #expect(agent.receive(try Self.check(), over: Self.path(1), at: 2).refusal == nil)
        let check = try Self.check(username: "again:other", password: new.password, nominates: true)
        #expect(agent.receive(check, over: Self.path(2), at: 3).isSelectionChanged)
        #expect(agent.receive(try Self.check(), over: Self.path(1), at: 4).refusal == .unknownUser)
    }
}
