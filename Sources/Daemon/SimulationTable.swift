// The figures of a simulation as a table, each with its band.

import Foundation
import KPI
import Simulation

/// Rows for the whole, for each queue and, if wanted, for each interval.
struct SimulationTable {
    private static let columns = ["queue", "from", "offered", "service level", "ASA s", "abandoned", "occupancy", "unserved"]
    private var rows: [[String]] = [Self.columns]

    init(_ report: WorkloadReport, showsIntervals: Bool) {
        add("all", nil, report.day)
        if showsIntervals { add("all", report.intervals, report.intervalSeconds) }
        for queue in report.queues where report.queues.count > 1 {
            add(queue.id, nil, queue.day)
            if showsIntervals { add(queue.id, queue.intervals, report.intervalSeconds) }
        }
    }

    func print() {
        let widths = Self.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            Swift.print(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
        Swift.print("  mean (from – to with 95 % confidence)")
        Swift.print("  service level: \(ServiceLevel.switchboard.formula); S = 5 s")
        Swift.print("  ASA: \(QueueCounts.none.averageSpeedOfAnswer.formula)")
        Swift.print("  abandoned: \(QueueCounts.none.abandonRate.formula)")
        Swift.print("  occupancy: time in which the queue's agents had a contact (ringing too) / time in which they were there")
    }

    private mutating func add(_ queue: String, _ intervals: [WorkloadReport.Row], _ seconds: Int) {
        for (index, row) in intervals.enumerated() { add(queue, index * seconds, row) }
    }

    private mutating func add(_ queue: String, _ second: Int?, _ row: WorkloadReport.Row) {
        rows.append([
            queue, second.map { String(format: "%02d:%02d", $0 / 3600, $0 / 60 % 60) } ?? "day",
            row.offered.map { String(format: "%.0f", $0.mean) } ?? "-", Self.share(row.serviceLevel),
            Self.band(row.averageSpeedOfAnswer, by: 1), Self.share(row.abandonRate), Self.share(row.occupancy),
            row.unserved.map { String(format: "%.0f", $0.mean) } ?? "-",
        ])
    }

    private static func share(_ estimate: Estimate?) -> String { band(estimate, by: 100, unit: " %") }

    private static func band(_ estimate: Estimate?, by factor: Double, unit: String = "") -> String {
        guard let estimate else { return "-" }
        let mean = String(format: "%.1f", estimate.mean * factor) + unit
        guard estimate.runs > 1 else { return mean }
        return mean + String(format: " (%.1f – %.1f)", estimate.low * factor, estimate.high * factor)
    }
}
