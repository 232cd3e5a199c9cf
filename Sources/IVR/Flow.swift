// What a voice menu is made of. Written by an admin in `Config/flows/*.yaml`, checked once, then walked by `Interpreter`.

public import Basics

/// A call's way through the self-service, as a graph of nodes.
public struct Flow: Codable, Hashable, Sendable {
    public var id: FlowID
    /// Where a call begins.
    public var start: NodeID
    /// In the order of the file.
    public var nodes: [Node]

    public init(id: FlowID, start: NodeID, nodes: [Node]) {
        self.id = id
        self.start = start
        self.nodes = nodes
    }

    /// The node of that name; flows have a few dozen nodes at most.
    public func node(_ id: NodeID) -> Node? { nodes.first { $0.id == id } }
}

/// One step of a flow.
public struct Node: Codable, Hashable, Sendable {
    public var id: NodeID
    public var action: Action

    public init(id: NodeID, action: Action) {
        self.id = id
        self.action = action
    }
}

/// Something a caller hears: a sentence for the speech synthesiser, or a WAV file below `Config/prompts`.
public enum Prompt: Codable, Hashable, Sendable {
    case text(String)
    case file(String)
}

/// What a node does. Indirect, so that a node is looked up quickly.
public indirect enum Action: Codable, Hashable, Sendable {
    case menu(Menu)
    case play(Play)
    case collect(Collect)
    case queue(EnterQueue)
    case hours(CheckHours)
    case set(SetAttribute)
    case branch(Branch)
    case split(Split)
    case voicemail(Voicemail)
    case transfer(Transfer)
    case hangUp(HangUp)

    /// Every node that may come after this one, each as often as it is named, in the order of the file.
    public var successors: [NodeID] {
        switch self {
        case .menu(let menu): menu.choices.map(\.next) + [menu.otherwise]
        case .play(let play): [play.next]
        case .collect(let collect): [collect.next, collect.otherwise]
        case .queue(let queue): queue.otherwise.map { [$0] } ?? []
        case .hours(let hours): [hours.open, hours.closed]
        case .set(let set): [set.next]
        case .branch(let branch): branch.cases.map(\.next) + [branch.otherwise]
        case .split(let split): [split.trial, split.usual]
        case .voicemail(let voicemail): voicemail.next.map { [$0] } ?? []
        case .transfer(let transfer): [transfer.otherwise]
        case .hangUp: []
        }
    }
}

/// Asks for one key. Any key stops the prompt.
public struct Menu: Codable, Hashable, Sendable {
    public struct Choice: Codable, Hashable, Sendable {
        /// One of `0`–`9`, `*`, `#`.
        public var key: String
        public var next: NodeID
        /// The way out to a person, which the limit of choices does not count (requirements C1).
        public var isOptOut: Bool

        public init(key: String, next: NodeID, isOptOut: Bool = false) {
            self.key = key
            self.next = next
            self.isOptOut = isOptOut
        }
    }

    public var prompt: Prompt
    public var choices: [Choice]
    /// From the end of the prompt.
    public var timeoutMilliseconds: Int
    /// How often the menu is said in all before `otherwise`.
    public var tries: Int
    /// Said before the menu is said again after a wrong key; nil: only the menu.
    public var wrongKey: Prompt?
    /// Said before the menu is said again after no key; nil: only the menu.
    public var noKey: Prompt?
    /// After the last try: to a person.
    public var otherwise: NodeID

    public init(
        prompt: Prompt, choices: [Choice], timeoutMilliseconds: Int = 5000, tries: Int = 3, wrongKey: Prompt? = nil,
        noKey: Prompt? = nil, otherwise: NodeID
    ) {
        self.prompt = prompt
        self.choices = choices
        self.timeoutMilliseconds = timeoutMilliseconds
        self.tries = tries
        self.wrongKey = wrongKey
        self.noKey = noKey
        self.otherwise = otherwise
    }
}

/// Plays one prompt after the other, whole.
public struct Play: Codable, Hashable, Sendable {
    public var prompts: [Prompt]
    public var next: NodeID

