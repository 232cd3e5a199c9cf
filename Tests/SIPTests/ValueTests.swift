// The small values: addresses, ranges, channels, headers, digits.

import Testing

@testable import SIP

struct ValueTests {
    @Test("addresses are numeric or nothing")
    func addresses() throws {
        #expect(SocketAddress(host: "192.0.2.1", port: 5060)?.description == "192.0.2.1:5060")
        #expect(SocketAddress(host: "2001:db8::1", port: 5060)?.description == "[2001:db8::1]:5060")
        #expect(SocketAddress(host: "[2001:db8::1]", port: 5060) == SocketAddress(host: "2001:db8:0::1", port: 5060))
        for host in ["", "localhost", "192.0.2", "192.0.2.256", "1", "::g"] {
            #expect(SocketAddress(host: host, port: 1) == nil)
        }
    }

    @Test("ranges hold what their prefix says")
    func ranges() throws {
        let inside = try #require(SocketAddress(host: "10.1.2.3", port: 9))
        let v6 = try #require(SocketAddress(host: "2001:db8:1:2:3::4", port: 9))
        for (text, address, holds) in [
            ("10.1.2.3", inside, true), ("10.1.2.0/24", inside, true), ("10.1.2.2/31", inside, true),
            ("10.1.2.4/30", inside, false),
            ("0.0.0.0/0", inside, true), ("10.1.2.3:9", inside, true), ("10.1.2.3:8", inside, false), ("::/0", inside, false),
            ("2001:db8::/32", v6, true), ("2001:db8:1:2:3::/80", v6, true), ("2001:db8:1:2:4::/80", v6, false),
            ("2001:db8:1:2:3::4/128", v6, true),
        ] {
            #expect(try #require(AddressRange(text)).contains(address) == holds, "\(text)")
        }
        for text in ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "name/8", "10.0.0.1:99999"] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
    }

    @Test("channels: always the lowest free one, across words, and none above the maximum")
    func channels() {
        var table = ChannelTable(max: 130)
        for expected in 1...130 { #expect(table.take() == expected) }
        #expect(table.take() == nil)
        table.give(back: 65)
        table.give(back: 2)
        #expect(table.take() == 2)
        #expect(table.take() == 65)
        table.max = 10
        table.give(back: 100)
        #expect(table.take() == nil)
        table.give(back: 10)
        #expect(table.take() == 10)
    }

    @Test("nothing from outside gets out of its header")
    func headers() {
        #expect(Header("X-A\r\n:", "b\r\nEvil: 1").value == "bEvil: 1")
        #expect(Header("X-A\r\n:", "b").name == "X-A")
        #expect(Header.quoted("a\"b\\c\n") == "\"a\\\"b\\\\c\"")
        #expect(Header.user("+49 (30)@x<>") == "+49%20(30)%40x%3C%3E")
        #expect(Header.unescaped("%2b49%40%4") == "+49@%4")
        #expect(Header.unescaped("%+1%zz%0a%00") == "%+1%zz%0a%00")
        #expect(Header.unquoted("\"a\\\"b\"") == "a\"b")
        // A quote or a backslash with a combining mark is one character, and none of the two for Swift.
        #expect(Array(Header.quoted("a\"\u{301}b").utf8) == Array("\"a\\\"\u{301}b\"".utf8))
        #expect(Array(Header.quoted("\\\u{301}").utf8) == Array("\"\\\\\u{301}\"".utf8))
        #expect(Header.unquoted("\"\u{301}a\"") == "\u{301}a")
    }

    @Test("user parts lose their parameters, and long ones their end, at a whole scalar")
    func users() {
        #expect(Header.userName("+493012;npdi=yes;cpc=ordinary", bytesMax: 64) == "+493012")
        #expect(Header.userName("%2b49%3B1", bytesMax: 64) == "+49;1")
        #expect(Header.userName(String(repeating: "1", count: 100), bytesMax: 64).utf8.count == 64)
        #expect(Header.cut("aä", bytesMax: 2) == "a")
        #expect(Header.cut("aä", bytesMax: 3) == "aä")
        #expect(Header.cut("e\u{301}", bytesMax: 1) == "e")
    }

    @Test("digits in INFO, as phones write them, and nothing else")
    func digits() throws {
        func digit(_ type: String, _ body: String) -> String? { DTMFInfo.parse(type, body).map { "\($0.0)\($0.milliseconds)" } }
        #expect(digit("application/dtmf-relay", "Signal=5\r\nDuration=250\r\n") == "5250")
        #expect(digit("application/dtmf-relay", "Signal= *\nDuration= x") == "*160")
        #expect(digit("application/dtmf-relay", "signal=11\r\n") == "#160")
        #expect(digit("application/dtmf", "d\r\n") == "D160")
        #expect(digit("application/dtmf-relay", "Duration=250") == nil)
        #expect(digit("application/dtmf", "55") == nil)
        #expect(digit("application/dtmf", "") == nil)
        #expect(digit("text/plain", "5") == nil)
    }

    @Test("request URIs are the same if scheme, user, host and port are")
    func uris() {
        #expect(RequestURI.same("sip:a@H:5060;x=1", "sip:a@h"))
        #expect(RequestURI.same("sip:%61@h", "sip:a@h"))
        #expect(!RequestURI.same("sip:a@h", "sips:a@h"))
        #expect(!RequestURI.same("sip:a@h", "sip:b@h"))
        #expect(!RequestURI.same("sip:a@h:5061", "sip:a@h"))
        #expect(!RequestURI.same("", "sip:a@h"))
    }
}
