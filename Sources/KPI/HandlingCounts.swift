// How long contacts are worked on.

/// Times of the contacts that were handled in an interval, in seconds.
public struct HandlingCounts: Hashable, Sendable, Codable {
    public var handled: Int
    public var talk: Double
    public var hold: Double
    /// After-call work.
    public var wrapUp: Double

    /// - Throws: `KPIError` for a negative or not finite value.
    public init(handled: Int, talk: Double, hold: Double, wrapUp: Double) throws(KPIError) {
        self.handled = try handled.checked("handled")
        self.talk = try talk.checked("talk")
        self.hold = try hold.checked("hold")
        self.wrapUp = try wrapUp.checked("wrap-up")
    }

    public var averageHandleTime: Figure {
        Figure("AHT", ratio(talk + hold + wrapUp, Double(handled)), .seconds, formula: "(talk + hold + wrap-up) / handled")
    }
    // Each part is trended by itself: a longer wrap-up and a longer talk have different causes.
    public var averageTalk: Figure { mean("talk", talk) }
    public var averageHold: Figure { mean("hold", hold) }
    public var averageWrapUp: Figure { mean("wrap-up", wrapUp) }

    private func mean(_ name: String, _ seconds: Double) -> Figure {
        Figure("mean \(name)", ratio(seconds, Double(handled)), .seconds, formula: "\(name) / handled")
    }
}

/// From one moment to a later one, in seconds since any common beginning.
public struct Span: Hashable, Sendable, Codable {
    public let start: Double
    public let end: Double

    /// - Throws: `KPIError` unless both are finite and in order.
    public init(start: Double, end: Double) throws(KPIError) {
        guard start.isFinite, end.isFinite else { throw .notFinite("a span of time") }
        guard start <= end else { throw .endsBeforeItBegins("a span of time") }
        self.start = start
        self.end = end
    }

    public var seconds: Double { end - start }
}

/// Contacts that one agent handled at the same time: an agent with three chats does not work three hours in one.
public enum ConcurrentHandling {
    public static let formula = "Σ over contacts of ∫ dt / contacts handled at that instant; the mean over contacts"

    /// Each contact's share of the agent's time, in the order of `spans`.
    public static func seconds(of spans: [Span]) -> [Double] {
        let edges = spans.flatMap { [$0.start, $0.end] }.sorted()
        // The agent's time per contact, summed up to each edge.
        var spent: [Double] = [], total = 0.0
        let starts = spans.map(\.start).sorted(), ends = spans.map(\.end).sorted()
        var begun = 0, over = 0
        for (index, edge) in edges.enumerated() {
            if index > 0, begun > over { total += (edge - edges[index - 1]) / Double(begun - over) }
            spent.append(total)
            while begun < starts.count, starts[begun] <= edge { begun += 1 }
            while over < ends.count, ends[over] <= edge { over += 1 }
        }
        func agentTime(until time: Double) -> Double {
            var low = 0, high = edges.count
            while low < high {
                let middle = (low + high) / 2
                if edges[middle] < time { low = middle + 1 } else { high = middle }
            }
            return low < spent.count ? spent[low] : total
        }
        return spans.map { agentTime(until: $0.end) - agentTime(until: $0.start) }
    }

    /// AHT where contacts run side by side.
    public static func averageHandleTime(of spans: [Span]) -> Figure {
        let all = seconds(of: spans).reduce(0, +)
        return Figure("AHT, concurrency-adjusted", ratio(all, Double(spans.count)), .seconds, formula: formula)
    }
}
