// One customer in every written form, and nobody else: numbers by ITU-T E.164 as carriers of several countries write them.

import ACD
import Basics
import Testing

struct NumberPlanTests {
    private static let germany = NumberPlan(country: "49", national: "0", international: "00")
    private static let america = NumberPlan(country: "1", national: "1", international: "011", plain: .national)
    private static let italy = NumberPlan(country: "39", international: "00", plain: .national)

    @Test(
        "each form of a number is the same number",
        arguments: [
            (
                germany, "+491701234567",
                ["01701234567", "00491701234567", "+491701234567", "+4901701234567", "+49 (0)170/1234567"]
            ),
            (germany, "+14155550123", ["+14155550123", "0014155550123"]),
            (germany, "+390612345678", ["00390612345678", "+390612345678"]),
            (america, "+14155550123", ["4155550123", "14155550123", "+14155550123", "+1 (415) 555-0123", "01114155550123"]),
            (america, "+491701234567", ["011491701234567", "+491701234567"]),
            (italy, "+390612345678", ["0612345678", "00390612345678", "+390612345678"]),
            (italy, "+393471234567", ["3471234567", "+393471234567"]),
        ])
    func forms(plan: NumberPlan, normal: String, forms: [String]) {
        for form in forms { #expect(plan.normal(form) == normal, "\(form)") }
        #expect(plan.normal(normal) == normal, "the normal form stays")
    }

    @Test("what is no whole number stays as it is: words, codes, short and local numbers, and what nobody can have")
    func asItIs() {
        for text in [
            "", "+", "anonymous", "110", "112", "+112", "0112", "*11", "#", "1170123", "sip-user", "１２３４５６７８",
            "00", "0049", "0000000000", "+0491701234567", "01701234567890123", "+4917012345678901234",
        ] {
            #expect(Self.germany.normal(text) == text, "\(text)")
        }
        #expect(Self.germany.normal("491701234567") == "491701234567", "nobody said what a plain number is")
        var carrier = Self.germany
        carrier.plain = .international
        #expect(carrier.normal("491701234567") == "+491701234567")
        #expect(Self.america.normal("911") == "911" && Self.italy.normal("118") == "118")
    }

    @Test("what numbers may begin with means the same in each form; a country more is not let in by it")
    func begins() {
        #expect(Self.germany.normalBegin("0") == "+49" && Self.germany.normalBegin("030") == "+4930")
        #expect(Self.germany.normalBegin("00") == "+" && Self.germany.normalBegin("0044") == "+44")
        #expect(Self.germany.normalBegin("+49") == "+49" && Self.italy.normalBegin("06") == "+3906")
        let terms = CallbackRules(trunk: "carrier", callerID: "030555000", allowedPrefixes: ["0"])
        for number in ["01701234567", "+491701234567", "00491701234567"] {
            #expect(terms.allows(number, own: [], plan: Self.germany), "\(number)")
        }
        for number in ["+441701234567", "00441701234567", "+4930555000", "030555000", "0049112", "anonymous", "112"] {
            #expect(!terms.allows(number, own: [], plan: Self.germany), "\(number)")
        }
        #expect(!terms.allows("+491701234567", own: []), "without a plan each form is itself")
    }
}
