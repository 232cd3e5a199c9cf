// Room is kept for whoever comes first and needs more of an agent than chats would ever leave.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

struct RoomStories {
    private static func kinds(_ seconds: Int? = nil, _ change: (inout [WorkKind]) -> Void = { _ in }) -> [WorkKind] {
        var call = WorkKind(id: .call, channel: .voice)
        if let seconds { call.roomSecondsMax = seconds }
        var all = WorkCenter.kinds + [call]
        change(&all)
        return all
    }

    private static func floor(_ seconds: Int? = nil, signedIn: [AgentID] = ["alice"]) -> VirtualFloor {
        WorkCenter.floor(WorkCenter.configuration(kinds: kinds(seconds), sales: { $0.wrapUpSeconds = 0 }), signedIn: signedIn)
    }

    /// Two chats are taken, a call and a chat wait.
    private static func begun(_ seconds: Int? = nil) throws -> (floor: VirtualFloor, chats: [LegID], caller: LegID) {
        var floor = floor(seconds)
        let chats = [floor.chat(in: "sales"), floor.chat(in: "sales")]
        floor.answerAll(at: "alice")
        let caller = floor.call("101")
        #expect(floor.contact(of: caller)?.entry?.room == nil, "nobody takes anything from it yet")
        return (floor, chats, caller)
    }

    @Test("beside a steady flow of chats a call gets the agent as soon as the chats are over that came before it")
    func steadyFlow() throws {
        var (floor, chats, caller) = try Self.begun()
        // A chat comes every ten seconds, and every ten seconds one ends.
        var later: [LegID] = []
        for chat in chats {
            later.append(floor.chat(in: "sales"))
            #expect(floor.offered(to: "alice").isEmpty, "the room is the caller's")
            #expect(floor.center.refusal(of: "alice", for: "chat") == .roomKept)
            floor.advance(seconds: 10)
            floor.hangUp(chat)
        }
        #expect(floor.offered(to: "alice") == [floor.id(of: caller)].compactMap { $0 })
        #expect(floor.contact(of: caller)?.entry?.room?.agent == nil, "what rings is kept by ringing")
        let desk = try floor.accepted(at: "alice")
        floor.hangUp(desk)
        #expect(floor.offered(to: "alice") == later.compactMap { floor.id(of: $0) }, "then those who waited for it")
    }

    @Test("why: the caller's story says who keeps room, and the chat's that an agent was passed over for that")
    func why() throws {
        var (floor, _, caller) = try Self.begun(90)
        let chat = floor.chat(in: "sales")
        #expect(floor.happenings(of: caller).contains(.roomKept("sales", "alice", seconds: 90)))
        floor.signIn("bob")
        // Bob is idle: the caller, who came first, gets him, and alice need not wait for the call.
        #expect(floor.offered(to: "bob") == [floor.id(of: caller)].compactMap { $0 })
        #expect(floor.offered(to: "alice") == [floor.id(of: chat)].compactMap { $0 })
        floor.answerAll(at: "bob")
        floor.answerAll(at: "alice")
        let second = floor.call("101")
        let third = floor.chat(in: "sales")
        floor.signIn("carol")
        let other = floor.chat(in: "support")
        #expect(floor.offered(to: "carol") == [floor.id(of: other)].compactMap { $0 })
        #expect(floor.contact(of: second)?.entry?.room?.agent == "alice" && floor.offered(to: "alice").isEmpty)
        floor.hangUp(second)
        #expect(floor.offered(to: "alice") == [floor.id(of: third)].compactMap { $0 }, "who gives up gives the room up")
    }

    @Test("room is kept for its time, then not for as long, and then again; 0 seconds: never")
    func bounded() throws {
        var (floor, _, caller) = try Self.begun(60)
        let first = floor.chat(in: "sales")
        #expect(floor.contact(of: caller)?.entry?.room?.until == floor.now + .seconds(60))
        floor.advance(seconds: 59)
        #expect(floor.offered(to: "alice").isEmpty)
        floor.advance(seconds: 1)
        #expect(floor.offered(to: "alice") == [floor.id(of: first)].compactMap { $0 })
        floor.answerAll(at: "alice")
        floor.advance(seconds: 59)
        let second = floor.chat(in: "sales")
        #expect(
            floor.offered(to: "alice") == [floor.id(of: second)].compactMap { $0 }, "120 s after the beginning it may again")
        floor.answerAll(at: "alice")
        floor.advance(seconds: 1)
        floor.chat(in: "sales")
        #expect(floor.offered(to: "alice").isEmpty && floor.contact(of: caller)?.entry?.room?.agent == "alice")

