// Text as flite 2.2 can bear it.

internal import Foundation

/// flite reads ASCII. Its tokenizer's buffers for punctuation grow by a fifth only, once, so that some 310 marks in a row
/// write past their end (cst_tokenstream.c, extend_buffer; 600 commas crash it): runs of marks and long words are cut.
nonisolated enum FliteText {
    static let marksInARowMax = 3
    static let wordCharactersMax = 60

    private static let replacements: [Unicode.Scalar: String] = [
        "\u{2018}": "'", "\u{2019}": "'", "\u{201C}": "\"", "\u{201D}": "\"", "\u{2013}": "-", "\u{2014}": ", ",
        "\u{2026}": "...", "\u{00DF}": "ss", "\u{00E6}": "ae", "\u{00F8}": "o", "\u{0153}": "oe", "\u{20AC}": " euro ",
        "\u{00A3}": " pounds ", "\u{00B0}": " degrees ",
    ]

    /// Letters lose their accents; what has no ASCII form becomes a blank.
    static func cleaned(_ text: String) -> String {
        var ascii: [UInt8] = []
        for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars {
            if scalar.isASCII {
                ascii.append(UInt8(truncatingIfNeeded: scalar.value))
            } else if let replacement = replacements[scalar] {
                ascii += replacement.utf8
            } else if scalar.properties.generalCategory != .nonspacingMark {
                ascii.append(UInt8(ascii: " "))
            }
        }
        return String(decoding: bounded(ascii), as: UTF8.self)
    }

    private static func bounded(_ ascii: [UInt8]) -> [UInt8] {
        var bounded: [UInt8] = []
        var marks = 0
        var word = 0
        for byte in ascii where byte >= 0x20 && byte < 0x7F {
            let isLetter = byte >= 0x30 && byte <= 0x39 || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
            if byte == 0x20 {
                // Marks stay counted: "., ., .," is one run to the tokenizer's neighbours too.
                word = 0
            } else if isLetter {
                marks = 0
                word += 1
            } else {
                marks += 1
                word += 1
                if marks > marksInARowMax { continue }
            }
            if word > wordCharactersMax {
                bounded.append(0x20)
                word = 1
            }
            bounded.append(byte)
        }
        return bounded
    }
}
