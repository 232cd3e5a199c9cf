// The compiled configuration in a pack.

import ACD
public import Basics

extension CenterConfiguration: Packable {
    /// Queues and agents, of which there are many, beside the rest.
    public func pack(into writer: inout PackWriter) throws {
        var others = self
        (others.queues, others.agents) = ([], [])
        try writer.encode(others)
        try writer.list(queues)
        try writer.list(agents)
    }

    public init(unpacking reader: inout PackReader) throws {
        self = try reader.decode()
        queues = try reader.list()
        agents = try reader.list()
    }
}

extension CenterConfiguration {
    /// Raised when a later program packs something that this one cannot read.
    private static let packVersion: UInt8 = 1

    public func packed() throws -> [UInt8] { try Pack.encode(version: Self.packVersion) { try pack(into: &$0) } }

    /// - Throws: `PackError`, `DecodingError`.
    public init(packed bytes: [UInt8]) throws {
        self = try Pack.decode(bytes, versionMax: Self.packVersion) { try CenterConfiguration(unpacking: &$0) }
    }
}
