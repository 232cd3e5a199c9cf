// Checks what no single value can know: references, graphs, ports, prompts.

internal import ACD
internal import Basics
internal import ContactCenter
internal import IVR

/// Goes over a configuration that was read and adds findings.
struct Checker {
    let configuration: SiteConfiguration
    var reading: Reading

    let agents: KnownNames
    let flows: KnownNames
    let hours: KnownNames
    let queues: KnownNames
    let trunks: KnownNames
    let skills: KnownNames
    let kinds: KnownNames
    let secureForms: KnownNames
    /// By agent: there may be thousands, and each step of each queue asks.
    let skillsOfAgents: [AgentID: AgentSkills]
    let limitsOfAgents: [AgentID: AgentLimits]

    init(_ configuration: SiteConfiguration, _ reading: Reading) {
        self.configuration = configuration
        self.reading = reading
        agents = KnownNames("agent", in: "agents.yaml", configuration.agents.map(\.id.rawValue))
        // A number may lead to a flow whose file could not be read: that was said at the file.
        flows = KnownNames("flow", configuration.flows.map(\.id.rawValue) + reading.unreadableFlows)
        hours = KnownNames("opening hours", in: "hours.yaml", configuration.hours.map(\.id.rawValue))
        queues = KnownNames("queue", in: "queues.yaml", configuration.queues.map(\.id.rawValue))
        trunks = KnownNames("trunk", in: "trunks.yaml", configuration.trunks.map(\.id.rawValue))
        skills = KnownNames("skill", in: "skills.yaml", configuration.skills.skills.map(\.name))
        let named = configuration.routing.kinds.map(\.name), call = WorkKindID.call.rawValue
        kinds = KnownNames("kind of work", in: "routing.yaml", named.contains(call) ? named : [call] + named)
        secureForms = KnownNames("secure form", in: "recordings.yaml", configuration.recordings.secureForms.map(\.name))
        skillsOfAgents = Dictionary(
            configuration.agents.map { ($0.id, $0.skills) }, uniquingKeysWith: { first, _ in first })
        limitsOfAgents = Dictionary(
            configuration.agents.map { ($0.id, $0.limits) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func checkAll() {
        checkSite()
        checkListeners()
        checkNumbers()
        checkAgents()
        checkTokens()
        checkQueues()
        checkSkills()
        checkKinds()
        for queue in configuration.queues { checkRouting(of: queue) }
        for flow in configuration.flows { check(flow) }
        checkCallbackSteps()
        checkRecordings()
    }

    private mutating func checkSite() {
        checkFeatureCodes()
        let language = configuration.site.language
        guard language.lowercased().split(separator: "-").first != "en" else { return }
        reading.warning(
            "the built-in voices speak English, not `\(language)`", at: Path("site.yaml", "language"),
            mend: "give every prompt as a WAV file, or write `language: en`")
    }

    private mutating func checkFeatureCodes() {
        let codes = configuration.site.featureCodes
        let path = Path("site.yaml", "feature_codes")
        var meanings = [codes.available: "available"]
        for (code, meaning, place) in [(codes.offline, "offline", path / "offline")]
            + codes.pauses.map({ ($0.code, $0.reason, path / "pauses" / $0.code) })
        {
            if let other = meanings[code] {
                reading.error("`\(code)` means `\(other)` already", at: place, mend: "give each its own code")
            }
            meanings[code] = meaning
        }
        for pause in codes.pauses where pause.reason == AgentPresence.notResponding {
            reading.error(
                "`\(pause.reason)` is what the center itself says of agents who miss calls", at: path / "pauses" / pause.code,
                mend: "give the pause another reason")
        }
    }
}
