// Flows as graphs.

import Basics
import IVR
import Testing

@Suite struct FlowGraphTests {
    private func flow(start: NodeID = "a", _ nodes: (NodeID, Action)...) -> FlowGraph {
        FlowGraph(Flow(id: "f", start: start, nodes: nodes.map { Node(id: $0.0, action: $0.1) }))
    }

    private func play(_ next: NodeID) -> Action { .play(Play(prompts: [.text("x")], next: next)) }
    private func menu(_ next: NodeID..., otherwise: NodeID) -> Action {
        let choices = next.enumerated().map { Menu.Choice(key: String($0.offset + 1), next: $0.element) }
        return .menu(Menu(prompt: .text("x"), choices: choices, otherwise: otherwise))
    }
    private func queue(otherwise: NodeID? = nil) -> Action { .queue(EnterQueue(queue: "q", otherwise: otherwise)) }
    private func hours(open: NodeID, closed: NodeID) -> Action { .hours(CheckHours(hours: "h", open: open, closed: closed)) }
    private func set(_ next: NodeID) -> Action { .set(SetAttribute(attribute: "x", value: "y", next: next)) }

    @Test("Nodes that no call comes to are named in the order of the file") func unreachable() {
        let graph = flow(("z", play("a")), ("a", menu("b", otherwise: "b")), ("c", play("z")), ("b", queue()))
        #expect(graph.unreachable == ["z", "c"])
        #expect(flow(start: "nowhere", ("a", queue())).unreachable == ["a"])
    }

    @Test("Only questions count as hops, and the shortest way counts") func hops() {
        let graph = flow(
            ("a", menu("b", otherwise: "c")), ("b", play("p")), ("c", menu("d", otherwise: "d")), ("d", set("c")),
            ("p", queue(otherwise: "end")), ("end", .hangUp(HangUp())), ("lost", play("nowhere")))
        #expect(graph.hopsToPerson(from: "a") == 1)
        #expect(graph.hopsToPerson(from: "b") == 0)
        #expect(graph.hopsToPerson(from: "c") == nil)
        #expect(graph.hopsToPerson(from: "p") == 0)
        #expect(graph.hopsToPerson(from: "end") == nil)
        #expect(graph.hopsToPerson(from: "lost") == nil)
        #expect(graph.hopsToPerson(from: "nowhere") == nil)
    }

    @Test("A way to a person is owed while the line is open and before somebody had the call") func owing() {
        let graph = flow(
            ("a", hours(open: "b", closed: "shut")), ("b", menu("p", otherwise: "p")), ("p", queue(otherwise: "sorry")),
            ("sorry", play("end")), ("shut", play("end")), ("end", .hangUp(HangUp())))
        #expect(graph.nodesOwingPerson == ["a", "b"])
    }

    @Test("A circle without a question or a prompt is found once, with its way") func loops() {
        let loop = flow(
            ("x", play("a")), ("a", set("b")), ("b", hours(open: "c", closed: "end")), ("c", queue(otherwise: "a")),
            ("end", queue()))
        #expect(loop.endlessLoops == [["a", "b", "c"]])
        let paused = flow(("a", set("b")), ("b", play("a")))
        #expect(paused.endlessLoops == [])
        #expect(flow(("a", queue(otherwise: "a"))).endlessLoops == [["a"]])
    }

    @Test("A flow of 500 nodes in one long chain is measured in a blink") func large() {
        let nodes = (0..<500).map { index -> Node in
            Node(
                id: NodeID("n\(index)"),
                action: index == 499 ? queue() : menu(NodeID("n\(index + 1)"), otherwise: NodeID("n\(index + 1)")))
        }
        let graph = FlowGraph(Flow(id: "f", start: "n0", nodes: nodes))
        var hops: Int?
        let time = ContinuousClock().measure { hops = graph.hopsToPerson(from: "n0") }
        #expect(hops == 499)
        #expect(time < .seconds(1))
        #expect(graph.unreachable == [])
    }
}
