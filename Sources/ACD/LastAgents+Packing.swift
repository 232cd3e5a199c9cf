// With whom callers have talked last, in a pack: up to fifty thousand of them.

public import Basics

extension LastAgents: Packable {
    public func pack(into writer: inout PackWriter) {
        writer.number(lastNumber)
        writer.map(talks) { writer, caller, talk in
            writer.id(caller)
            writer.id(talk.agent)
            writer.instant(talk.at)
            writer.number(talk.number)
        }
    }

    public init(unpacking reader: inout PackReader) throws {
        self.init()
        lastNumber = try reader.number()
        talks = try reader.map { (try $0.id(), Talk(agent: try $0.id(), at: try $0.instant(), number: try $0.number())) }
        let inTheirOrder = talks.map { ($0.value.number, $0.key) }.sorted { $0.0 < $1.0 }
        for (number, caller) in inTheirOrder { callers[number] = caller }
    }
}
