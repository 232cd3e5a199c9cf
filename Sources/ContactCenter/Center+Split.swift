// Sends a part of the calls another way, and breaks that off when it does them no good (S0-80).

import ACD
public import Basics
public import IVR

/// A split of a flow.
public struct TrialKey: Codable, Hashable, Comparable, Sendable {
    public var flow: FlowID
    public var node: NodeID

    public init(flow: FlowID, node: NodeID) {
        self.flow = flow
        self.node = node
    }

    public static func < (a: TrialKey, b: TrialKey) -> Bool { a.flow != b.flow ? a.flow < b.flow : a.node < b.node }
}

/// How the two ways of a split have fared.
public struct Trial: Codable, Hashable, Sendable {
    public struct Way: Codable, Hashable, Sendable {
        public internal(set) var begun: Int
        public internal(set) var ended: Int
        public internal(set) var abandoned: Int
        public internal(set) var errors: Int

        public init(begun: Int = 0, ended: Int = 0, abandoned: Int = 0, errors: Int = 0) {
            self.begun = begun
            self.ended = ended
            self.abandoned = abandoned
            self.errors = errors
        }

        /// Percent; nil: nothing has ended.
        public var abandonPercent: Double? { ended > 0 ? 100 * Double(abandoned) / Double(ended) : nil }
        public var errorPercent: Double? { ended > 0 ? 100 * Double(errors) / Double(ended) : nil }
    }

    /// Other settings begin another trial.
    public let split: Split
    public internal(set) var trial = Way()
    public internal(set) var usual = Way()
    /// Since then every call goes the usual way.
    public internal(set) var brokenOffAt: Instant?

    /// How the usual way has fared under other settings of the same split; nil: nothing is known of it.
    public internal(set) var former: Way?
    /// Tells the trials of one split apart; nil: stored before they were.
    var generation: Int?
    /// nil: it has no stages, or nobody has come yet.
    private var progress: Progress?

    /// How far the trial has come in its stages.
    struct Progress: Codable, Hashable, Sendable {
        /// Stages gone on to; 0: the first share.
        var stage = 0
        var since: Instant
        /// Contacts of the trial that were over when the stage began.
        var endedBefore = 0
    }

    /// Stages gone on to; 0: the first share.
    public var stage: Int { min(progress?.stage ?? 0, split.stages.count) }
    /// When that began; nil: there are no stages, or nobody has come yet.
    public var stageSince: Instant? { progress?.since }
    /// Contacts of the trial that are over of those that the next stage waits for.
    public var endedInStage: Int { trial.ended - (progress?.endedBefore ?? 0) }

    /// Percent of the contacts that go the way of the trial now, if it is not broken off.
    public var percent: Int { stage > 0 ? split.stages[stage - 1].percent : split.percent }

    public init(_ split: Split, trial: Way = Way(), usual: Way = Way(), former: Way? = nil) {
        self.split = split
        self.trial = trial
        self.usual = usual
        self.former = former
    }

    /// Where there is nothing to compare with, because every call goes the way of the trial: percent of them that may be
    /// abandoned.
    public static let abandonPercentMax = 20.0
    /// Standard deviations by which a share has to be too high: chance alone does so with one trial in fifty.
    static let deviationsMin = 2.0

    /// Another contact has come: if the stage has lasted long enough and enough have gone through it, and well, the next begins.
    ///
    /// - Returns: whether it has.
    mutating func goOn(at now: Instant) -> Bool {
        guard !split.stages.isEmpty, brokenOffAt == nil else { return false }
        guard let present = progress else {
            progress = Progress(since: now)
            return false
        }
        guard stage < split.stages.count else { return false }
        let next = split.stages[stage]
        guard now >= present.since + .seconds(next.afterSeconds), endedInStage >= next.afterCalls, isJudged, !isBad else {
            return false
        }
        progress = Progress(stage: stage + 1, since: now, endedBefore: trial.ended)
        return true
    }

    /// Whether enough is known of both ways for the brake to judge them.
    private var isJudged: Bool {
        guard let brake = split.brake else { return true }
        let callsMin = max(1, brake.callsMin)
        return trial.ended >= callsMin && [usual, former].compactMap(\.self).contains { $0.ended >= callsMin }
    }

