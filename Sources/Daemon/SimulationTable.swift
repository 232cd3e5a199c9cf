// The figures of a simulation as a table, each with its band.

import ACD
import Foundation
import KPI
import Simulation

/// Rows for the whole, for each queue and, if wanted, for each interval.
struct SimulationTable {
    private static let columns = [
        "queue", "from", "offered", "service level", "ASA s", "abandoned", "occupancy", "sent on", "callbacks", "unserved",
    ]
    private var rows: [[String]] = [Self.columns]
    private let report: WorkloadReport
    private let showsFigures: Bool

    init(_ report: WorkloadReport, showsIntervals: Bool, showsFigures: Bool = false) {
        self.report = report
        self.showsFigures = showsFigures
        add("all", nil, report.day)
        if showsIntervals { add("all", report.intervals, report.intervalSeconds) }
        for queue in report.queues where report.queues.count > 1 {
            add(queue.id, nil, queue.day)
            if showsIntervals { add(queue.id, queue.intervals, report.intervalSeconds) }
        }
    }

    func print() {
        Self.print(rows)
        Swift.print(
            "  mean (from – to with 95 % confidence) of \(report.runs) days; contacts count in the interval of their arrival")
        Swift.print("  service level: \(ServiceLevel.switchboard.formula); S = \(QueueFigures.shortAbandonSeconds) s")
        Swift.print("  ASA: \(QueueCounts.none.averageSpeedOfAnswer.formula)")
        Swift.print("  abandoned: \(QueueCounts.none.abandonRate.formula)")
        Swift.print("  occupancy: time in which the queue's agents had a contact (ringing too) / time in which they were there")
        Swift.print("  sent on: given back by the queue, for example to another one, which counts them again")
        for note in report.notes { Swift.print("  note: \(note)") }
        if showsFigures { printFigures() }
    }

    private func printFigures() {
        let queues = [("all", report.figures)] + (report.queues.count > 1 ? report.queues.map { ($0.id, $0.figures) } : [])
        for (name, figures) in queues {
            Swift.print("")
            Self.print(
                [["figure of \(name)", "mean", "formula"]]
                    + figures.map { figure in
                        let isShare = figure.unit == .share
                        return [
                            figure.name, Self.band(figure.value, by: isShare ? 100 : 1, unit: isShare ? " %" : ""),
                            figure.formula,
                        ]
                    })
        }
    }

    private static func print(_ rows: [[String]]) {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            Swift.print(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }

    private mutating func add(_ queue: String, _ intervals: [WorkloadReport.Row], _ seconds: Int) {
        for (index, row) in intervals.enumerated() { add(queue, index * seconds, row) }
    }

    private mutating func add(_ queue: String, _ second: Int?, _ row: WorkloadReport.Row) {
        rows.append([
            queue, second.map { String(format: "%02d:%02d", $0 / 3600, $0 / 60 % 60) } ?? "day",
            Self.count(row.offered), Self.share(row.serviceLevel),
            Self.band(row.averageSpeedOfAnswer, by: 1), Self.share(row.abandonRate), Self.share(row.occupancy),
            Self.count(row.flowedOut),
            (row.callbacksRequested?.mean ?? 0) > 0
                ? "\(Self.count(row.callbacksReached)) of \(Self.count(row.callbacksRequested))" : "-",
            Self.count(row.unserved),
        ])
    }

    private static func count(_ estimate: Estimate?) -> String { estimate.map { String(format: "%.0f", $0.mean) } ?? "-" }

    private static func share(_ estimate: Estimate?) -> String { band(estimate, by: 100, unit: " %") }

    private static func band(_ estimate: Estimate?, by factor: Double, unit: String = "") -> String {
        guard let estimate else { return "-" }
        let mean = String(format: "%.1f", estimate.mean * factor) + unit
        guard estimate.runs > 1 else { return mean }
        return mean + String(format: " (%.1f – %.1f)", estimate.low * factor, estimate.high * factor)
    }
}
