// Long answers are made beside the loop.

import ACD
import Basics
import ContactCenter
import Foundation
import NIOCore
import Simulation
import Streams
import Testing

@testable import API

@Suite("Large floors", .timeLimit(.minutes(1))) @MainActor struct WorkerTests {
    @Test("lists are made and encoded on another thread than the loop's")
    func besideTheLoop() async throws {
        let house = try await House()
        let streams = TestLoop.streams
        #expect(streams.inEventLoop)
        let shape = Shape<Bool>(schema: ["type": "boolean"]) { isMade, writer in
            writer.list([isMade, streams.inEventLoop]) { $1.boolean($0) }
        }
        let reply = try await house.rest.later(shape) { streams.inEventLoop }
        #expect(String(buffer: reply.body) == "[false,false]")
        await house.close()
    }

    @Test("a thousand agents are listed, those who are ready among them")
    func thousandAgents() async throws {
        let house = try await House()
        let agents = (0..<1000).map { AgentRules(id: AgentID("agent-\($0)"), devices: [DeviceID("desk-\($0)")]) }
        let queue = QueueRules(id: "big", members: agents.map { .init(agent: $0.id) })
        house.backend.floor.submit(.configurationApplied(CenterConfiguration(version: "big", queues: [queue], agents: agents)))
        for agent in agents.prefix(500) { house.backend.floor.signIn(agent.id) }
        let listed = try await house.get("/v1/agents").items
        #expect(listed.count { ($0["id"] as? String)?.hasPrefix("agent-") == true } == 1000)
        #expect(listed.count { $0["canBeOffered"] as? Bool == true } == 500)
        let floor = try await house.get("/v1/floor").json
        #expect(((floor["queues"] as? [[String: Any]])?.first { $0["id"] as? String == "big" })?["membersReady"] as? Int == 500)
        await house.close()
    }
}
