// The keys of a split step.

internal import Basics
internal import IVR
internal import Yams

/// A split with its brake, which is on unless an admin takes it off.
struct SplitSettings {
    var split = Split(percent: 0, trial: "", usual: "")
    var isBraked = true
    var brake = Split.Brake()

    init() {}

    init(of split: Split) {
        self.split = split
        isBraked = split.brake != nil
        brake = split.brake ?? Split.Brake()
    }

    var compiled: Split {
        Split(
            percent: split.percent, trial: split.trial, usual: split.usual, brake: isBraked ? brake : nil, stages: split.stages)
    }

    static var schema: Schema<SplitSettings> {
        Schema(
            "a split step",
            [
                Field("percent", \.split.percent, .integer(1...100), required: true),
                Field("trial", \.split.trial, .reference, required: true),
                Field("usual", \.split.usual, .reference, required: true),
                Field("stages", \.split.stages, .list(.stage, countMax: Split.stagesMax)),
                Field("brake", \.isBraked, .flag),
                Field("abandon_points_max", \.brake.abandonPointsMax, .decimal(0...100)),
                Field("error_percent_max", \.brake.errorPercentMax, .decimal(0...100)),
                Field("calls_min", \.brake.callsMin, .integer(1...1_000_000)),
            ])
    }
}

extension Value where T == Split.Stage {
    private static var daysMax: Int { 31 }

    static var stage: Value {
        .section(
            Schema<Split.Stage>(
                "a stage",
                [
                    Field("percent", \.percent, .integer(1...100), required: true),
                    Field("after_seconds", \.afterSeconds, .integer(0...daysMax * QueueSettings.secondsMax)),
                    Field("after_calls", \.afterCalls, .integer(1...1_000_000)),
                ]), initial: Split.Stage(percent: 0))
    }
}
