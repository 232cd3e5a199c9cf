// Deadlines in a pack: in the order of the heap, which is part of the state.

extension DeadlineHeap {
    public func pack(into writer: inout PackWriter, _ write: (inout PackWriter, Target) throws -> Void) throws {
        writer.number(number)
        writer.optional(kept) { $0.integer($1) }
        try writer.list(entries) { writer, entry in
            writer.instant(entry.at)
            writer.number(entry.number)
            try write(&writer, entry.target)
        }
    }

    public init(unpacking reader: inout PackReader, _ read: (inout PackReader) throws -> Target) throws {
        self.init()
        number = try reader.number()
        kept = try reader.optional { try $0.integer() }
        entries = try reader.list { Entry(at: try $0.instant(), number: try $0.number(), target: try read(&$0)) }
    }
}
