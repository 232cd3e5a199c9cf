// Sends a part of the calls another way, and breaks that off when it does them no good (S0-80).

import ACD
public import Basics
public import IVR

/// A split of a flow.
public struct TrialKey: Codable, Hashable, Comparable, Sendable {
    public var flow: FlowID
    public var node: NodeID

    public static func < (a: TrialKey, b: TrialKey) -> Bool { a.flow != b.flow ? a.flow < b.flow : a.node < b.node }
}

/// How the two ways of a split have fared.
public struct Trial: Codable, Hashable, Sendable {
    public struct Way: Codable, Hashable, Sendable {
        public internal(set) var begun = 0
        public internal(set) var ended = 0
        public internal(set) var abandoned = 0
        public internal(set) var errors = 0

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

    init(_ split: Split) { self.split = split }

    /// Whether the trial has to be broken off, by what is known now.
    var isBad: Bool {
        guard let brake = split.brake, trial.ended >= max(1, brake.callsMin) else { return false }
        if let errors = trial.errorPercent, errors > brake.errorPercentMax { return true }
        guard usual.ended >= max(1, brake.callsMin), let tried = trial.abandonPercent, let known = usual.abandonPercent else {
            return false
        }
        return tried > known + brake.abandonPointsMax
    }
}

/// A way that a contact has gone by lot.
public struct TrialMark: Codable, Hashable, Sendable {
    public var key: TrialKey
    public var isTrial: Bool
}

extension Center {
    /// Splits counted at once; more are drawn and not counted.
    static let trialsMax = 1000

    mutating func choose(_ split: Split, at node: NodeID, for contact: inout Contact) -> NodeID {
        let key = TrialKey(flow: contact.interpreter.flow, node: node)
        if trials.look(at: key, { $0.split == split }) != true, trials.count < Self.trialsMax { trials[key] = Trial(split) }
        let isBrokenOff = trials.look(at: key) { $0.brokenOffAt != nil } ?? false
        // Drawn in any case, so that a trial that is broken off does not shift the lots of others.
        let isDrawn = random.below(100) < split.percent
        let isTrial = isDrawn && !isBrokenOff
        trials.update(key) { trial in
            if isTrial { trial.trial.begun += 1 } else { trial.usual.begun += 1 }
        }
        contact.trials.removeAll { $0.key == key }
        contact.trials.append(TrialMark(key: key, isTrial: isTrial))
        let value = isTrial ? "trial" : "usual"
        contact.setAttribute(node.rawValue, value)
        contact.note(.noted(attribute: node.rawValue, value: value), at: now)
        return isTrial ? split.trial : split.usual
    }

    /// The contact is over: what that says of the ways it has gone.
    mutating func conclude(_ contact: Contact, _ outcome: Outcome) {
        for mark in contact.trials {
            trials.update(mark.key) { trial in
                func count(_ way: inout Trial.Way) {
                    way.ended += 1
                    switch outcome {
                    case .abandoned: way.abandoned += 1
                    case .lost, .fallback: way.errors += 1
                    case .handled, .selfService, .transferred, .voicemail, .hungUpInMenu, .callbackFailed,
                        .merged:
                        break
                    }
                }
                if mark.isTrial { count(&trial.trial) } else { count(&trial.usual) }
                if trial.brokenOffAt == nil, trial.isBad { trial.brokenOffAt = now }
            }
        }
    }
}
