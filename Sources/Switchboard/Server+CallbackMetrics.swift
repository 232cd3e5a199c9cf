// What `/metrics` tells of callbacks and of what callers are told about their wait.

internal import ACD
internal import Basics
internal import ContactCenter

extension Server {
    func add(
        _ queues: [([(String, String)], WaitingQueue)], of center: Center, to metrics: inout Metrics
    ) {
        func add(_ name: String, _ kind: Metrics.Kind, _ help: String, _ value: (WaitingQueue) -> Double?) {
            metrics.add(name, kind, help, queues.compactMap { labels, queue in value(queue).map { (labels, $0) } })
        }
        add("queue_parked", .gauge, "Contacts that wait to be called back, with nobody on the line.") {
            Double(center.parked(in: $0.id))
        }
        add("callbacks_requested_total", .counter, "Callbacks promised.") { Double($0.figures.callbacks.requested) }
        add("callbacks_merged_total", .counter, "Requests of somebody who was promised a callback already.") {
            Double($0.figures.callbacks.merged)
        }
        add("callback_attempts_total", .counter, "Calls to customers.") { Double($0.figures.callbacks.attempts) }
        add("callback_unproved_total", .counter, "Calls that were answered without the key that was asked for.") {
            Double($0.figures.callbacks.unproved)
        }
        add("callback_reach_share", .gauge, "Of the callbacks that are over, those in which the customer was reached.") {
            $0.figures.callbacks.reachRate
        }
        add("callback_promises_measured_total", .counter, "Customers reached who had been told or had wished a time.") {
            Double($0.figures.callbacks.promise.count)
        }
        add("callback_promises_kept_total", .counter, "Of those, reached within what was said.") {
            Double($0.figures.callbacks.promisesKept)
        }
        metrics.add(
            "callbacks_ended_total", .counter, "Callbacks that are over, by how they ended.",
            queues.flatMap { labels, queue in
                queue.figures.callbacks.ended.filter { $0.count > 0 }.map {
                    (labels + [("end", $0.end.rawValue)], Double($0.count))
                }
            })
        add("callback_promise_error_mean_seconds", .gauge, "Mean difference between the promised time and the real one.") {
            $0.figures.callbacks.promise.meanSeconds
        }
        add("callback_promise_error_p90_seconds", .gauge, "Nine of ten promises were off by no more.") {
            $0.figures.callbacks.promise.p90Seconds
        }
        add(
            "expected_wait_error_mean_seconds", .gauge,
            "Mean difference between the wait expected at the entry and the real one, of those who waited and were answered."
        ) { $0.figures.expectedWaitAccuracy.meanSeconds }
        add("expected_wait_error_p90_seconds", .gauge, "Nine of ten of these differences were not greater.") {
            $0.figures.expectedWaitAccuracy.p90Seconds
        }
    }
}
