// Why packed bytes cannot be read.

/// A damaged or newer pack. Nothing that stands in a pack can lead to anything but its values or one of these.
public enum PackError: Error, Equatable, CustomStringConvertible {
    /// The bytes are no pack at all.
    case noPack
    /// Written by a newer program.
    case newer(version: Int)
    /// Not the bytes that were written.
    case damaged
    /// A value reaches over the end of what holds it.
    case truncated(offset: Int)
    /// What stands there is no such value.
    case unexpected(offset: Int, expected: String)
    case tooDeep(offset: Int)
    /// The program that wrote it knew of more than this one.
    case unknownFields(offset: Int)

    public var description: String {
        switch self {
        case .noPack: "this is no pack"
        case .newer(let version): "the pack is of version \(version); this is an older program"
        case .damaged: "the pack is damaged: its checksum does not fit"
        case .truncated(let offset): "the pack ends within a value (offset \(offset))"
        case .unexpected(let offset, let expected): "the pack is damaged: no \(expected) at offset \(offset)"
        case .tooDeep(let offset): "the pack is nested deeper than \(Pack.depthMax) (offset \(offset))"
        case .unknownFields(let offset): "the pack has fields that this program does not know (offset \(offset))"
        }
    }
}
