// The rules of queues and agents in a pack: a large house has fifty thousand members.

public import Basics

extension QueueRules.Member: Packable {
    public func pack(into writer: inout PackWriter) {
        writer.id(agent)
        writer.integer(level)
        writer.optional(share) { $0.integer($1) }
    }

    public init(unpacking reader: inout PackReader) throws {
        self.init(agent: try reader.id(), level: try reader.integer())
        share = try reader.optional { try $0.integer() }
    }
}

extension QueueRules: Packable {
    public func pack(into writer: inout PackWriter) throws {
        var others = self
        others.members = []
        try writer.encode(others)
        try writer.list(members)
    }

    public init(unpacking reader: inout PackReader) throws {
        self = try reader.decode()
        members = try reader.list()
    }
}

extension AgentSkills: Packable {
    public func pack(into writer: inout PackWriter) {
        writer.list(grades) { writer, grade in
            writer.string(grade.skill)
            writer.integer(grade.grade)
        }
        writer.list(tags) { $0.string($1) }
    }

    public init(unpacking reader: inout PackReader) throws {
        self.init()
        grades = try reader.list { Grade(skill: try $0.string(), grade: try $0.integer()) }
        tags = try reader.list { try $0.string() }
    }
}

extension AgentRules: Packable {
    public func pack(into writer: inout PackWriter) throws {
        try writer.record { writer in
            writer.id(id)
            writer.list(devices) { $0.id($1) }
            writer.optional(skillsAndTags) { $1.pack(into: &$0) }
            try writer.encodeIfPresent(limits)
        }
    }

    public init(unpacking reader: inout PackReader) throws {
        self = try reader.record { reader in
            var rules = AgentRules(id: try reader.id(), devices: try reader.list { try $0.id() })
            rules.skillsAndTags = try reader.optional { try AgentSkills(unpacking: &$0) }
            rules.limits = try reader.decodeIfPresent()
            return rules
        }
    }
}
