// Everything that an admin decides, as written in the configuration folder.

internal import Basics
public import IVR

/// The content of `Config/`, with defaults filled in and references to secrets left as they are.
public struct SiteConfiguration: Hashable, Sendable {
    public var site = SiteSettings()
    public var listeners = ListenerSettings()
    public var tokens: [TokenSettings] = []
    public var trunks: [TrunkSettings] = []
    public var numbers: [NumberSettings] = []
    public var agents: [AgentSettings] = []
    public var queues: [QueueSettings] = []
    public var hours: [HoursSettings] = []
    public var dispositions = DispositionSettings()
    public var skills = SkillSettings()
    public var routing = RoutingSettings()
    public var recordings = RecordingSettings()
    /// In the order of their names.
    public var flows: [Flow] = []

    public init() {}

    /// Where run-time data stands: absolute, or relative to the folder that holds the configuration folder.
    public func stateFolder(besides configurationFolder: String) -> String {
        var state = site.state
        while state.count > 1, state.hasSuffix("/") { state.removeLast() }
        if state.hasPrefix("/") { return state }
        var parent = configurationFolder
        while parent.count > 1, parent.hasSuffix("/") { parent.removeLast() }
        guard let slash = parent.lastIndex(of: "/") else { return state }
        return slash == parent.startIndex ? "/\(state)" : "\(parent[..<slash])/\(state)"
    }
}
