// Turns the settings into the form that the rules work with.

internal import ACD
public import Basics
public import ContactCenter
internal import Foundation
internal import IVR

extension SiteConfiguration {
    /// The characters of the version: 64 bits are enough to tell the configurations of one center apart.
    private static let versionCharacters = 16

    /// What the rules need of a configuration without errors.
    ///
    /// The offsets of the time zones reach from the beginning of the year before `now` for twelve years, so that two
    /// compilations of the same settings in one year have the same version.
    public func compile(now: Instant) -> CenterConfiguration {
        var compiled = CenterConfiguration(
            version: "", queues: queues.map { $0.compiled(with: dispositions, skills) },
            agents: agents.map { agent in
                var rules = AgentRules(
                    id: agent.id, devices: agent.devices.map(\.id) + (agent.browser.map { [$0] } ?? []), skills: agent.skills)
                rules.limits = agent.limits == AgentLimits() ? nil : agent.limits
                return rules
            },
            flows: flows, numbers: numbers.map(\.rules),
            hours: compiledHours(now: now),
            featureCodes: site.featureCodes, pauseReasons: pauseReasons, lostGraceSeconds: site.desk.lostGraceSeconds,
            dispositions: dispositions.codes.map { Disposition(code: $0.code, label: $0.label) },
            dayOffsets: HoursSettings.offsets(of: site.timeZone, now: now))
        compiled.showsSupervision = site.desk.supervisionIndicator
        compiled.priorities = routing.priorities
        compiled.countsResetSecond = routing.countsReset
        compiled.secureForms = recordings.secureForms.map(\.compiled)
        compiled.kinds = routing.kinds.map(\.compiled)
        compiled.outside = trunks.compactMap { trunk in
            guard var rules = trunk.outside else { return nil }
            rules.trunk = trunk.id
            return rules
        }
        compiled.version = Self.version(of: compiled)
        return compiled
    }

    /// Each time zone is worked out once: it takes some milliseconds.
    private func compiledHours(now: Instant) -> [OpeningHours] {
        var offsets: [String: [OpeningHours.Offset]] = [:]
        return hours.map { line in
            let zone = line.timeZone ?? site.timeZone
            let known = offsets[zone] ?? HoursSettings.offsets(of: zone, now: now)
            offsets[zone] = known
            return line.compiled(offsets: known)
        }
    }

    /// Every reason of the feature codes and of the page, once.
    private var pauseReasons: [String] {
        var reasons: [String] = []
        for reason in site.featureCodes.pauses.map(\.reason) + site.desk.pauses where !reasons.contains(reason) {
            reasons.append(reason)
        }
        return reasons
    }

    /// SHA-256 over the packed form.
    private static func version(of compiled: CenterConfiguration) -> String {
        guard let content = try? compiled.packed() else {
            preconditionFailure("texts and whole numbers can always be packed")
        }
        return String(Digest.sha256(content).prefix(versionCharacters))
    }
}
