// Looks at a flow as a graph: who reaches whom, how far a person is, where a call would turn in circles.

public import Basics

/// The questions that the checker asks about a flow. Nodes that do not exist are left out of all answers.
public struct FlowGraph: Sendable {
    public let flow: Flow
    /// By index of the node, the indices of those after it.
    private let successors: [[Int]]
    private let indices: NodeIndices
    /// By index of the node.
    private let hops: [Int?]

    public init(_ flow: Flow) {
        self.flow = flow
        let indices = NodeIndices(flow.nodes)
        self.indices = indices
        successors = flow.nodes.map { node in node.action.successors.compactMap { indices[$0] } }
        hops = Self.hopsToPerson(flow.nodes, successors)
    }

    /// The nodes to which no call comes, in the order of the file.
    public var unreachable: [NodeID] {
        let reached = reached(from: indices[flow.start]) { successors[$0] }
        return flow.nodes.indices.filter { !reached[$0] }.map { flow.nodes[$0].id }
    }

    /// How many questions (menus and collect steps) a caller at this node must answer to get to a queue or a transfer on the
    /// shortest way; nil: there is no way, or no such node.
    public func hopsToPerson(from id: NodeID) -> Int? {
        indices[id].flatMap { hops[$0] }
    }

    /// The nodes from which there must be a way to a person: those that a call comes to while the line is open and before it
    /// was handed to a queue, a transfer or a mailbox. Nodes that end the call are no stations on the way.
    public var nodesOwingPerson: [NodeID] {
        let reached = reached(from: indices[flow.start]) { index in
            switch flow.nodes[index].action {
            case .hours(let hours): indices[hours.open].map { [$0] } ?? []
            case .queue, .transfer, .voicemail, .hangUp: []
            case .menu, .play, .collect, .set, .branch, .split: successors[index]
            }
        }
        return flow.nodes.indices.filter { reached[$0] && !flow.nodes[$0].action.endsSelfService }.map { flow.nodes[$0].id }
    }

    /// Circles in which nothing takes time: no question, no prompt, no message. Each as its nodes in the order of the walk,
    /// beginning with the first in the file. A queue and a transfer do not break a circle, because they can give the call
    /// back at once.
    public var endlessLoops: [[NodeID]] {
        var loops: [[NodeID]] = []
        var done = [Bool](repeating: false, count: flow.nodes.count)
        for start in flow.nodes.indices where !done[start] && !flow.nodes[start].action.takesTime {
            guard let loop = shortestWay(from: start, backTo: start) else { continue }
            for index in loop { done[index] = true }
            loops.append(loop.map { flow.nodes[$0].id })
        }
        return loops
    }

    /// Lets the distances grow outwards from the persons until nothing gets nearer.
    private static func hopsToPerson(_ nodes: [Node], _ successors: [[Int]]) -> [Int?] {
        var hops = nodes.map { $0.action.isPerson ? 0 : nil as Int? }
        var changed = true
        while changed {
            changed = false
            for index in nodes.indices where !nodes[index].action.isPerson {
                guard let nearest = successors[index].compactMap({ hops[$0] }).min() else { continue }
                let here = nearest + (nodes[index].action.asks ? 1 : 0)
                if hops[index].map({ here < $0 }) ?? true {
                    hops[index] = here
                    changed = true
                }
            }
        }
        return hops
    }

    private func reached(from start: Int?, _ next: (Int) -> [Int]) -> [Bool] {
        var reached = [Bool](repeating: false, count: flow.nodes.count)
        var open = start.map { [$0] } ?? []
        while let index = open.popLast() {
            guard !reached[index] else { continue }
            reached[index] = true
            open.append(contentsOf: next(index))
        }
        return reached
    }

    /// Breadth first over nodes that take no time; the way begins with `start` and leaves the last step back out.
    private func shortestWay(from start: Int, backTo end: Int) -> [Int]? {
        var cameFrom = [Int?](repeating: nil, count: flow.nodes.count)
        var open = [start]
        var head = 0
        while head < open.count {
            let index = open[head]
            head += 1
            for next in successors[index] where !flow.nodes[next].action.takesTime {
                if next == end {
                    var way = [index]
                    while let last = way.last, last != start, let before = cameFrom[last] { way.append(before) }
                    return way.reversed()
                }
                guard cameFrom[next] == nil, next != start else { continue }
                cameFrom[next] = index
                open.append(next)
            }
        }
        return nil
    }
}

extension FlowGraph {
    /// Finds nodes by name without a dictionary, whose order the rules may not depend on.
    private struct NodeIndices: Sendable {
        private let sorted: [(id: NodeID, index: Int)]

        init(_ nodes: [Node]) {
            sorted = nodes.indices.map { (id: nodes[$0].id, index: $0) }.sorted { ($0.id, $0.index) < ($1.id, $1.index) }
        }

        subscript(_ id: NodeID) -> Int? {
            var low = 0
            var high = sorted.count
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle].id < id { low = middle + 1 } else { high = middle }
            }
            return low < sorted.count && sorted[low].id == id ? sorted[low].index : nil
        }
    }
}

extension Action {
    /// Here somebody may answer.
    public var isPerson: Bool {
        switch self {
        case .queue, .transfer: true
        case .menu, .play, .collect, .hours, .set, .branch, .split, .voicemail, .hangUp: false
        }
    }

    /// The caller has to press keys: one hop of S0-20.
    public var asks: Bool {
        switch self {
        case .menu, .collect: true
        case .play, .queue, .hours, .set, .branch, .split, .voicemail, .transfer, .hangUp: false
        }
    }

    /// Takes time in any case, so that a circle through it is no endless loop in one turn.
    var takesTime: Bool {
        switch self {
        case .menu, .play, .collect, .voicemail, .hangUp: true
        case .queue, .hours, .set, .branch, .split, .transfer: false
        }
    }

    var endsSelfService: Bool {
        switch self {
        case .queue, .transfer, .voicemail, .hangUp: true
        case .menu, .play, .collect, .hours, .set, .branch, .split: false
        }
    }
}