    public init(prompts: [Prompt], next: NodeID) {
        self.prompts = prompts
        self.next = next
    }
}

/// Takes several digits. The edge gathers them; the rules see a token, a length and whether they are valid, never the digits.
public struct Collect: Codable, Hashable, Sendable {
    public var prompt: Prompt
    /// The attribute that gets the token.
    public var attribute: String
    public var lengthMin: Int
    public var lengthMax: Int
    /// Ends the entry early: `#`, `*`, or nil.
    public var terminator: String?
    public var firstDigitTimeoutMilliseconds: Int
    public var nextDigitTimeoutMilliseconds: Int
    public var tries: Int
    public var next: NodeID
    /// After the last try: to a person.
    public var otherwise: NodeID
    /// Who takes the digits and gives the token for them, by its name in the configuration; nil: nobody does.
    public var form: String?

    public init(
        prompt: Prompt, attribute: String, lengthMin: Int, lengthMax: Int, terminator: String? = "#",
        firstDigitTimeoutMilliseconds: Int = 8000, nextDigitTimeoutMilliseconds: Int = 4000, tries: Int = 3, next: NodeID,
        otherwise: NodeID
    ) {
        self.prompt = prompt
        self.attribute = attribute
        self.lengthMin = lengthMin
        self.lengthMax = lengthMax
        self.terminator = terminator
        self.firstDigitTimeoutMilliseconds = firstDigitTimeoutMilliseconds
        self.nextDigitTimeoutMilliseconds = nextDigitTimeoutMilliseconds
        self.tries = tries
        self.next = next
        self.otherwise = otherwise
    }
}

/// Hands the contact to a queue. The flow goes on only if the queue gives it back (full, closed, waited too long).
public struct EnterQueue: Codable, Hashable, Sendable {
    public var queue: QueueID
    /// Strict class, higher first (definitions.md 3.2).
    public var priorityClass: Int
    /// Head start inside the class, in seconds.
    public var boostSeconds: Int
    /// Where the call goes when the queue gives it back; nil: a goodbye.
    public var otherwise: NodeID?
    private var wantsCallback: Bool?

    /// The caller is called back instead of waiting on the line; who cannot be, waits there.
    public var asCallback: Bool {
        get { wantsCallback ?? false }
        set { wantsCallback = newValue ? true : nil }
    }

    public init(
        queue: QueueID, priorityClass: Int = 0, boostSeconds: Int = 0, otherwise: NodeID? = nil, asCallback: Bool = false
    ) {
        self.queue = queue
        self.priorityClass = priorityClass
        self.boostSeconds = boostSeconds
        self.otherwise = otherwise
        self.asCallback = asCallback
    }
}

/// Branches on the opening hours.
public struct CheckHours: Codable, Hashable, Sendable {
    public var hours: HoursID
    public var open: NodeID
    public var closed: NodeID

    public init(hours: HoursID, open: NodeID, closed: NodeID) {
        self.hours = hours
        self.open = open
        self.closed = closed
    }
}

/// Notes something about the contact for later branches, the agent and the reports.
public struct SetAttribute: Codable, Hashable, Sendable {
    public var attribute: String
    public var value: String
    public var next: NodeID

    public init(attribute: String, value: String, next: NodeID) {
        self.attribute = attribute
        self.value = value
        self.next = next
    }
}

/// Goes on by the value of an attribute.
public struct Branch: Codable, Hashable, Sendable {
    public struct Case: Codable, Hashable, Sendable {
        public var value: String
        public var next: NodeID

        public init(value: String, next: NodeID) {
            self.value = value
            self.next = next
        }
    }

    public var attribute: String
    public var cases: [Case]
    public var otherwise: NodeID

    public init(attribute: String, cases: [Case], otherwise: NodeID) {
        self.attribute = attribute
        self.cases = cases
        self.otherwise = otherwise
    }
}

