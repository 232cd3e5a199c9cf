// `trunks.yaml`: the carriers.

public import ACD
public import Basics

/// One carrier.
public struct TrunkSettings: Hashable, Sendable {
    /// How the carrier wants us to sign in when we call out, and itself when it calls in.
    public struct Digest: Hashable, Sendable {
        public var user = ""
        public var realm = ""
        public var ha1: [SecretReference] = []
        /// Calls from the carrier's addresses are asked for the same user and password, too.
        public var inbound = false
    }

    public var id: TrunkID
    /// Where calls out go: `address:port`, both numeric.
    public var peer = ""
    /// Addresses and networks whose INVITEs are this trunk's. Nothing else from outside may call in.
    public var inbound: [String] = []
    /// Calls at once, in both directions.
    public var channels = 30
    public var digest: Digest?
    /// The number that we show when we call out; nil: the one that the caller dialled.
    public var callerID: String?
    /// How the carrier writes numbers; nil: they are compared as they are.
    public var numbers: NumberPlan?
    /// What agents may use it for; nil: nothing.
    public var outside: OutsideRules?

    /// The peer's address and port; nil only while the settings are being checked.
    public var peerAddress: (address: String, port: Int)? { NetworkAddress.endpoint(peer) }
}

extension TrunkSettings {
    static var schema: Schema<TrunkSettings> {
        let endpoint = Value<String>.matching("a numeric address and a port such as `192.0.2.1:5060` or `[2001:db8::1]:5060`") {
            NetworkAddress.endpoint($0) != nil
        }
        let network = Value<String>.matching("an address or network such as `192.0.2.1` or `192.0.2.0/24`") {
            NetworkAddress.isNetwork($0)
        }
        return Schema(
            "a trunk",
            [
                Field("peer", \.peer, endpoint, required: true),
                Field("inbound", \.inbound, .list(network, countMax: 100)),
                Field("channels", \.channels, .integer(1...10_000)),
                Field("digest", \.digest, .section(Digest.schema, initial: Digest())),
                Field("caller_id", \.callerID, .number),
                Field("numbers", \.numbers, .section(NumberPlan.schema, initial: NumberPlan(country: ""))),
                Field("outside", \.outside, .section(OutsideRules.schema, initial: OutsideRules(trunk: ""))),
            ])
    }
}

extension OutsideRules {
    static var schema: Schema<Self> {
        Schema(
            "outside",
            [
                Field("allow", \.allowed, .list(.numberBegin, countMax: 200), required: true),
                Field("deny", \.denied, .list(.numberBegin, countMax: 200)),
                Field("max_calls", \.callsMax, .integer(1...1000)), Field("max_minutes", \.minutesMax, .integer(1...1440)),
                Field("pass_caller_id", \.passesCallerID, .flag),
            ])
    }
}

extension NumberPlan {
    static var schema: Schema<Self> {
        func digits(_ count: ClosedRange<Int>) -> Value<String> {
            .matching("\(count.lowerBound) to \(count.upperBound) digits, in quotes") { text in
                count.contains(text.utf8.count)
                    && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            }
        }
        return Schema(
            "numbers",
            [
                Field("country", \.country, digits(1...3), required: true), Field("national", \.national, digits(1...3)),
                Field("international", \.international, digits(1...5)), Field("plain", \.plain, .word),
            ])
    }
}

extension TrunkSettings.Digest {
    static var schema: Schema<Self> {
        Schema(
            "digest",
            [
                Field("user", \.user, .number, required: true),
                Field("realm", \.realm, .text(charactersMax: 128), required: true),
                Field("ha1", \.ha1, .ha1, required: true),
                Field("inbound", \.inbound, .flag),
            ])
    }
}
