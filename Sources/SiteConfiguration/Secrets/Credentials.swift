// The secrets of a configuration, looked up.

public import Basics

/// What devices, trunks and users of the API prove themselves with. Kept apart from the settings, so that those can be shown.
public struct Credentials: Hashable, Sendable, CustomStringConvertible {
    /// The hashes of one device.
    public struct Device: Hashable, Sendable {
        public var device: DeviceID
        public var agent: AgentID
        public var ha1: HA1
    }

    /// The hashes with which we sign in at one trunk.
    public struct Trunk: Hashable, Sendable {
        public var trunk: TrunkID
        public var ha1: HA1
    }

    /// One bearer token.
    public struct Token: Hashable, Sendable {
        public var name: String
        public var role: Role
        /// The argon2id hash of the whole token, `NAME.SECRET`.
        public var hash: String
    }

    /// The password of one agent's page.
    public struct Agent: Hashable, Sendable {
        public var agent: AgentID
        /// The argon2id hash.
        public var hash: String

        public init(agent: AgentID, hash: String) {
            self.agent = agent
            self.hash = hash
        }
    }

    /// By which recordings are encrypted.
    public struct RecordingKeys: Hashable, Sendable {
        public static let bytes = 32

        /// nil: nothing is encrypted, or the first start makes the key.
        public var current: [UInt8]?
        /// Those of earlier times.
        public var old: [[UInt8]] = []

        public init(current: [UInt8]? = nil, old: [[UInt8]] = []) {
            self.current = current
            self.old = old
        }
    }

    /// With which we show who we are where the digits of a secure form go.
    public struct SecureForm: Hashable, Sendable {
        public var name: String
        public var token: String
    }

    public var recordingKeys = RecordingKeys()
    public var secureForms: [SecureForm] = []
    public var devices: [Device] = []
    public var trunks: [Trunk] = []
    public var tokens: [Token] = []
    public var agents: [Agent] = []

    /// Without the secrets.
    public var description: String {
        "credentials of \(devices.count) devices, \(agents.count) agents, \(trunks.count) trunks, \(tokens.count) tokens"
    }
}
