// A line of a contact's timeline in a pack.

import ACD
import Basics
import IVR

extension Happening {
    /// What nearly every contact has is written by hand; everything else as any value is, which takes longer.
    func pack(into writer: inout PackWriter) throws {
        switch self {
        case .arrived(let number, let trunk, let channel):
            writer.byte(1)
            writer.string(number)
            writer.id(trunk)
            writer.integer(channel)
        case .visited(let flow, let node):
            writer.byte(2)
            writer.id(flow)
            writer.id(node)
        case .enqueued(let queue, let position):
            writer.byte(3)
            writer.id(queue)
            writer.integer(position)
        case .announced(let position, let seconds):
            writer.byte(4)
            writer.integer(position)
            writer.optional(seconds) { $0.double($1) }
        case .noted(let attribute, let value):
            writer.byte(5)
            writer.string(attribute)
            writer.string(value)
        case .chose(let node, let key):
            writer.byte(6)
            writer.id(node)
            writer.string(key)
        case .offered(let offer, let agent, let queue, let why):
            writer.byte(7)
            writer.id(offer)
            writer.id(agent)
            writer.id(queue)
            why.pack(into: &writer)
        case .answered(let agent, let queue, let seconds):
            writer.byte(8)
            writer.id(agent)
            writer.id(queue)
            writer.double(seconds)
        case .recordingStarted(let recording):
            writer.byte(9)
            writer.id(recording)
        default:
            writer.byte(0)
            try writer.encode(self)
        }
    }

    init(unpacking reader: inout PackReader) throws {
        switch try reader.byte() {
        case 0: self = try reader.decode()
        case 1: self = .arrived(number: try reader.string(), trunk: try reader.id(), channel: try reader.integer())
        case 2: self = .visited(flow: try reader.id(), node: try reader.id())
        case 3: self = .enqueued(try reader.id(), position: try reader.integer())
        case 4:
            let position = try reader.integer()
            self = .announced(position: position, expectedWaitSeconds: try reader.optional { try $0.double() })
        case 5: self = .noted(attribute: try reader.string(), value: try reader.string())
        case 6: self = .chose(node: try reader.id(), key: try reader.string())
        case 7:
            self = .offered(
                try reader.id(), try reader.id(), try reader.id(), why: try Explanation(unpacking: &reader))
        case 8: self = .answered(try reader.id(), try reader.id(), waitSeconds: try reader.double())
        case 9: self = .recordingStarted(try reader.id())
        default: throw reader.unexpected("line of a timeline")
        }
    }
}
