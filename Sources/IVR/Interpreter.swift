// Walks a call through a flow: one input at a time, no clock, no audio, no look-ups.

public import Basics

/// Where one call stands in its flow.
///
/// Each input returns what the owner has to do, in order. The owner performs nothing twice: whatever takes time (a prompt, a
/// queue, a transfer) comes back as one of the inputs.
public struct Interpreter: Codable, Hashable, Sendable {
    /// What the flow wants done. What is rare and large is indirect, so that a step is small.
    public enum Step: Hashable, Sendable {
        /// The call came to this node (S1-21: one row for each visit).
        case visit(NodeID)
        case note(attribute: String, value: String)
        /// Answered by `playbackEnded`. A key may cut it short if `stopsOnDigit`.
        case play([Prompt], stopsOnDigit: Bool)
        /// Answered by a key, or by `deadlinePassed` at that time.
        case awaitDigit(until: Instant)
        /// The caller gave a key of the menu.
        case chose(NodeID, key: String)
        /// Answered by `collected`.
        indirect case collect(Collect)
        case enterQueue(EnterQueue)
        /// Answered by `wentOn`, at once.
        indirect case split(NodeID, Split)
        indirect case transfer(Transfer)
        indirect case voicemail(Voicemail)
        indirect case hangUp(Prompt?)
        /// The flow has no way on: a goodbye.
        case goodbye
    }

    /// What the flow may look at.
    public struct Surroundings {
        public var flow: Flow
        public var hours: [OpeningHours]
        public var attribute: (String) -> String?
        public var now: Instant

        public init(flow: Flow, hours: [OpeningHours], now: Instant, attribute: @escaping (String) -> String?) {
            self.flow = flow
            self.hours = hours
            self.now = now
            self.attribute = attribute
        }
    }

    public enum State: Codable, Hashable, Sendable {
        case notStarted
        case menuPrompt(NodeID, attempt: Int)
        case menuKey(NodeID, attempt: Int, deadline: Instant)
        case playing(NodeID)
        case collecting(NodeID, attempt: Int)
        /// Queue, transfer or voicemail: somebody else owns the call until it comes back.
        case handedOver(NodeID)
        case finished
    }

    /// Nodes passed without waiting for anything; a loop of branches ends in a goodbye instead of holding the turn.
    public static let silentNodesMax = 100

    public internal(set) var flow: FlowID
    public internal(set) var state: State = .notStarted

    public init(flow: FlowID) { self.flow = flow }

    /// The node at which the call stands.
    public var node: NodeID? {
        switch state {
        case .notStarted, .finished: nil
        case .menuPrompt(let node, _), .menuKey(let node, _, _), .playing(let node), .collecting(let node, _),
            .handedOver(let node):
            node
        }
    }

    public mutating func start(_ surroundings: Surroundings) -> [Step] {
        guard case .notStarted = state else { return [] }
        return go(to: surroundings.flow.start, surroundings)
    }

    /// A key came. Keys that no node waits for are forgotten.
    public mutating func digit(_ key: String, _ surroundings: Surroundings) -> [Step] {
        switch state {
        case .menuPrompt(let id, let attempt), .menuKey(let id, let attempt, _):
            guard case .menu(let menu)? = surroundings.flow.node(id)?.action else { return giveUp() }
            if let choice = menu.choices.first(where: { $0.key == key }) {
                return [.chose(id, key: key)] + go(to: choice.next, surroundings)
            }
            return ask(id, menu, attempt: attempt + 1, after: menu.wrongKey, surroundings)
        case .notStarted, .playing, .collecting, .handedOver, .finished:
            return []
        }
    }

    public mutating func playbackEnded(_ surroundings: Surroundings) -> [Step] {
        switch state {
        case .menuPrompt(let id, let attempt):
            guard case .menu(let menu)? = surroundings.flow.node(id)?.action else { return giveUp() }
            let deadline = surroundings.now + .milliseconds(menu.timeoutMilliseconds)
            state = .menuKey(id, attempt: attempt, deadline: deadline)
            return [.awaitDigit(until: deadline)]
        case .playing(let id):
            guard case .play(let play)? = surroundings.flow.node(id)?.action else { return giveUp() }
            return go(to: play.next, surroundings)
        case .notStarted, .menuKey, .collecting, .handedOver, .finished:
            return []
        }
    }

