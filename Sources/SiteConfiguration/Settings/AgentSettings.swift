// `agents.yaml`: who answers, and with which devices.

internal import ACD
public import Basics
internal import Yams

/// One agent.
public struct AgentSettings: Hashable, Sendable {
    /// One telephone of an agent.
    public struct Device: Hashable, Sendable {
        /// The user name with which it registers.
        public var id: DeviceID
        public var ha1: [SecretReference] = []
    }

    public var id: AgentID
    /// As colleagues and supervisors see it.
    public var name = ""
    /// The argon2id hash of the password of the page; nil: the agent works at telephones only.
    public var password: SecretReference?
    public var devices: [Device] = []
    var grades: [AgentSkills.Grade] = []
    var tags: [String] = []
    /// How much at once, and of what.
    var limits = AgentLimits()

    var skills: AgentSkills { AgentSkills(grades: grades, tags: tags) }

    /// The page as a device, where the agent may use it: made up by the house, and the last of the agent's devices.
    public var browser: DeviceID? { password == nil ? nil : Self.browser(of: id) }

    public static func browser(of agent: AgentID) -> DeviceID { DeviceID(agent.rawValue + "-browser") }
}

extension AgentSettings {
    static var schema: Schema<AgentSettings> {
        let grade = Value<Int>.integer(AgentSkills.grades)
        return Schema(
            "an agent",
            [
                Field("name", \.name, .text(charactersMax: 100)),
                Field("password", \.password, .argon2id),
                Field(
                    "skills", \.grades,
                    .named("skill", countMax: 100, write: { "\($0.skill) \($0.grade)" }) { skill, node, path, reading in
                        grade.read(node, path, &reading).map { AgentSkills.Grade(skill: skill, grade: $0) }
                    }),
                Field("tags", \.tags, .list(.name, countMax: 50)),
                Field("capacity", \.limits.capacity, .integer(1...AgentLimits.capacityMax)),
                Field("kinds", \.limits.kinds, .list(.reference, countMax: WorkKind.kindsMax)),
                Field("most", \.limits.most, .mostOfKinds),
                Field(
                    "devices", \.devices,
                    .named(
                        Device.schema, what: "device", countMax: 8, initial: { Device(id: DeviceID($0)) }, nameOf: \.id.rawValue
                    )
                ),
            ])
    }
}

extension AgentSettings.Device {
    static var schema: Schema<Self> { Schema("a device", [Field("ha1", \.ha1, .ha1, required: true)]) }
}
