// What the desks take from the configuration beside what the rules know.

public import Basics
public import SiteConfiguration

/// Names, codes and switches of the agents' pages. Changes with a reload.
public struct DeskSettings: Sendable, Equatable {
    public var names: [AgentID: String]
    public var dispositions: DispositionSettings
    /// Queues whose offers a page may accept by itself.
    public var autoAnswerQueues: Set<QueueID>
    public var lostGraceSeconds: Int

    public init(_ configuration: SiteConfiguration = SiteConfiguration()) {
        names = Dictionary(configuration.agents.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        dispositions = configuration.dispositions
        autoAnswerQueues = Set(configuration.queues.filter(\.autoAnswer).map(\.id))
        lostGraceSeconds = configuration.site.desk.lostGraceSeconds
    }
}
