// `site.yaml`: what concerns the whole center.

public import ContactCenter

/// The settings of `site.yaml`.
public struct SiteSettings: Hashable, Sendable {
    public enum LogFormat: String, Hashable, Sendable, CaseIterable { case text, json }
    public enum LogLevel: String, Hashable, Sendable, CaseIterable { case trace, debug, info, notice, warning, error, critical }

    public struct Log: Hashable, Sendable {
        public var format = LogFormat.text
        public var level = LogLevel.info
    }

    /// Bounds that keep the daemon standing under load.
    public struct Limits: Hashable, Sendable {
        /// Contacts at once, over all trunks and agents.
        public var callsMax = 500
        /// How long one call may last, whatever it does.
        public var callHoursMax = 12
        /// Events that one turn of the loop takes from the inbox.
        public var eventsPerTurnMax = 256
        /// Turns kept in memory while the disk cannot be written; beyond them new calls take the fallback of their number.
        public var unsavedTurnsMax = 10_000
    }

    public struct IVR: Hashable, Sendable {
        /// Choices of a menu beside the way out to a person (requirements C1). One more is an error, not a warning.
        public var choicesMax = 4
    }

    /// The page of the agents.
    public struct Desk: Hashable, Sendable {
        /// Reasons for a pause beside those of the feature codes.
        public var pauses: [String] = []
        /// How long a caller hears music for an agent whose page is gone.
        public var lostGraceSeconds = 60
        public var supervisionIndicator = true
    }

    /// An identifier of the IANA time zone database.
    public var timeZone = "Europe/Berlin"
    /// A BCP 47 tag.
    public var language = "en"
    /// As written; relative to the folder that holds the configuration folder.
    public var state = ".state/"
    public var log = Log()
    public var limits = Limits()
    public var ivr = IVR()
    public var phrases = Phrases()
    public var featureCodes = FeatureCodes()
    public var desk = Desk()
}

extension SiteSettings {
    static var schema: Schema<SiteSettings> {
        Schema(
            "site.yaml",
            [
                Field("time_zone", \.timeZone, .timeZone),
                Field("language", \.language, .language),
                Field("state", \.state, .text(charactersMax: 500)),
                Field("log", \.log, .section(Log.schema, initial: Log())),
                Field("limits", \.limits, .section(Limits.schema, initial: Limits())),
                Field("ivr", \.ivr, .section(IVR.schema, initial: IVR())),
                Field("phrases", \.phrases, .section(Phrases.schema, initial: Phrases())),
                Field("feature_codes", \.featureCodes, .section(FeatureCodes.schema, initial: FeatureCodes())),
                Field("desk", \.desk, .section(Desk.schema, initial: Desk())),
            ])
    }
}

extension SiteSettings.Log {
    static var schema: Schema<Self> { Schema("log", [Field("format", \.format, .word), Field("level", \.level, .word)]) }
}

extension SiteSettings.Limits {
    static var schema: Schema<Self> {
        Schema(
            "limits",
            [
                Field("calls_max", \.callsMax, .integer(1...10_000)),
                Field("call_hours_max", \.callHoursMax, .integer(1...168)),
                Field("events_per_turn_max", \.eventsPerTurnMax, .integer(1...10_000)),
                Field("unsaved_turns_max", \.unsavedTurnsMax, .integer(100...1_000_000)),
            ])
    }
}

extension SiteSettings.Desk {
    static var schema: Schema<Self> {
        Schema(
            "desk",
            [
                Field("pauses", \.pauses, .list(.name, countMax: 50)),
                Field("lost_grace_seconds", \.lostGraceSeconds, .integer(5...600)),
                Field("supervision_indicator", \.supervisionIndicator, .flag),
            ])
    }
}

extension SiteSettings.IVR {
    static var schema: Schema<Self> { Schema("ivr", [Field("choices_max", \.choicesMax, .integer(1...9))]) }
}

extension FeatureCodes {
    private static var code: Value<String> {
        .matching("a code: `*` and 1 to 6 digits, in quotes") { text in
            (2...7).contains(text.utf8.count) && text.utf8.first == UInt8(ascii: "*")
                && text.utf8.dropFirst().allSatisfy(NameRule.isDigit)
        }
    }

    private static var pauseCodes: Value<[Pause]> {
        .named("code", name: code, countMax: 50, write: { "\($0.code) \($0.reason)" }) { code, node, path, reading in
            Value<String>.name.read(node, path, &reading).map { Pause(code: code, reason: $0) }
        }
    }

    static var schema: Schema<FeatureCodes> {
        Schema(
            "feature_codes",
            [
                Field("available", \.available, code), Field("offline", \.offline, code), Field("pauses", \.pauses, pauseCodes),
            ])
    }
}
