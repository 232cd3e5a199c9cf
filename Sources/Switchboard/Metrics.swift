// The daemon's figures in Prometheus' text format.

internal import MainLoop

/// Builds the text of `/metrics` (exposition format 0.0.4): one `HELP`, one `TYPE` and the samples of each metric.
nonisolated struct Metrics {
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""

    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [([], value)])
    }

    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
        add(name, kind, help, Double(value))
    }

    /// Samples that differ by their labels.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [([(String, String)], Double)]) {
        begin(name, kind, help)
        for (labels, value) in samples { sample(name, labels, value) }
    }

    private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP switchboard_\(name) \(help)\n# TYPE switchboard_\(name) \(kind.rawValue)\n"
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let written = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += "switchboard_\(name)\(written.isEmpty ? "" : "{\(written)}") \(Self.number(value))\n"
    }

    /// All times since the start, in seconds: from two readings Prometheus knows those in between.
    mutating func add(_ name: String, _ help: String, _ times: LoopFigures.Histogram) {
        begin(name, .histogram, help)
        var count: UInt64 = 0
        for (slot, number) in times.slots.enumerated() {
            count += number
            let border = LoopFigures.Histogram.border(of: slot).map { Self.number(Double($0) / 1e9) } ?? "+Inf"
            sample(name + "_bucket", [("le", border)], Double(count))
        }
        sample(name + "_sum", [], Double(times.sum) / 1e9)
        sample(name + "_count", [], Double(times.count))
    }

    /// Median, p99 and maximum in seconds, for whoever looks without Prometheus.
    mutating func addQuantiles(_ name: String, _ help: String, _ times: LoopFigures.Histogram) {
        let quantiles: [(String, UInt64)] = [
            ("0.5", times.quantile(0.5)), ("0.99", times.quantile(0.99)), ("1", times.longest),
        ]
        add(name, .gauge, help, quantiles.map { ([("quantile", $0.0)], Double($0.1) / 1e9) })
    }

    private static func number(_ value: Double) -> String {
        value.rounded() == value && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
