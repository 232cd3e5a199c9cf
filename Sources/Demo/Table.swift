// The floor as a table of text, line by line: no terminal is needed to make it.

internal import Foundation

/// Makes the lines of the table.
nonisolated struct Table: Sendable {
    /// What a line is, for those who can show it by a colour.
    enum Tone: Hashable, Sendable { case plain, title, heading, good, busy, alarm, faint }

    struct Line: Hashable, Sendable {
        var text: String
        var tone = Tone.plain
    }

    /// Waiting longer than this is shown as an alarm, in seconds.
    static let longWait = 20.0

    var columns: Int
    var rows: Int

    /// The whole picture, never wider or higher than the terminal; what does not fit is cut off below.
    func lines(of floor: Floor, happenings: [Happening], title: [String]) -> [Line] {
        var lines = title.enumerated().map { Line(text: $1, tone: $0 == 0 ? .title : .plain) } + [Line(text: "")]
        lines += queueLines(floor) + [Line(text: "")]
        lines += agentLines(floor) + [Line(text: "")]
        // Of the rest, half goes to the calls at most; what happened last always has some lines.
        let rest = max(0, rows - lines.count)
        lines += callLines(floor, rowsMax: max(2, min(rest / 2, floor.calls.count + 1))) + [Line(text: "")]
        lines.append(Line(text: "LAST HAPPENINGS", tone: .heading))
        let space = max(0, rows - lines.count)
        lines += happenings.suffix(space).map { Line(text: "\(Self.clock($0.at))  \($0.text)") }
        return lines.prefix(rows).map { Line(text: String($0.text.prefix(columns)), tone: $0.tone) }
    }

    private func queueLines(_ floor: Floor) -> [Line] {
        let heading = Self.row(
            [
                ("QUEUE", 10), ("WAITING", -8), ("LONGEST", -8), ("EXPECTED", -9), ("READY", -6), ("CAME", -6),
                ("ANSWERED", -9),
                ("GAVE UP", -8), ("SERVICE LEVEL", -15),
            ])
        return [Line(text: heading, tone: .heading)]
            + floor.queues.map { queue in
                let level = queue.serviceLevel.value.map {
                    "\(Int(($0 * 100).rounded())) % in \(queue.serviceLevel.thresholdSeconds) s"
                }
                let text = Self.row([
                    (queue.id, 10), ("\(queue.waiting)", -8),
                    (queue.waiting == 0 ? "-" : Self.duration(queue.longestWaitSeconds), -8),
                    (queue.expectedWaitSeconds.map { Self.duration($0) } ?? "-", -9),
                    ("\(queue.membersReady)/\(queue.membersSignedIn)", -6), ("\(queue.figures.offered)", -6),
                    ("\(queue.figures.answered)", -9), ("\(queue.figures.abandoned)", -8), (level ?? "-", -15),
                ])
                return Line(text: text, tone: queue.longestWaitSeconds > Self.longWait ? .alarm : .plain)
            }
    }

    private func agentLines(_ floor: Floor) -> [Line] {
        [Line(text: Self.row([("AGENT", 12), ("STATE", 16), ("CLOCK", -7), ("CALL", -6), ("ANSWERED", -10)]), tone: .heading)]
            + floor.agents.map { agent in
                let (state, clock, tone) = Self.state(of: agent, at: floor.status.now)
                let call = agent.work.first.map { "\($0.contact)" } ?? ""
                return Line(
                    text: Self.row([(agent.id, 12), (state, 16), (clock, -7), (call, -6), ("\(agent.answered)", -10)]),
                    tone: tone)
            }
    }

    /// The state with its clock: upwards since it began, downwards with a minus where it ends by itself.
    static func state(of agent: Floor.Agent, at now: Date) -> (state: String, clock: String, tone: Tone) {
        if let work = agent.work.first {
            let tone: Tone = work.kind == "ringing" ? .busy : work.kind == "wrap-up" ? .faint : .good
            let clock =
                work.until.map { "-" + duration($0.timeIntervalSince(now)) }
                ?? duration(now.timeIntervalSince(work.since ?? now))
            return (work.kind, clock, tone)
        }
        let since = duration(now.timeIntervalSince(agent.since))
        switch agent.state {
        case "available": return ("ready", duration(now.timeIntervalSince(max(agent.idleSince, agent.since))), .plain)
        case "pause": return (agent.reason ?? "pause", since, agent.reason == "not-responding" ? .alarm : .faint)
        default: return (agent.state, since, .faint)
        }
    }

    private func callLines(_ floor: Floor, rowsMax: Int) -> [Line] {
        let heading = Line(
            text: Self.row([("CALL", 6), ("STATE", 12), ("CLOCK", -7), ("  QUEUE", 12), ("AGENT", 12)]), tone: .heading)
        // The oldest first: those are the ones that somebody should look at.
        let shown = floor.calls.sorted { $0.id < $1.id }.prefix(rowsMax - 1)
        let lines = shown.map { call in
            Line(
                text: Self.row([
                    ("\(call.id)", 6), (call.state, 12),
                    (Self.duration(floor.status.now.timeIntervalSince(call.arrivedAt)), -7),
                    ("  " + (call.queue ?? ""), 12), (call.agent ?? "", 12),
                ]), tone: call.state == "talking" ? .good : call.state == "offered" ? .busy : .plain)
        }
        let hidden = floor.calls.count + floor.callsLeftOut - shown.count
        return hidden > 0 ? [Line(text: heading.text + "(and \(hidden) more)", tone: .heading)] + lines : [heading] + lines
    }

    // MARK: Pieces

    /// Cells of a width; negative: on the right. A text that is too long is cut, so that columns stay where they are.
    static func row(_ cells: [(text: String, width: Int)]) -> String {
        cells.map { cell in
            let width = abs(cell.width)
            let text = String(cell.text.prefix(width))
            let blanks = String(repeating: " ", count: width - text.count)
            return cell.width < 0 ? blanks + text : text + blanks
        }.joined()
    }

    /// `0:07`, `12:34`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 359_999)))
        return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    }

    /// The time of the day here.
    static func clock(_ date: Date) -> String {
        date.formatted(
            Date.VerbatimFormatStyle(
                format:
                    "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
                timeZone: .current, calendar: .current))
    }
}
