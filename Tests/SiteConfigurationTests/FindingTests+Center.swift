// Mistakes in how the parts of a center refer to one another.

extension FindingTests {
    static let references = [
        Mistake(
            "number without flow", ["numbers.yaml": "numbers:\n  \"100\":\n    record: false\n"],
            "Config/flows/main.yaml:1:1: warning: no number leads to flow `main`; write `flow: main` at a number in numbers.yaml, or remove the file",
            "Config/numbers.yaml:2:3: error: `100` has no `flow`; add `flow:`"),
        Mistake(
            "number to an unknown flow", ["numbers.yaml": "numbers:\n  \"100\":\n    flow: mian\n  \"101\":\n    flow: main\n"],
            "Config/numbers.yaml:3:11: error: unknown flow `mian`; did you mean `main`?"),
        Mistake(
            "fallback to an unknown trunk",
            ["numbers.yaml": "numbers:\n  \"100\":\n    flow: main\n    fallback: {trunk: carier, number: \"1\"}\n"],
            "Config/numbers.yaml:4:23: error: unknown trunk `carier`; did you mean `carrier`?"),
        Mistake(
            "unknown agent", ["queues.yaml": "queues:\n  sales:\n    members:\n      - anna\n      - {agent: bne, level: 2}\n"],
            "Config/queues.yaml:5:9: error: unknown agent `bne`; did you mean `ben`?"),
        Mistake(
            "unknown queue", ["flows/main.yaml": toQueue("slaes")],
            "Config/flows/main.yaml:5:12: error: unknown queue `slaes`; did you mean `sales`?"),
        Mistake(
            "nothing is said about references into an unreadable file", ["queues.yaml": "queues: [\n"],
            "Config/queues.yaml:2:1: error: YAML cannot be read: while parsing a flow node: did not find expected node content; \(mendYAML)"
        ),
    ]

    static let center = [
        Mistake(
            "number twice in different quotes", ["numbers.yaml": "numbers:\n  \"100\": {flow: main}\n  100: {flow: main}\n"],
            "Config/numbers.yaml:3:3: error: `100` stands twice in the same mapping (first in line 2); keep one of them"),
        Mistake(
            "language without a voice", ["site.yaml": "language: de\n"],
            "Config/site.yaml:1:11: warning: the built-in voices speak English, not `de`; give every prompt as a WAV file, or write `language: en`"
        ),
        Mistake(
            "queue without agents", ["queues.yaml": "queues:\n  sales:\n    weight: 1\n"],
            "Config/queues.yaml:2:3: error: queue `sales` has no agents; add `members:` with the names of agents"),
        Mistake(
            "agent twice in a queue", ["queues.yaml": "queues:\n  sales:\n    members: [anna, ben, anna]\n"],
            "Config/queues.yaml:3:26: error: agent `anna` is twice in queue `sales`; keep one of them"),
        Mistake(
            "agent without device",
            ["agents.yaml": "agents:\n  anna:\n    name: Anna\n  ben:\n    devices: {b: {ha1: file:b}}\n"],
            "Config/agents.yaml:2:3: error: agent `anna` has no device; add `devices:` with the user name of a "
                + "telephone, or `password:` for the page"),
        Mistake(
            "device of two agents",
            [
                "agents.yaml":
                    "agents:\n  anna:\n    devices: {desk: {ha1: file:a}}\n  ben:\n    devices: {desk: {ha1: file:b}}\n"
            ],
            "Config/agents.yaml:5:15: error: device `desk` is `anna`'s already; give each device a user name of its own, such as `ben-desk`"
        ),
        Mistake(
            "recording without announcement", ["queues.yaml": "queues:\n  sales:\n    members: [anna]\n    record: true\n"],
            "Config/queues.yaml:4:13: error: queue `sales` is recorded without an announcement; add `record_announcement:` with what callers are told"
        ),
        Mistake(
            "announcement without recording",
            ["numbers.yaml": "numbers:\n  \"100\":\n    flow: main\n    record_announcement: Hear.\n"],
            "Config/numbers.yaml:4:26: warning: number `100` has an announcement but is not recorded; write `record: true`, or remove the announcement"
        ),
        Mistake(
            "one code, two meanings",
            [
                "site.yaml":
                    "feature_codes:\n  offline: \"*12\"\n  pauses: {\"*11\": lunch, \"*12\": break, \"*13\": not-responding}\n"
            ],
            "Config/site.yaml:3:12: error: `*11` means `available` already; give each its own code",
            "Config/site.yaml:3:26: error: `*12` means `offline` already; give each its own code",
            "Config/site.yaml:3:40: error: `not-responding` is what the center itself says of agents who miss calls; give the pause another reason"
        ),
        Mistake(
            "token of an unknown agent",
            ["api.yaml": "tokens:\n  ana: {role: agent, token: file:secrets/a}\n  ben: {role: agent, token: file:secrets/b}\n"],
            "Config/api.yaml:2:3: warning: token `ana` acts for the agent of that name, and there is none; did you mean `anna`?"
        ),
        Mistake(
            "streamed music",
            [
                "queues.yaml": "queues:\n  sales:\n    members: [anna]\n    music: waltz.wav\n",
                "prompts/waltz.wav":
                    "RIFF\u{7f}\u{7f}\u{7f}\u{7f}WAVEfmt \u{10}\0\0\0\u{1}\0\u{1}\0\u{40}\u{1f}\0\0\0\u{3e}\0\0\u{2}\0\u{10}\0data\u{7f}\u{7f}\u{7f}\u{7f}aaaa",
            ],
            "Config/queues.yaml:4:12: error: the prompt `waltz.wav` is cut off, or its header was never finished; convert it: `sox IN.wav -r 8000 -c 1 -b 16 -e signed-integer OUT.wav`"
        ),
        Mistake(
            "missing music", ["queues.yaml": "queues:\n  sales:\n    members: [anna]\n    music: waltz.wav\n"],
            "Config/queues.yaml:4:12: error: there is no prompt `waltz.wav`; put the file at `Config/prompts/waltz.wav`"),
        Mistake(
            "bad music",
            [
                "queues.yaml": "queues:\n  sales:\n    members: [anna]\n    music: waltz.wav\n",
                "prompts/waltz.wav": "MP3, in truth",
            ],
            "Config/queues.yaml:4:12: error: the prompt `waltz.wav` is no WAV file; convert it: `sox IN.wav -r 8000 -c 1 -b 16 -e signed-integer OUT.wav`"
        ),
    ]

