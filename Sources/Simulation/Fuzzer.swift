// Random lives of a contact center from one seed: everything that callers, agents and the network may do, in any order.

import ACD
import Basics
internal import ContactCenter
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

    public internal(set) var floor = VirtualFloor()
    public let seed: UInt64
    var random: SeededRandom
    let configurations: [CenterConfiguration]
    /// Legs that are gone, whose events may still come in late.
    private var goneLegs: [LegID] = []
    private var steps = 0
    /// What routing looks up is made anew and compared so often: it costs as much as all other checks together.
    static let stepsPerIndexCheck = 10
    /// Where `Center.refusal(of:)` said something else than what then happened.
    var refusalsNotKept: [String] = []

    /// A configuration that was prepared ahead, and the steps until it is applied.
    private var preparing: (configuration: CenterConfiguration, steps: Int)?

    public init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
        configurations = (0..<4).map { Self.configuration(variant: $0) }
        floor.apply(configurations[0])
    }

    /// Goes on until `events` events have been handled in all.
    public mutating func run(events: Int) throws(Failure) {
        while floor.center.figures.events < events {
            let action = step()
            steps += 1
            let withIndex = steps % Self.stepsPerIndexCheck == 0
            let violations =
                Invariants.violations(in: floor.center, withIndex: withIndex) + violationsOfSound()
                + Invariants.violationsOfOrder(floor.commands, in: floor.center)
                + Invariants.violationsOfCalls(floor.commands, in: floor.center)
            if !violations.isEmpty {
                throw Failure(seed: seed, events: floor.center.figures.events, action: action, violations: violations)
            }
        }
    }

    /// Does one random thing and says which.
    private mutating func step() -> String {
        if let (configuration, left) = preparing {
            preparing = left > 0 ? (configuration, left - 1) : nil
            if left == 0 {
                floor.apply(configuration)
                return "reload as prepared"
            }
        }
        switch random.below(100) {
        case 0..<13: return call()
        case 13: return callback()
        case 14..<29: return answer()
        case 29..<34: return refuse()
        case 34..<42: return hangUp()
        case 42..<51: return press()
        case 51..<58: return presence()
        case 58..<63: return registration()
        case 63..<66: return hold()
        case 66..<72: return loss()
        case 72..<80: return button()
        case 80..<83: return late()
        case 83..<85: return collect()
        case 85..<87: return rare()
        case 87..<94: return work()
        default:
            let milliseconds = random.below(4) == 0 ? random.below(40_000) : random.below(3000)
            floor.advance(by: .milliseconds(milliseconds))
            return "advance \(milliseconds) ms"
        }
    }

    private mutating func call() -> String {
        let numbers = configurations[0].numbers.map(\.number) + ["999"]
        let number = numbers[random.below(numbers.count)]
        floor.call(number, from: CallerKey("caller-\(random.below(40))"), showsNumber: random.below(4) > 0)
        return "call \(number)"
    }

    mutating func leg(where wanted: (VirtualFloor.LegState) -> Bool) -> LegID? {
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
        let failures: [LegFailure] = [.busy, .declined, .unreachable, .failed, .notMade, .notCallable, .noSuchNumber]
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
        switch random.below(6) {
        case 4:
            let contacts = floor.center.contacts.map(\.key)
            guard !contacts.isEmpty else { return "prioritise nothing" }
            let contact = contacts[random.below(contacts.count)]
            let boost = random.below(3) == 0 ? Int.max : random.below(600)
            floor.submit(.priorityChanged(contact, priorityClass: random.below(3), boostSeconds: boost))
            return "priority of \(contact)"
        case 5:
            let contacts = floor.center.contacts.map(\.key)
            guard !contacts.isEmpty else { return "withdraw nothing" }
            floor.submit(.withdrawRequested(contacts[random.below(contacts.count)]))
            return "withdraw"
        case 0:
            floor.restart(with: floor.center)
            return "restart"
        case 1:
            floor.submit(.admissionChanged(fallback: random.below(2) == 0))
            return "admission"
        default:
            let configuration = configurations[random.below(configurations.count)]
            if preparing == nil, random.below(2) == 0 {
                floor.prepare(configuration)
                preparing = (configuration, 1 + random.below(40))
                return "prepare"
            }
            floor.apply(configuration)
            return "reload"
        }
    }
}
