// Where a call stands in its flow, in a pack.

public import Basics

extension Interpreter: Packable {
    public func pack(into writer: inout PackWriter) {
        writer.id(flow)
        switch state {
        case .notStarted: writer.byte(0)
        case .finished: writer.byte(1)
        case .handedOver(let node):
            writer.byte(2)
            writer.id(node)
        case .playing(let node):
            writer.byte(3)
            writer.id(node)
        case .menuPrompt(let node, let attempt):
            writer.byte(4)
            writer.id(node)
            writer.integer(attempt)
        case .menuKey(let node, let attempt, let deadline):
            writer.byte(5)
            writer.id(node)
            writer.integer(attempt)
            writer.instant(deadline)
        case .collecting(let node, let attempt):
            writer.byte(6)
            writer.id(node)
            writer.integer(attempt)
        }
    }

    public init(unpacking reader: inout PackReader) throws {
        self.init(flow: try reader.id())
        switch try reader.byte() {
        case 0: state = .notStarted
        case 1: state = .finished
        case 2: state = .handedOver(try reader.id())
        case 3: state = .playing(try reader.id())
        case 4: state = .menuPrompt(try reader.id(), attempt: try reader.integer())
        case 5: state = .menuKey(try reader.id(), attempt: try reader.integer(), deadline: try reader.instant())
        case 6: state = .collecting(try reader.id(), attempt: try reader.integer())
        default: throw reader.unexpected("state of a flow")
        }
    }
}
