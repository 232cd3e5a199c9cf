// Random lives of a contact center from one seed: everything that callers, agents and the network may do, in any order.

import ACD
import Basics
public import ContactCenter
import IVR

/// Drives a `VirtualFloor` with random events, late and doubled ones among them, and checks the invariants after each.
public struct Fuzzer: Sendable {
    /// What went wrong, and how to see it again.
    public struct Failure: Error, CustomStringConvertible {
        public var seed: UInt64
        public var events: Int
        public var action: String
        public var violations: [String]

        public var description: String {
            "seed \(seed), after \(events) events (\(action)): " + violations.joined(separator: "; ")
        }
    }

    public private(set) var floor = VirtualFloor()
    public let seed: UInt64
    private var random: SeededRandom
    private let configurations: [CenterConfiguration]
    /// Legs that are gone, whose events may still come in late.
    private var goneLegs: [LegID] = []

    public init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
        configurations = (0..<3).map { Self.configuration(variant: $0) }
        floor.apply(configurations[0])
    }

    /// Goes on until `events` events have been handled in all.
    public mutating func run(events: Int) throws(Failure) {
        while floor.center.figures.events < events {
            let action = step()
            let violations = Invariants.violations(in: floor.center)
            if !violations.isEmpty {
                throw Failure(seed: seed, events: floor.center.figures.events, action: action, violations: violations)
            }
        }
    }

    /// Does one random thing and says which.
    private mutating func step() -> String {
        switch random.below(100) {
        case 0..<16: return call()
        case 16..<30: return answer()
        case 30..<36: return refuse()
        case 36..<46: return hangUp()
        case 46..<56: return press()
        case 56..<64: return presence()
        case 64..<69: return registration()
        case 69..<73: return hold()
        case 73..<76: return late()
        case 76..<78: return collect()
        case 78..<79: return rare()
        default:
            let milliseconds = random.below(4) == 0 ? random.below(40_000) : random.below(3000)
            floor.advance(by: .milliseconds(milliseconds))
            return "advance \(milliseconds) ms"
        }
    }

    private mutating func call() -> String {
        let numbers = configurations[0].numbers.map(\.number) + ["999"]
        let number = numbers[random.below(numbers.count)]
        floor.call(number, from: CallerKey("caller-\(random.below(40))"))
        return "call \(number)"
    }

    private mutating func leg(where wanted: (VirtualFloor.LegState) -> Bool) -> LegID? {
        let legs = floor.legs.filter { wanted($0.value) }.map(\.key)
        guard !legs.isEmpty else { return nil }
        let leg = legs[random.below(legs.count)]
        if goneLegs.count < 50 { goneLegs.append(leg) } else { goneLegs[random.below(50)] = leg }
        return leg
    }

    private static func isRinging(_ state: VirtualFloor.LegState) -> Bool {
        switch state {
        case .ringing, .dialling: true
        case .arriving, .live: false
        }
    }

    private mutating func answer() -> String {
        guard let leg = leg(where: Self.isRinging) else { return "answer nothing" }
        if random.below(4) == 0 { floor.submit(.legEarlyMedia(leg)) }
        floor.answer(leg)
        return "answer \(leg)"
    }

    private mutating func refuse() -> String {
        guard let leg = leg(where: Self.isRinging) else { return "refuse nothing" }
        let failures: [LegFailure] = [.busy, .declined, .unreachable, .failed, .notMade]
        floor.fail(leg, failures[random.below(failures.count)])
        return "refuse \(leg)"
    }

    private mutating func hangUp() -> String {
        guard let leg = leg(where: { _ in true }) else { return "hang up nothing" }
        floor.hangUp(leg)
        return "hang up \(leg)"
    }

    private mutating func press() -> String {
        guard let leg = leg(where: { $0 == .live(.caller) }) else { return "press nothing" }
        if random.below(12) == 0 {
            floor.submit(.legQuiet(leg))
            return "silence on \(leg)"
        }
        let keys = ["0", "1", "2", "3", "4", "9", "#"]
        floor.press(keys[random.below(keys.count)], on: leg)
        return "press on \(leg)"
    }

    private mutating func presence() -> String {
        let agents = configurations[0].agents.map(\.id)
        let agent = agents[random.below(agents.count)]
        let wanted: [AgentPresence] = [.available, .available, .available, .aux(reason: "break"), .offline]
        let presence = wanted[random.below(wanted.count)]
        if random.below(4) == 0, let device = floor.center.agents[agent]?.devices.first {
            floor.dial(["*10", "*11", "*12", "*99"][random.below(4)], from: device)
        } else {
            floor.set(presence, for: agent)
        }
        return "presence of \(agent)"
    }

    private mutating func registration() -> String {
        let devices = configurations[0].agents.flatMap(\.devices)
        let device = devices[random.below(devices.count)]
        floor.submit(random.below(4) == 0 ? .deviceUnregistered(device) : .deviceRegistered(device))
        return "registration of \(device)"
    }

    private mutating func hold() -> String {
        guard let leg = leg(where: { if case .live = $0 { true } else { false } }) else { return "hold nothing" }
        floor.submit(.legHeld(leg, random.below(2) == 0))
        return "hold \(leg)"
    }

    private mutating func collect() -> String {
        guard let leg = floor.collecting.first else { return "collect nothing" }
        floor.submit(.collected(leg, token: "token", length: 4, valid: random.below(2) == 0))
        return "collected on \(leg)"
    }

    /// Events that crossed something on the wire, or came twice.
    private mutating func late() -> String {
        guard !goneLegs.isEmpty else { return "late nothing" }
        let leg = goneLegs[random.below(goneLegs.count)]
        switch random.below(7) {
        case 0: if floor.legs[leg] == nil { floor.submit(.legAnswered(leg)) }
        case 1: if floor.legs[leg] == nil { floor.submit(.legEnded(leg)) }
        case 2: floor.submit(.playbackEnded(leg, PlaybackID(rawValue: UInt64(random.below(1000)))))
        case 3: if floor.legs[leg] == nil { floor.submit(.legFailed(leg, .failed)) }
        case 4: if floor.legs[leg] == nil { floor.submit(.digit(leg, "1")) }
        case 5: floor.submit(.legQuiet(leg))
        default: floor.submit(.legSilent(leg))
        }
        return "late event on \(leg)"
    }

    private mutating func rare() -> String {
        switch random.below(4) {
        case 0:
            floor.restart(with: floor.center)
            return "restart"
        case 1:
            floor.submit(.admissionChanged(fallback: random.below(2) == 0))
            return "admission"
        default:
            floor.apply(configurations[random.below(configurations.count)])
            return "reload"
        }
    }

    // MARK: The world

    /// Three variants of one small center, among which reloads switch: other rules, an agent and a queue less, other flows.
    public static func configuration(variant: Int) -> CenterConfiguration {
        let names = ["alice", "bob", "carol", "dave", "erin"].dropLast(variant == 2 ? 1 : 0)
        let agents = names.map { AgentRules(id: AgentID($0), devices: [DeviceID($0 + "-desk"), DeviceID($0 + "-soft")]) }
        func members(_ names: ArraySlice<AgentRules>) -> [QueueRules.Member] {
            names.enumerated().map { QueueRules.Member(agent: $0.element.id, level: 1 + $0.offset / 2) }
        }
        var queues = [
            QueueRules(id: "sales", members: members(agents[0..<3]), offerSeconds: 10, wrapUpSeconds: 5, waitSecondsMax: 90),
            QueueRules(
                id: "support", members: members(agents[1...]), keys: [.level, .fewestCalls], weight: variant, offerSeconds: 15,
                wrapUpSeconds: variant == 1 ? 0 : 20, waitingMax: 8, joinEmpty: variant != 1, leaveEmpty: true,
                announceEverySeconds: 20, recording: QueueRules.Recording(announcement: "This call is recorded.")),
        ]
        if variant != 1 {
            queues.append(QueueRules(id: "vip", members: members(agents[0..<2]), weight: 5, announceEverySeconds: nil))
        }
        return CenterConfiguration(
            version: "variant-\(variant)", queues: queues, agents: agents, flows: [menu(variant), direct, outside],
            numbers: [
                NumberRules(number: "100", flow: "main", fallback: .init(trunk: "carrier", number: "555")),
                NumberRules(
                    number: "200", flow: "direct", recording: QueueRules.Recording(announcement: "This call is recorded.")),
                NumberRules(number: "300", flow: "outside"),
            ], hours: [office])
    }

    /// Open every second hour, so that minutes of a random life see both.
    private static let office = OpeningHours(
        id: "office",
        week: Array(
            repeating: (0..<12).map { OpeningHours.Span(start: $0 * 7200, end: $0 * 7200 + 3600) }, count: 7))

    private static func menu(_ variant: Int) -> Flow {
        Flow(
            id: "main", start: "welcome",
            nodes: [
                Node(id: "welcome", action: .play(Play(prompts: [.text("Welcome.")], next: "menu"))),
                Node(
                    id: "menu",
                    action: .menu(
                        Menu(
                            prompt: .text("Sales 1, support 2, number 3, message 9."),
                            choices: [
                                .init(key: "1", next: "sales"), .init(key: "2", next: "support"),
                                .init(key: "3", next: "digits"), .init(key: "4", next: "opening-hours"),
                                .init(key: "9", next: "message"),
                                .init(key: "0", next: "sales", isOptOut: true),
                            ], timeoutMilliseconds: 4000 + variant * 1000, otherwise: "sales"))),
                Node(
                    id: "opening-hours", action: .hours(CheckHours(hours: "office", open: "mark", closed: "which-team"))),
                Node(id: "mark", action: .set(SetAttribute(attribute: "team", value: "gold", next: "which-team"))),
                Node(
                    id: "which-team",
                    action: .branch(Branch(attribute: "team", cases: [.init(value: "gold", next: "vip")], otherwise: "sales"))),
                Node(id: "sales", action: .queue(EnterQueue(queue: "sales", boostSeconds: 30, otherwise: "support"))),
                Node(id: "support", action: .queue(EnterQueue(queue: "support", otherwise: "vip"))),
                Node(id: "vip", action: .queue(EnterQueue(queue: "vip", priorityClass: 2))),
                Node(
                    id: "digits",
                    action: .collect(
                        Collect(
                            prompt: .text("Your number, please."), attribute: "account", lengthMin: 4, lengthMax: 4,
                            next: "support", otherwise: "sales"))),
                Node(
                    id: "message",
                    action: .voicemail(Voicemail(prompt: .text("Speak."), mailbox: "sales", secondsMax: 30))),
            ])
    }

    private static let direct = Flow(
        id: "direct", start: "queue",
        nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "support", priorityClass: 1)))])

    private static let outside = Flow(
        id: "outside", start: "transfer",
        nodes: [
            Node(
                id: "transfer",
                action: .transfer(Transfer(trunk: "carrier", number: "777", ringSeconds: 20, otherwise: "bye"))),
            Node(id: "bye", action: .hangUp(HangUp(prompt: .text("Goodbye.")))),
        ])
}