    /// Whether the trial has to be broken off, by what is known now.
    public var isBad: Bool {
        guard let brake = split.brake else { return false }
        let callsMin = max(1, brake.callsMin)
        guard trial.ended >= callsMin else { return false }
        if let errors = trial.errorPercent, errors > brake.errorPercentMax { return true }
        let tried = Double(trial.abandoned) / Double(trial.ended)
        if let known = [usual, former].compactMap(\.self).first(where: { $0.ended >= callsMin }) {
            let share = Double(known.abandoned) / Double(known.ended)
            let inAll = Double(trial.abandoned + known.abandoned) / Double(trial.ended + known.ended)
            let deviation = (inAll * (1 - inAll) * (1 / Double(trial.ended) + 1 / Double(known.ended))).squareRoot()
            return 100 * (tried - share) > brake.abandonPointsMax && tried - share >= Self.deviationsMin * deviation
        }
        guard percent >= 100 else { return false }
        let deviation = (tried * (1 - tried) / Double(trial.ended)).squareRoot()
        return tried - Self.abandonPercentMax / 100 > Self.deviationsMin * deviation
    }
}

/// A way that a contact has gone by lot.
public struct TrialMark: Codable, Hashable, Sendable {
    public var key: TrialKey
    public var isTrial: Bool
    /// Of the trial.
    var generation: Int?
}

extension Center {
    /// Splits counted at once; more are drawn and not counted.
    static let trialsMax = 1000

    mutating func choose(_ split: Split, at node: NodeID, for contact: inout Contact) -> NodeID {
        let key = TrialKey(flow: contact.interpreter.flow, node: node)
        beginTrial(of: split, key, by: contact)
        if trials.update(key, { $0.split == split && $0.goOn(at: now) }) == true { out.append(.trialStageBegan(key)) }
        // Who goes through a flow that has been replaced counts for no other trial than the one that it began with.
        let trial = trials[key].flatMap { $0.split == split ? $0 : nil }
        // Drawn in any case, so that a trial that is broken off does not shift the lots of others.
        let isDrawn = random.below(100) < (trial?.percent ?? split.percent)
        let isTrial = isDrawn && trial?.brokenOffAt == nil
        contact.trials.removeAll { $0.key == key }
        if let trial {
            trials.update(key) { trial in
                if isTrial { trial.trial.begun += 1 } else { trial.usual.begun += 1 }
            }
            contact.trials.append(TrialMark(key: key, isTrial: isTrial, generation: trial.generation))
        }
        let value = isTrial ? "trial" : "usual"
        contact.setAttribute(node.rawValue, value)
        contact.note(.noted(attribute: node.rawValue, value: value), at: now)
        return isTrial ? split.trial : split.usual
    }

    /// Other settings begin another trial, which knows of the usual way what the one before it has seen.
    private mutating func beginTrial(of split: Split, _ key: TrialKey, by contact: Contact) {
        let old = trials[key]
        guard old?.split != split, flows.contains(where: { $0.number == contact.flowVersion && $0.isCurrent }) else { return }
        guard old != nil || trials.count < Self.trialsMax else { return }
        var trial = Trial(split)
        trial.generation = figures.events
        if let old, old.split.usual == split.usual {
            trial.former = old.usual.ended >= old.former?.ended ?? 0 ? old.usual : old.former
        }
        trials[key] = trial
    }

    /// Forgets what was counted of splits that are in no flow any more.
    mutating func dropTrials() {
        for key in trials.map(\.key) {
            let isThere = flows.contains { version in
                guard version.isCurrent, version.flow.id == key.flow else { return false }
                return version.flow.nodes.contains { node in
                    if node.id == key.node, case .split = node.action { true } else { false }
                }
            }
            if !isThere { trials[key] = nil }
        }
    }

    /// The contact is over: what that says of the ways it has gone.
    mutating func conclude(_ contact: Contact, _ outcome: Outcome) {
        // That a process ended says nothing of any way.
        guard outcome != .lost else { return }
        for mark in contact.trials {
            let isNews = trials.update(mark.key) { trial in
                guard trial.generation == mark.generation else { return false }
                func count(_ way: inout Trial.Way) {
                    way.ended += 1
                    switch outcome {
                    case .abandoned: way.abandoned += 1
                    case .fallback: way.errors += 1
                    case .handled, .selfService, .transferred, .voicemail, .hungUpInMenu, .callbackFailed, .merged, .lost,
                        .unserved:
                        break
                    }
                }
                if mark.isTrial { count(&trial.trial) } else { count(&trial.usual) }
                guard trial.brokenOffAt == nil, trial.isBad else { return false }
                trial.brokenOffAt = now
                return true
            }
            if isNews == true { out.append(.trialBrokenOff(mark.key)) }
        }
    }
}