    /// The time of `awaitDigit` has passed.
    public mutating func deadlinePassed(_ surroundings: Surroundings) -> [Step] {
        guard case .menuKey(let id, let attempt, let deadline) = state, deadline <= surroundings.now else { return [] }
        guard case .menu(let menu)? = surroundings.flow.node(id)?.action else { return giveUp() }
        return ask(id, menu, attempt: attempt + 1, after: menu.noKey, surroundings)
    }

    /// The edge gathered digits: the rules get a token for them.
    public mutating func collected(token: String, valid: Bool, _ surroundings: Surroundings) -> [Step] {
        guard case .collecting(let id, let attempt) = state else { return [] }
        guard case .collect(let collect)? = surroundings.flow.node(id)?.action else { return giveUp() }
        if valid { return [.note(attribute: collect.attribute, value: token)] + go(to: collect.next, surroundings) }
        guard attempt < collect.tries else { return go(to: collect.otherwise, surroundings) }
        state = .collecting(id, attempt: attempt + 1)
        return [.collect(collect)]
    }

    /// Queue, transfer or voicemail gave the call back.
    public mutating func handedBack(_ surroundings: Surroundings) -> [Step] {
        guard case .handedOver(let id) = state else { return [] }
        let next: NodeID? =
            switch surroundings.flow.node(id)?.action {
            case .queue(let queue)?: queue.otherwise
            case .transfer(let transfer)?: transfer.otherwise
            case .voicemail(let voicemail)?: voicemail.next
            case .menu?, .play?, .collect?, .hours?, .set?, .branch?, .split?, .hangUp?, nil: nil
            }
        guard let next else { return giveUp() }
        return go(to: next, surroundings)
    }

    /// The owner has chosen the way on from a split.
    public mutating func wentOn(to node: NodeID, _ surroundings: Surroundings) -> [Step] {
        guard case .handedOver(let id) = state, case .split? = surroundings.flow.node(id)?.action else { return [] }
        return go(to: node, surroundings)
    }

    // MARK: Walking

    private mutating func giveUp() -> [Step] {
        state = .finished
        return [.goodbye]
    }

    private mutating func ask(_ id: NodeID, _ menu: Menu, attempt: Int, after apology: Prompt?, _ surroundings: Surroundings)
        -> [Step]
    {
        guard attempt <= menu.tries else { return go(to: menu.otherwise, surroundings) }
        state = .menuPrompt(id, attempt: attempt)
        return [.play((apology.map { [$0] } ?? []) + [menu.prompt], stopsOnDigit: true)]
    }

    private mutating func go(to first: NodeID, _ surroundings: Surroundings) -> [Step] {
        var steps: [Step] = []
        var noted: [(String, String)] = []
        var id = first
        for _ in 0..<Self.silentNodesMax {
            guard let node = surroundings.flow.node(id) else { return steps + giveUp() }
            steps.append(.visit(id))
            switch node.action {
            case .menu(let menu):
                return steps + ask(id, menu, attempt: 1, after: nil, surroundings)
            case .play(let play):
                state = .playing(id)
                steps.append(.play(play.prompts, stopsOnDigit: false))
                return steps
            case .collect(let collect):
                state = .collecting(id, attempt: 1)
                steps.append(.collect(collect))
                return steps
            case .queue(let queue):
                state = .handedOver(id)
                steps.append(.enterQueue(queue))
                return steps
            case .split(let split):
                state = .handedOver(id)
                steps.append(.split(id, split))
                return steps
            case .transfer(let transfer):
                state = .handedOver(id)
                steps.append(.transfer(transfer))
                return steps
            case .voicemail(let voicemail):
                state = .handedOver(id)
                steps.append(.voicemail(voicemail))
                return steps
            case .hangUp(let hangUp):
                state = .finished
                steps.append(.hangUp(hangUp.prompt))
                return steps
            case .hours(let check):
                let open = surroundings.hours.first { $0.id == check.hours }?.isOpen(at: surroundings.now) ?? true
                id = open ? check.open : check.closed
            case .set(let set):
                steps.append(.note(attribute: set.attribute, value: set.value))
                noted.append((set.attribute, set.value))
                id = set.next
            case .branch(let branch):
                let value =
                    noted.last { $0.0 == branch.attribute }?.1 ?? surroundings.attribute(branch.attribute)
                id = branch.cases.first { $0.value == value }?.next ?? branch.otherwise
            }
        }
        return steps + giveUp()
    }
}