        var (other, _, waiting) = try Self.begun(0)
        let chat = other.chat(in: "sales")
        #expect(other.offered(to: "alice") == [other.id(of: chat)].compactMap { $0 })
        #expect(other.contact(of: waiting)?.entry?.room == nil)
    }

    @Test(
        "one caller after the other cannot keep an agent from chats: after the time the agent keeps none for anybody for as long"
    )
    func oneAfterTheOther() throws {
        var (floor, _, caller) = try Self.begun(60)
        let other = floor.call("101")
        let first = floor.chat(in: "sales")
        #expect(floor.contact(of: caller)?.entry?.room?.agent == "alice" && floor.offered(to: "alice").isEmpty)
        floor.advance(seconds: 60)
        #expect(floor.offered(to: "alice") == [floor.id(of: first)].compactMap { $0 })
        #expect(floor.contact(of: other)?.entry?.room?.agent == nil, "the second caller's time does not begin now")
        floor.answerAll(at: "alice")
        floor.advance(seconds: 59)
        let second = floor.chat(in: "sales")
        #expect(floor.offered(to: "alice") == [floor.id(of: second)].compactMap { $0 })
        floor.answerAll(at: "alice")
        floor.advance(seconds: 1)
        floor.chat(in: "sales")
        #expect(floor.offered(to: "alice").isEmpty && floor.contact(of: caller)?.entry?.room?.agent == "alice")
    }

    @Test("a piece that waits for the end of one of its kind takes that one's room, and needs none kept")
    func atMost() throws {
        // Of claims an agent may have two, of 20 units each; two chats of 20 fit beside them, and a third.
        let kinds = Self.kinds {
            $0.append(WorkKind(id: "claim", channel: .ticket, weight: 20, perAgentMax: 2))
        }
        var floor = WorkCenter.floor(
            WorkCenter.configuration(
                kinds: kinds,
                sales: {
                    $0.wrapUpSeconds = 0
                    $0.kinds = ["call", "chat", "claim"]
                }), signedIn: ["alice"])
        for _ in 0..<2 { _ = try floor.taken(WorkCenter.mail(kind: "claim")) }
        for _ in 0..<2 { floor.chat(in: "sales") }
        floor.answerAll(at: "alice")
        #expect(floor.active(at: "alice").count == 4)
        _ = try floor.taken(WorkCenter.mail(kind: "claim"))
        let chat = floor.chat(in: "sales")
        #expect(floor.offered(to: "alice") == [floor.id(of: chat)].compactMap { $0 })
    }

    @Test("it is kept by one agent: the one who has least in hand")
    func least() throws {
        var floor = Self.floor(signedIn: ["alice", "bob"])
        let chats = (0..<5).map { _ in floor.chat(in: "sales") }
        // alice, bob, alice, bob, alice: 60 and 40 units.
        for _ in chats { for agent in ["alice", "bob"] as [AgentID] { floor.answerAll(at: agent) } }
        #expect(floor.active(at: "alice").count + floor.active(at: "bob").count == 5)
        let most: AgentID = floor.active(at: "alice").count == 3 ? "alice" : "bob"
        let fewest: AgentID = most == "alice" ? "bob" : "alice"
        let caller = floor.call("101")
        let chat = floor.chat(in: "sales")
        // Whoever has less in hand would get the chat, and keeps room; the other one gets it.
        #expect(floor.contact(of: caller)?.entry?.room?.agent == fewest)
        #expect(floor.offered(to: most) == [floor.id(of: chat)].compactMap { $0 })
        #expect(floor.why(chat)?.refused == [.init(refusal: .roomKept, count: 1)])
        floor.answerAll(at: most)
        for id in floor.active(at: most) { floor.submit(.workCompleted(most, id)) }
        #expect(floor.offered(to: most) == [floor.id(of: caller)].compactMap { $0 }, "idle before the other one is")
        #expect(floor.center.refusal(of: fewest, for: "chat") == nil)
    }

    @Test("who comes before the caller gets the agent all the same, and what does not stand in the way, too")
    func inFront() throws {
        var (floor, _, caller) = try Self.begun()
        let chat = floor.chat(in: "sales")
        #expect(floor.contact(of: caller)?.entry?.room?.agent == "alice")
        // A mail lets calls come on top.
        let mail = try floor.taken(WorkCenter.mail())
        #expect(floor.offered(to: "alice") == [mail])
        floor.answer(at: "alice")
        floor.submit(.workCompleted("alice", mail))
        let id = try #require(floor.id(of: chat))
        floor.submit(.priorityChanged(id, priorityClass: 5, boostSeconds: 0))
        #expect(floor.offered(to: "alice") == [id])
        floor.answerAll(at: "alice")
        floor.chat(in: "sales")
        #expect(floor.offered(to: "alice").isEmpty && floor.contact(of: caller)?.entry?.room?.agent == "alice")
    }

    @Test("a ticket that comes before the caller has the room before a mail takes it that the caller would not have seen")
    func beforeTheOther() throws {
        var (floor, chats, caller) = try Self.begun()
        let third = floor.chat(in: "sales")
        #expect(floor.contact(of: caller)?.entry?.room?.agent == "alice")
        // It needs all of her; nobody asks for what it lacks yet.
        let ticket = try floor.taken(WorkCenter.mail(kind: "ticket"))
        floor.submit(.priorityChanged(ticket, priorityClass: 5, boostSeconds: 0))
        #expect(floor.contact(of: caller)?.entry?.room?.agent == "alice")
        let mail = try floor.taken(WorkCenter.mail())
        #expect(floor.center.contacts[ticket]?.entry?.room?.agent == "alice" && floor.offered(to: "alice").isEmpty)
        #expect(floor.contact(of: caller)?.entry?.room?.agent == nil)
        for chat in chats { floor.hangUp(chat) }
        #expect(floor.offered(to: "alice") == [ticket])
        floor.answer(at: "alice")
        floor.submit(.workCompleted("alice", ticket))
        #expect(floor.offered(to: "alice").first == floor.id(of: caller), "then those who came after it")
        #expect(floor.center.contacts[mail]?.entry != nil && floor.contact(of: third)?.entry != nil)
    }

    @Test("an agent who pauses, closes calls or goes keeps no room", arguments: ["pause", "close", "offline", "reload"])
    func gone(_ how: String) throws {
        var (floor, _, caller) = try Self.begun()
        let chat = floor.chat(in: "sales")
        #expect(floor.contact(of: caller)?.entry?.room?.agent == "alice")
        switch how {
        case "pause": floor.set(.aux(reason: "break"), for: "alice")
        case "close": floor.submit(.channelsRequested("alice", opened: [], closed: [.voice]))
        case "offline": floor.submit(.deviceUnregistered(AgentID("alice").browser))
        default:
            var configuration = WorkCenter.configuration(kinds: Self.kinds()) { $0.version = "2" }
            configuration.queues[0].members.removeFirst()
            floor.apply(configuration)
        }
        #expect(floor.contact(of: caller)?.entry?.room?.agent == nil)
        #expect((floor.offered(to: "alice") == [floor.id(of: chat)].compactMap { $0 }) == (how == "close"))
    }

    @Test("a center that is restored keeps the same room")
    func restored() throws {
        var (floor, chats, caller) = try Self.begun()
        floor.chat(in: "sales")
        let restored = try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center))
        #expect(restored.refusal(of: "alice", for: "chat") == .roomKept && Invariants.violations(in: restored).isEmpty)
        for chat in chats { floor.hangUp(chat) }
        #expect(floor.offered(to: "alice") == [floor.id(of: caller)].compactMap { $0 })
    }
}