    static let listeners = [
        Mistake(
            "open to the world",
            ["listeners.yaml": "sip:\n  address: 192.0.2.7\nhttp:\n  address: 192.0.2.7\nrtp: {address: 192.0.2.7}\n"],
            "Config/listeners.yaml:2:12: warning: SIP listens on `192.0.2.7` without TLS; keep it inside a private network, behind a firewall that admits only your trunks and telephones",
            "Config/listeners.yaml:4:12: warning: HTTP listens on `192.0.2.7` without TLS; add `tls:` with a certificate and its key, or listen on `127.0.0.1` and put a proxy with TLS in front"
        ),
        Mistake(
            "addresses of no machine",
            ["listeners.yaml": "sip: {address: \"::\"}\nrtp: {address: 0.0.0.0, address_v6: \"::\"}\n"],
            "Config/listeners.yaml:1:16: error: SIP cannot listen on `::`: telephones and trunks are told this address; write the address of this machine by which they reach it",
            "Config/listeners.yaml:2:16: error: RTP cannot be sent to `0.0.0.0`; write the address of this machine to which trunks and telephones send their packets",
            "Config/listeners.yaml:2:37: error: RTP cannot be sent to `::`; write the address of this machine to which trunks and telephones send their packets"
        ),
        Mistake(
            "addresses at each other's place",
            ["listeners.yaml": "rtp: {address: \"2001:db8::7\", address_v6: 192.0.2.7}\n"],
            "Config/listeners.yaml:1:16: error: `address` is `2001:db8::7`, which is no IPv4 address; write it at `address_v6`",
            "Config/listeners.yaml:1:43: error: `address_v6` is `192.0.2.7`, which is no IPv6 address; write it at `address`"),
        Mistake(
            "SIP outside, RTP inside", ["listeners.yaml": "sip: {address: 192.0.2.7}\n"],
            "Config/listeners.yaml:1:16: warning: SIP listens on `192.0.2.7` without TLS; keep it inside a private network, behind a firewall that admits only your trunks and telephones",
            "Config/listeners.yaml:1:16: warning: SIP is on `192.0.2.7` and RTP on `127.0.0.1`: one of them cannot be reached from where the other can; give both an address that trunks and telephones reach, or both a loopback address"
        ),
        Mistake(
            "RTP outside, SIP inside", ["listeners.yaml": "rtp: {address: 192.0.2.7}\n"],
            "Config/listeners.yaml:1:16: warning: SIP is on `127.0.0.1` and RTP on `192.0.2.7`: one of them cannot be reached from where the other can; give both an address that trunks and telephones reach, or both a loopback address"
        ),
        Mistake(
            "IPv6 without voices", ["listeners.yaml": "sip: {address: \"::1\"}\n"],
            "Config/listeners.yaml:1:16: warning: SIP listens on `::1`, but RTP has no IPv6 address: such calls are refused; add `address_v6:` below `rtp:`"
        ),
        Mistake("IPv6 with voices", ["listeners.yaml": "sip: {address: \"::1\"}\nrtp: {address_v6: \"::1\"}\n"]),
        Mistake(
            "SIP among RTP", ["listeners.yaml": "sip:\n  port: 20010\n"],
            "Config/listeners.yaml:2:9: error: SIP's port 20010 lies among the RTP ports 20000 to 29999; move one of them"),
        Mistake(
            "browsers nowhere", ["listeners.yaml": "webrtc: {addresses: [0.0.0.0], public_addresses: [\"::\"]}\n"],
            "Config/listeners.yaml:1:22: error: browsers cannot be told to come to `0.0.0.0`; write addresses of this machine, or leave `addresses` out to have all of them",
            "Config/listeners.yaml:1:51: error: browsers cannot be told to come to `::`; write the address by which browsers outside reach this machine"
        ),
        Mistake(
            "browsers at SIP's port", ["listeners.yaml": "webrtc:\n  port: 5060\n"],
            "Config/listeners.yaml:2:9: error: the browsers' port 5060 is SIP's; give them another one"),
        Mistake(
            "browsers among RTP", ["listeners.yaml": "webrtc:\n  port: 20500\n"],
            "Config/listeners.yaml:2:9: error: the browsers' port 20500 lies among the RTP ports 20000 to 29999; move one of them"
        ),
        Mistake(
            "browsers on another address",
            ["listeners.yaml": "webrtc: {port: 20500, addresses: [192.0.2.7]}\n"]),
        Mistake(
            "odd first port", ["listeners.yaml": "rtp:\n  port_first: 20001\n"],
            "Config/listeners.yaml:2:15: error: `port_first` 20001 is odd; write an even port: RTP takes the even ones, RTCP the odd ones above (RFC 3550 section 11)"
        ),
        Mistake(
            "too few ports", ["listeners.yaml": "rtp:\n  port_first: 20000\n  port_last: 20399\n"],
            "Config/listeners.yaml:2:15: warning: 400 RTP ports are enough for 100 calls, not for `calls_max` 500; widen the range to 2000 ports, or lower `calls_max` in site.yaml"
        ),
        Mistake(
            "range upside down", ["listeners.yaml": "rtp:\n  port_first: 30000\n  port_last: 20000\n"],
            "Config/listeners.yaml:3:14: error: `port_last` 20000 is not after `port_first` 30000; write a port above 30000"),
        Mistake(
            "trunk to ourselves", ["trunks.yaml": "trunks:\n  carrier:\n    peer: 127.0.0.1:5060\n"],
            "Config/trunks.yaml:3:11: error: the peer of trunk `carrier` is our own SIP listener; write the carrier's address and port"
        ),
        Mistake(
            "networks that meet",
            [
                "trunks.yaml": """
                trunks:
                  a: {peer: "192.0.2.1:5060", inbound: [192.0.2.7, "2001:db8::/32"]}
                  b: {peer: "192.0.2.2:5060", inbound: [192.0.2.0/24, 198.51.100.0/25, "2001:db9::/32"]}
                  c: {peer: "192.0.2.3:5060", inbound: [198.51.100.128/25, 198.51.100.3]}

                """
            ],
            "Config/trunks.yaml:3:41: error: `192.0.2.0/24` meets `192.0.2.7` of trunk `a`; name each source at one trunk",
            "Config/trunks.yaml:4:60: error: `198.51.100.3` meets `198.51.100.0/25` of trunk `b`; name each source at one trunk"
        ),
        Mistake(
            "the whole world as a trunk",
            ["trunks.yaml": "trunks:\n  a: {peer: \"192.0.2.1:5060\", inbound: [0.0.0.0/0, \"2000::/3\", 10.0.0.0/8]}\n"],
            "Config/trunks.yaml:2:41: error: `0.0.0.0/0` lets half the world call in over trunk `a`; write the carrier's own addresses or networks, of /8 at most",
            "Config/trunks.yaml:2:52: error: `2000::/3` lets half the world call in over trunk `a`; write the carrier's own addresses or networks, of /16 at most"
        ),
        Mistake(
            "one source at two trunks",
            [
                "trunks.yaml":
                    "trunks:\n  a: {peer: \"192.0.2.1:5060\", inbound: [192.0.2.1]}\n  b: {peer: \"192.0.2.2:5060\", inbound: [192.0.2.1]}\n"
            ],
            "Config/trunks.yaml:3:41: error: `192.0.2.1` is trunk `a`'s already; name each source at one trunk"),
    ]
}
