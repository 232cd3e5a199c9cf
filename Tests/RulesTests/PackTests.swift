// The packed form of any value: what was written is read, and nothing else can be made of other bytes but a named error.

import Basics
import Testing

@testable import ACD
@testable import ContactCenter

/// One of everything that `Codable` knows.
private struct Everything: Codable, Equatable {
    enum Choice: Codable, Equatable {
        case nothing
        case one(Int)
        case named(text: String, list: [Bool])
        indirect case both(Choice, Choice)
    }

    var flags = [true, false]
    var least = Int.min
    var most = UInt64.max
    var small: Int8 = -128
    var bytes: [UInt8] = [0, 127, 255]
    var fractions = [0.1, -0.0, .infinity, .greatestFiniteMagnitude]
    var single: Float = 1.5
    var texts = ["", "ä € 𝄞", String(repeating: "x", count: 300)]
    var nothing: Int?
    var something: Int? = 7
    var holes: [Int?] = [1, nil, 3]
    var lists: [[String]] = [[], ["a"], ["b", "c"]]
    var keyed = ["a": 1, "b": 2]
    var time = Duration.milliseconds(-1500)
    var choices: [Choice] = [.nothing, .one(-1), .named(text: "t", list: [true]), .both(.one(1), .both(.nothing, .one(2)))]
    var at = Instant.distantFuture
    var map = {
        var map = PagedMap<AgentID, Int>()
        for number in 0..<300 { map.insert(number, for: AgentID("agent-\(number)")) }
        return map
    }()
}

struct PackTests {
    private func pack(_ value: some Encodable, version: UInt8 = 1) throws -> [UInt8] {
        try Pack.encode(version: version) { try $0.encode(value) }
    }

    private func read<T: Decodable>(_ bytes: [UInt8], as type: T.Type = T.self) throws -> T {
        try Pack.decode(bytes, versionMax: 1) { try $0.decode() }
    }

    @Test("any value is the same after it was packed, and equal values are equal bytes")
    func roundTrip() throws {
        let value = Everything()
        let bytes = try pack(value)
        #expect(try read(bytes) == value)
        #expect(try pack(value) == bytes)
    }

    @Test("a key that an older program did not write is missing, and one that a newer one writes beside is passed over")
    func keys() throws {
        struct Old: Codable, Equatable { var name = "x", dropped = [["long": 1]] }
        struct New: Codable, Equatable {
            var name = "", added: Int?
        }
        struct Strict: Codable { var other: Int }
        #expect(try read(pack(Old()), as: New.self) == New(name: "x"))
        #expect(throws: DecodingError.self) { try read(pack(Old()), as: Strict.self) }
        struct Other: Codable { var name: Int }
        #expect(throws: PackError.self) { try read(pack(Old()), as: Other.self) }
    }

    @Test("numbers that do not fit, foreign bytes, newer versions, changed and cut bytes each have their error")
    func errors() throws {
        #expect(throws: PackError.self) { try read(pack(300), as: UInt8.self) }
        #expect(throws: PackError.noPack) { try read(Array("{}".utf8), as: Int.self) }
        #expect(throws: PackError.newer(version: 2)) { try read(pack(1, version: 2), as: Int.self) }
        let bytes = try pack(["a", "b"])
        for index in bytes.indices where index >= 8 {
            var changed = bytes
            changed[index] ^= 0x10
            #expect(throws: PackError.damaged) { try read(changed, as: [String].self) }
        }
        for length in bytes.indices {
            #expect(throws: PackError.self) { try read(Array(bytes.prefix(length)), as: [String].self) }
        }
    }

    @Test("who nests too deep is told so")
    func depth() throws {
        var choice = Everything.Choice.nothing
        for _ in 0..<100 { choice = .both(choice, .nothing) }
        let bytes = try pack(choice)
        #expect(throws: (any Error).self) { try read(bytes, as: Everything.Choice.self) }
    }

    @Test("twenty thousand damaged packs whose checksum fits are read or refused, and never anything else")
    func damaged() throws {
        let bytes = try pack(Everything(map: PagedMap()))
        var random = SeededRandom(seed: 7)
        var refused = 0
        for _ in 0..<20_000 {
            let changed = Self.damage(bytes, &random)
            do { _ = try read(changed, as: Everything.self) } catch { refused += 1 }
        }
        #expect(refused > 10_000)
    }

    /// A few bytes are others, some are missing or there twice; the checksum is made to fit.
    static func damage(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(3) {
            let index = Pack.headBytes + random.below(bytes.count - Pack.headBytes)
            switch random.below(8) {
            case 0: bytes.removeSubrange(index..<min(bytes.count, index + 1 + random.below(8)))
            case 1: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 1 + random.below(8))], at: index)
            case 2: bytes[index] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
            case 3: bytes[index] ^= UInt8(1) << UInt8(random.below(8))
            default: bytes[index] = UInt8(truncatingIfNeeded: random.next())
            }
            if bytes.count < Pack.headBytes + 8 { break }
        }
        return Pack.sealed(bytes)
    }
}