/// Sends a part of the calls another way, by lot: a new flow or queue on trial (S0-80).
public struct Split: Codable, Hashable, Sendable {
    /// When the trial is broken off by itself. Whoever has tried it to the end counts.
    public struct Brake: Codable, Hashable, Sendable {
        /// Percentage points by which the share of abandoned calls may be above that of the usual way.
        public var abandonPointsMax: Double
        /// Percent of the calls that may end in a technical failure.
        public var errorPercentMax: Double
        /// Calls of a way before anything is concluded from them.
        public var callsMin: Int

        public init(abandonPointsMax: Double = 3, errorPercentMax: Double = 1, callsMin: Int = 50) {
            self.abandonPointsMax = abandonPointsMax
            self.errorPercentMax = errorPercentMax
            self.callsMin = callsMin
        }
    }

    /// A greater share, to which the trial goes on by itself when it has gone well (S0-80).
    public struct Stage: Codable, Hashable, Sendable {
        /// Percent of the calls that go the way of the trial.
        public var percent: Int
        /// The stage before has lasted for at least so long.
        public var afterSeconds: Int
        /// At least so many calls have gone the way of the trial in the stage before, and are over.
        public var afterCalls: Int

        public init(percent: Int, afterSeconds: Int = 86_400, afterCalls: Int = 50) {
            self.percent = percent
            self.afterSeconds = afterSeconds
            self.afterCalls = afterCalls
        }
    }

    /// Stages behind the first share.
    public static let stagesMax = 10

    /// Percent of the calls that go the way of the trial, at first.
    public var percent: Int
    private var laterStages: [Stage]?
    /// What follows on that share, one after the other.
    public var stages: [Stage] {
        get { laterStages ?? [] }
        set { laterStages = newValue.isEmpty ? nil : newValue }
    }
    public var trial: NodeID
    public var usual: NodeID
    /// nil: nothing but a new configuration ends the trial.
    public var brake: Brake?

    public init(percent: Int, trial: NodeID, usual: NodeID, brake: Brake? = Brake(), stages: [Stage] = []) {
        self.percent = percent
        laterStages = stages.isEmpty ? nil : stages
        self.trial = trial
        self.usual = usual
        self.brake = brake
    }
}

/// Records what the caller says after the prompt, until a key, the limit or hang-up.
public struct Voicemail: Codable, Hashable, Sendable {
    public var prompt: Prompt
    public var mailbox: String
    public var secondsMax: Int
    /// So much silence ends the message; 0: none does.
    public var silenceSeconds: Int
    /// nil: a goodbye.
    public var next: NodeID?

    public init(prompt: Prompt, mailbox: String, secondsMax: Int = 120, silenceSeconds: Int = 5, next: NodeID? = nil) {
        self.prompt = prompt
        self.mailbox = mailbox
        self.secondsMax = secondsMax
        self.silenceSeconds = silenceSeconds
        self.next = next
    }

    /// Reads what was stored before there was `silenceSeconds`, too: then no silence ended a message.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        prompt = try values.decode(Prompt.self, forKey: .prompt)
        mailbox = try values.decode(String.self, forKey: .mailbox)
        secondsMax = try values.decode(Int.self, forKey: .secondsMax)
        silenceSeconds = try values.decodeIfPresent(Int.self, forKey: .silenceSeconds) ?? 0
        next = try values.decodeIfPresent(NodeID.self, forKey: .next)
    }
}

/// Connects the caller to somebody outside over a trunk.
public struct Transfer: Codable, Hashable, Sendable {
    public var trunk: TrunkID
    /// A number in the trunk's form, or the user part of a SIP address at the trunk.
    public var number: String
    public var ringSeconds: Int
    public var record: Bool
    /// When nobody answers there.
    public var otherwise: NodeID

    public init(trunk: TrunkID, number: String, ringSeconds: Int = 30, record: Bool = false, otherwise: NodeID) {
        self.trunk = trunk
        self.number = number
        self.ringSeconds = ringSeconds
        self.record = record
        self.otherwise = otherwise
    }
}

/// Says goodbye and ends the call.
public struct HangUp: Codable, Hashable, Sendable {
    public var prompt: Prompt?

    public init(prompt: Prompt? = nil) { self.prompt = prompt }
}
