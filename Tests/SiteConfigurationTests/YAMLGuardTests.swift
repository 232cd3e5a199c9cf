// What is refused before the YAML parser sees it, and what is not.

import Basics
import Foundation
import Testing
import Yams

@testable import SiteConfiguration

@Suite struct YAMLGuardTests {
    @Test(
        "Text that only looks dangerous passes",
        arguments: [
            "say: Sales & support * everything ! yes", "say: \"&a *b !c\"", "say: '&a isn''t *b'",
            "a: |\n  &anchor\n  *alias\nb: 1",
            "a: >-\n  * one\n\n  & two\n", "# &a *b\na: 1 # *c", "a: first\n  &continued\n  'tis\nb: 2", "\"*12\": break",
            "a: x#y&z",
            "a: [b & c, \"*\"]", "a: {b: \"&\"}", "- - one\n  - two", "a: http://b/c?d&e",
        ])
    func harmless(_ text: String) { #expect(YAMLGuard.refusal(in: text) == nil) }

    @Test(
        "Anchors, aliases, tags and directives are refused wherever a value may begin",
        arguments: [
            ("a: &x 1", 1, 4), ("a:\n  *x", 2, 3), ("- *x", 1, 3), ("a: [b, *x]", 1, 8), ("a: {b: *x}", 1, 8),
            ("? *x : 1", 1, 3),
            ("{\"a\":*x}", 1, 6), ("&a b: c", 1, 1), ("a: !!str 1", 1, 4), ("%YAML 1.2\n---\na: 1", 1, 1),
            ("a: |\n  text\nb: *x", 3, 4), ("a: 'it''s'\nb: *x", 2, 4), ("a: \"q\\\"\"\nb: *x", 2, 4),
            ("a: first\n  'tis\nb: &z 1", 3, 4),
            ("a: b # note\r\nc: *x", 2, 4), ("a: b # note\u{2028}c: *x", 2, 4), ("a: b # note\rc: *x", 2, 4),
            ("a: b\u{7}", 1, 5),
            ("a: # note\n  &x b", 2, 3),
            ("? a\n: *x", 2, 3), ("{: *x}", 1, 4), ("- a: |\n  b: *x", 2, 6), ("- a: t\n  ? *x", 2, 5),
            ("- a: t\n  b: *x", 2, 6), ("{a: b:\"c, d: &x 1, e: \"}", 1, 14), ("a:\n  t\n \"\nb: &x 1\nc: \"", 4, 4),
            ("a:\n  |\n \"\nb: &x 1\nc: \"", 4, 4), ("[\"a\"#: \"\n, &x b]", 2, 3), ("--- &x a", 1, 5),
            ("a\n#\n: *x", 3, 3),
        ])
    func refused(_ text: String, line: Int, column: Int) {
        let refusal = YAMLGuard.refusal(in: text)
        #expect(refusal?.line == line && refusal?.column == column, "\(String(describing: refusal))")
    }

    @Test(
        "Deep nesting is refused",
        arguments: [
            String(repeating: "[", count: 17), String(repeating: "{a: ", count: 17), String(repeating: "- ", count: 6) + "a",
            String(repeating: " ", count: 81) + "a: 1",
        ])
    func deep(_ text: String) { #expect(YAMLGuard.refusal(in: text) != nil) }

    @Test("Of thousands of small texts that the parser takes, none with an anchor passes")
    func sameAsParser() {
        let signs = Array("aab b:  : - -?[]{},#|>&x*x!'\"\\\n\n  \n  - %")
        var random = SeededRandom(seed: 20_261_122)
        var taken = 0
        var dangerous = 0
        for _ in 0..<40_000 {
            // Half of them begin as something that is open, so that more of them are well-formed and deep.
            let openings = ["", "", "", "a: ", "- a: ", "a: |\n  b\n", "- 'b\n", "? ", "{a: ", "[a, ", "a:\n  b\n", "- - a\n"]
            var text = openings[random.below(openings.count)]
            for _ in 0..<random.below(16) { text.append(signs[random.below(signs.count)]) }
            if random.below(2) == 0 {
                let place = text.index(text.startIndex, offsetBy: random.below(text.count + 1))
                text.insert(contentsOf: "&x ", at: place)
            }
            // The parser owns the anchors of its nodes.
            guard let parser = try? Yams.Parser(yaml: text, encoding: .utf8), let node = try? parser.singleRoot() else {
                continue
            }
            taken += 1
            guard withExtendedLifetime(parser, { Self.isDangerous(node) }) else { continue }
            dangerous += 1
            #expect(YAMLGuard.refusal(in: text) != nil, "\(text.debugDescription)")
        }
        #expect(taken > 4000 && dangerous > 200, "\(taken) \(dangerous)")
    }

    private static func isDangerous(_ node: Yams.Node) -> Bool {
        if node.anchor != nil { return true }
        switch node {
        case .scalar: return false
        case .alias: return true
        case .sequence(let list): return list.contains(where: isDangerous)
        case .mapping(let mapping): return mapping.contains { isDangerous($0.key) || isDangerous($0.value) }
        }
    }

    @Test("A billion laughs are refused at once") func bomb() throws {
        var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        for level in 1...20 {
            lines.append(
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]")
        }
        lines.append("? *a20 : 1")
        let folder = try ConfigurationFolder(["site.yaml": lines.joined(separator: "\n")])
        let time = ContinuousClock().measure {
            #expect(folder.findings().first?.contains("an anchor (`&`) is not allowed") == true)
        }
        #expect(time < .seconds(5))
    }

    @Test(
        "Whatever bytes stand in the files, loading ends with findings and not with a crash", arguments: 0..<60 as Range<UInt64>
    )
    func garbage(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        // Damage real files: cut, double, overwrite with YAML's own signs and with any byte.
        let signs = Array("\n\n  :-{}[],'\"#|>&*!%@`\t\0".utf8)
        let names = ["site.yaml", "queues.yaml", "agents.yaml", "hours.yaml", "flows/main.yaml", "listeners.yaml"]
        let folder = try ConfigurationFolder()
        for name in names {
            var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(Repository.root)/Config/\(name)")))
            // Without the comments more of the damage hits something.
            bytes = Array(
                String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.contains("#") }.joined(
                    separator: "\n"
                ).utf8)
            for _ in 0..<(1 + next(8)) where !bytes.isEmpty {
                let at = next(bytes.count)
                switch next(4) {
                case 0: bytes.removeSubrange(at..<min(bytes.count, at + next(30)))
                case 1: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + next(60))], at: next(bytes.count))
                case 2: bytes[at] = signs[next(signs.count)]
                default: bytes[at] = UInt8(next(256))
                }
            }
            try folder.write(Data(bytes), to: name)
        }
        let loaded = folder.load()
        #expect(loaded.findings.allSatisfy { $0.position.line >= 1 && $0.position.column >= 1 && !$0.mend.isEmpty })
    }
}
