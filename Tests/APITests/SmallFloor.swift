// The center behind the tests: two queues, three agents, a menu, and what has happened so far.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation

enum SmallFloor {
    static let configuration: CenterConfiguration = {
        let agents = ["alice", "bob", "carol"].map { AgentRules(id: AgentID($0), devices: [DeviceID($0 + "-desk")]) }
        let sales = QueueRules(id: "sales", members: [.init(agent: "alice"), .init(agent: "bob")], wrapUpSeconds: 10)
        let support = QueueRules(id: "support", members: [.init(agent: "bob"), .init(agent: "carol")], wrapUpSeconds: 30)
        let menu = Menu(
            prompt: .text("One or two."), choices: [.init(key: "1", next: "sales"), .init(key: "2", next: "support")],
            timeoutMilliseconds: 5000, tries: 3, otherwise: "sales")
        let main = Flow(
            id: "main", start: "menu",
            nodes: [
                Node(id: "menu", action: .menu(menu)),
                Node(id: "sales", action: .queue(EnterQueue(queue: "sales"))),
                Node(id: "support", action: .queue(EnterQueue(queue: "support"))),
            ])
        return CenterConfiguration(
            version: "test", queues: [sales, support], agents: agents, flows: [main],
            numbers: [NumberRules(number: "100", flow: "main")], pauseReasons: ["break", "lunch"])
    }()

    /// Alice talks, Bob is rung, one more waits for sales, one is in the menu; one call of sales is over.
    static func make() -> (floor: VirtualFloor, talking: LegID, ringing: LegID, waiting: LegID, inMenu: LegID) {
        var floor = VirtualFloor()
        floor.apply(configuration)
        floor.signIn("alice")
        let over = floor.call("100")
        floor.press("1", on: over)
        floor.advance(seconds: 3)
        if let leg = floor.ringing(at: "alice").first { floor.answer(leg) }
        floor.advance(seconds: 60)
        floor.hangUp(over)
        floor.advance(seconds: 15)
        let talking = floor.call("100")
        floor.press("1", on: talking)
        floor.advance(seconds: 4)
        if let leg = floor.ringing(at: "alice").first { floor.answer(leg) }
        floor.signIn("bob")
        let ringing = floor.call("100")
        floor.press("1", on: ringing)
        let waiting = floor.call("100")
        floor.press("1", on: waiting)
        floor.advance(seconds: 8)
        let inMenu = floor.call("100")
        return (floor, talking, ringing, waiting, inMenu)
    }
}
