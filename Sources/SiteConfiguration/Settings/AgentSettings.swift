// `agents.yaml`: who answers, and with which devices.

public import Basics

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
    public var devices: [Device] = []
}

extension AgentSettings {
    static var schema: Schema<AgentSettings> {
        Schema(
            "an agent",
            [
                Field("name", \.name, .text(charactersMax: 100)),
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
