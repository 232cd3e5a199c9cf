// Checks flows: references, reachability, menus (S0-19), the way to a person (S0-20), endless loops.

internal import Basics
internal import IVR

extension Checker {
    /// Questions between a caller and a person (requirements C5).
    static let hopsMax = 2

    mutating func check(_ flow: Flow) {
        let top = Path("\(SiteConfiguration.flowsFolder)/\(flow.id).yaml")
        let nodes = top / "nodes"
        let made = flow.nodes.map(\.id).filter { !$0.isMadeForAnnouncement }.map(\.rawValue)
        let known = KnownNames("node", made + (reading.unfinished[nodes] ?? []))
        checkReference(flow.start.rawValue, among: known, at: top / "start")
        for node in flow.nodes { check(node, knowing: known, at: nodes / node.id.adminName) }
        // Where a way leads nowhere, what the graph says would only repeat it.
        let ways = flow.nodes.flatMap(\.action.successors) + [flow.start]
        guard reading.unfinished[nodes] == nil, ways.allSatisfy({ $0.isMadeForAnnouncement || known.contains($0.rawValue) })
        else { return }
        let graph = FlowGraph(flow)
        for id in graph.unreachable where !id.isMadeForAnnouncement {
            reading.error(
                "no call reaches node `\(id)`", at: nodes / id.rawValue, mend: "lead another node to it, or remove it")
        }
        checkWayToPerson(graph, at: nodes)
        for loop in graph.endlessLoops {
            let way = (loop + loop.prefix(1)).map(\.adminName).joined(separator: " → ")
            reading.error(
                "calls would turn in circles without end: \(way)", at: nodes / (loop.first?.adminName ?? ""),
                mend: "put a menu, a play or a voicemail step into the circle, or lead one of them elsewhere")
        }
    }

    private mutating func checkWayToPerson(_ graph: FlowGraph, at nodes: Path) {
        for id in graph.nodesOwingPerson {
            let hops = graph.hopsToPerson(from: id)
            if let hops, hops <= Self.hopsMax { continue }
            let what = hops.map { "a person is \($0) questions away" } ?? "there is no way to a person"
            reading.error(
                "from node `\(id)` \(what) (S0-20: at most \(Self.hopsMax))", at: nodes / id.rawValue,
                mend: "lead it to a queue or transfer, or to a menu from which a key leads there")
        }
        for node in graph.flow.nodes {
            guard case .menu(let menu) = node.action else { continue }
            for choice in menu.choices where choice.isOptOut && graph.hopsToPerson(from: choice.next) != 0 {
                reading.error(
                    "key `\(choice.key)` is the way out to a person, but `\(choice.next)` is none and leads to none straight away",
                    at: nodes / node.id.rawValue / "choices" / choice.key,
                    mend: "lead it to a queue or transfer, or write `opt_out: none`")
            }
        }
    }

    private mutating func check(_ node: Node, knowing nodes: KnownNames, at path: Path) {
        func references(_ pairs: (String, NodeID)...) -> [(Path, NodeID)] { pairs.map { (path / $0.0, $0.1) } }
        var next: [(Path, NodeID)] = []
        switch node.action {
        case .menu(let menu):
            next = menu.choices.map { (path / "choices" / $0.key, $0.next) } + references(("otherwise", menu.otherwise))
            check(menu, at: path)
        case .play(let play):
            if !play.next.isMadeForAnnouncement { next = references(("next", play.next)) }
            for (index, prompt) in play.prompts.enumerated() {
                check(prompt, at: play.prompts.count > 1 ? path / "say" / index : path / "say")
            }
        case .collect(let collect):
            next = references(("next", collect.next), ("otherwise", collect.otherwise))
            check(collect.prompt, at: path / "say")
            if let form = collect.form { checkReference(form, among: secureForms, at: path / "form") }
            if collect.lengthMin > collect.lengthMax {
                reading.error(
                    "`length_min` is \(collect.lengthMin), more than `length_max` \(collect.lengthMax)",
                    at: path / "length_min",
                    mend: "swap them")
            }
        case .queue(let queue):
            if let otherwise = queue.otherwise { next = references(("otherwise", otherwise)) }
            checkReference(queue.queue.rawValue, among: queues, at: path / "queue")
            checkTakesCalls(queue.queue, at: path / "queue")
        case .hours(let hours):
            next = references(("open", hours.open), ("closed", hours.closed))
            checkReference(hours.hours.rawValue, among: self.hours, at: path / "hours")
        case .set(let set): next = references(("next", set.next))
        case .branch(let branch):
            next = branch.cases.map { (path / "cases" / $0.value, $0.next) } + references(("otherwise", branch.otherwise))
        case .split(let split):
            next = references(("trial", split.trial), ("usual", split.usual))
            checkStages(of: split, at: path)
        case .voicemail(let voicemail):
            if let after = voicemail.next { next = references(("next", after)) }
            check(voicemail.prompt, at: path / "say")
        case .transfer(let transfer):
            next = references(("otherwise", transfer.otherwise))
            checkReference(transfer.trunk.rawValue, among: trunks, at: path / "trunk")
        case .hangUp(let hangUp):
            if let prompt = hangUp.prompt { check(prompt, at: path / "say") }
        }
        for (place, id) in next { checkReference(id.rawValue, among: nodes, at: place) }
    }

    /// S0-80: a trial grows, and by itself only where something can stop it.
    private mutating func checkStages(of split: Split, at path: Path) {
        var last = split.percent
        for (index, stage) in split.stages.enumerated() {
            if stage.percent <= last {
                reading.error(
                    "stage \(index + 1) has \(stage.percent) percent, no more than the \(last) before it",
                    at: path / "stages" / index, mend: "write a greater share, or remove it")
            }
            last = stage.percent
        }
        if !split.stages.isEmpty, split.brake == nil {
            reading.warning(
                "the share grows by itself and nothing breaks the trial off", at: path / "stages",
                mend: "remove `brake: false`")
        }
    }

    /// S0-19 with C1: more choices than the limit are a warning, more than one more an error.
    private mutating func check(_ menu: Menu, at path: Path) {
        check(menu.prompt, at: path / "say")
        if let prompt = menu.wrongKey { check(prompt, at: path / "wrong_key") }
        if let prompt = menu.noKey { check(prompt, at: path / "no_key") }
        let count = menu.choices.count { !$0.isOptOut }
        let limit = configuration.site.ivr.choicesMax
        let text = "menu `\(path.last)` has \(count) choices beside the way out to a person (S0-19: at most \(limit))"
        let mend = "split it into two menus, or join choices"
        if count > limit + 1 {
            reading.error(text, at: path / "choices", mend: mend)
        } else if count > limit {
            reading.warning(text, at: path / "choices", mend: mend)
        }
        if menu.choices.isEmpty {
            reading.error("menu `\(path.last)` has no choices", at: path / "choices", mend: "add keys, or make it a play step")
        }
    }
}

extension NodeID {
    var isMadeForAnnouncement: Bool { rawValue.hasSuffix(FlowSettings.announcedSuffix) }

    /// The name that the admin gave to the node from which this one was made.
    var adminName: String {
        isMadeForAnnouncement ? String(rawValue.dropLast(FlowSettings.announcedSuffix.count)) : rawValue
    }
}
