// The walk through a flow, node by node.

import Basics
import IVR
import Testing

struct InterpreterTests {
    private func surroundings(_ flow: Flow, attributes: [String: String] = [:], at now: Instant = .epoch)
        -> Interpreter.Surroundings
    {
        Interpreter.Surroundings(flow: flow, hours: [], now: now) { attributes[$0] }
    }

    private func hangUp(_ id: NodeID) -> Node { Node(id: id, action: .hangUp(HangUp(prompt: .text(id.rawValue)))) }

    private func branches(start: NodeID = "branch") -> Flow {
        Flow(
            id: "flow", start: start,
            nodes: [
                Node(id: "set", action: .set(SetAttribute(attribute: "team", value: "gold", next: "branch"))),
                Node(
                    id: "branch",
                    action: .branch(
                        Branch(
                            attribute: "team", cases: [.init(value: "gold", next: "gold"), .init(value: "tin", next: "tin")],
                            otherwise: "other"))),
                hangUp("gold"), hangUp("tin"), hangUp("other"),
            ])
    }

    @Test("set notes the attribute, and a branch behind it in the same turn goes by the new value")
    func setAndBranch() {
        var interpreter = Interpreter(flow: "flow")
        let steps = interpreter.start(surroundings(branches(start: "set"), attributes: ["team": "tin"]))
        #expect(
            steps == [
                .visit("set"), .note(attribute: "team", value: "gold"), .visit("branch"), .visit("gold"),
                .hangUp(.text("gold")),
            ])
        #expect(interpreter.state == .finished)
    }

    @Test(
        "a branch goes by what the contact has, and otherwise by its last way",
        arguments: [
            ("tin", "tin"), ("wood", "other"), (nil, "other"),
        ] as [(String?, NodeID)])
    func branch(value: String?, end: NodeID) {
        var interpreter = Interpreter(flow: "flow")
        let steps = interpreter.start(surroundings(branches(), attributes: value.map { ["team": $0] } ?? [:]))
        #expect(steps.last == .hangUp(.text(end.rawValue)))
    }

    @Test("nodes that lead to each other without taking time end in a goodbye, not in an endless turn")
    func endlessLoop() {
        let flow = Flow(
            id: "flow", start: "a",
            nodes: [
                Node(id: "a", action: .set(SetAttribute(attribute: "x", value: "1", next: "b"))),
                Node(id: "b", action: .branch(Branch(attribute: "x", cases: [], otherwise: "a"))),
            ])
        var interpreter = Interpreter(flow: "flow")
        let steps = interpreter.start(surroundings(flow))
        #expect(steps.last == .goodbye)
        #expect(steps.count { if case .visit = $0 { true } else { false } } == Interpreter.silentNodesMax)
        #expect(interpreter.state == .finished)
    }

    @Test("a collect step is tried as often as it says, then the call goes its other way; a valid entry goes on with its token")
    func collect() {
        let collect = Collect(
            prompt: .text("Number."), attribute: "account", lengthMin: 4, lengthMax: 4, tries: 2, next: "good",
            otherwise: "person")
        let flow = Flow(
            id: "flow", start: "collect",
            nodes: [Node(id: "collect", action: .collect(collect)), hangUp("good"), hangUp("person")])
        var failing = Interpreter(flow: "flow")
        #expect(failing.start(surroundings(flow)) == [.visit("collect"), .collect(collect)])
        #expect(failing.collected(token: "", valid: false, surroundings(flow)) == [.collect(collect)])
        #expect(failing.state == .collecting("collect", attempt: 2))
        #expect(failing.collected(token: "", valid: false, surroundings(flow)) == [.visit("person"), .hangUp(.text("person"))])

        var entering = Interpreter(flow: "flow")
        _ = entering.start(surroundings(flow))
        #expect(
            entering.collected(token: "abc", valid: true, surroundings(flow)) == [
                .note(attribute: "account", value: "abc"), .visit("good"), .hangUp(.text("good")),
            ])
        #expect(entering.collected(token: "again", valid: true, surroundings(flow)).isEmpty, "nothing is collected any more")
    }

    @Test("inputs that no node waits for change nothing")
    func unexpected() {
        var interpreter = Interpreter(flow: "flow")
        let around = surroundings(branches(start: "set"))
        #expect(interpreter.digit("1", around).isEmpty)
        #expect(interpreter.playbackEnded(around).isEmpty)
        #expect(interpreter.handedBack(around).isEmpty)
        #expect(interpreter.state == .notStarted)
        _ = interpreter.start(around)
        #expect(interpreter.start(around).isEmpty, "a flow is begun once")
    }
}
