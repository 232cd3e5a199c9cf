// Calls that nobody brings to an end.

internal import Basics
internal import CSofia
internal import Logging
internal import MainLoop

extension Endpoint {
    /// Nanoseconds until calls are looked at again that were not established when they had lasted too long.
    private static let longCallsTick: UInt64 = 60_000_000_000

    /// Everything of our own that is due.
    func servePassed(_ now: UInt64) {
        while let id = setUpDeadlines.next(at: now) { setUpPassed(id) }
        while let id = unansweredDeadlines.next(at: now) { unansweredPassed(id) }
        while let id = changeDeadlines.next(at: now) { changePassed(id) }
        while let id = refreshDeadlines.next(at: now) { refreshPassed(id) }
        while let id = closingDeadlines.next(at: now) { closingPassed(id) }
        if longCallsDue <= now { endLongCalls(at: now) }
        if registrar.due <= now { tell(registrar.expire(at: now)) }
    }

    /// One deadline for all, that of the oldest: most calls are over long before, and none waits for it in a queue.
    func watchLength(of call: Call) {
        guard longCallsDue == .max, let seconds = callSecondsMax else { return }
        longCallsDue = call.began &+ UInt64(max(1, seconds)) * 1_000_000_000
    }

    private func endLongCalls(at now: UInt64) {
        longCallsDue = .max
        guard let seconds = callSecondsMax else { return }
        let length = UInt64(max(1, seconds)) * 1_000_000_000
        for call in calls.values {
            guard call.began &+ length <= now else {
                longCallsDue = min(longCallsDue, call.began &+ length)
                continue
            }
            switch call.state {
            case .established:
                counted.overdue &+= 1
                logger.notice("SIP: a call has lasted too long", metadata: ["trunk": "\(call.trunk?.description ?? "-")"])
                close(call, .ended(.timedOut))
                sendBye(call, [Q850Cause.timerExpired.header])
            // These have shorter deadlines of their own; what becomes established is old already.
            case .incoming, .inviting, .answered: longCallsDue = min(longCallsDue, now &+ Endpoint.longCallsTick)
            case .closing: break
            }
        }
    }

    private func setUpPassed(_ id: CallID) {
        guard let call = calls[id.rawValue] else { return }
        switch call.state {
        case .incoming(reacted: false), .inviting(reacted: false): giveUp(call)
        case .incoming, .inviting, .answered, .established, .closing: break
        }
    }

    private func unansweredPassed(_ id: CallID) {
        guard let call = calls[id.rawValue] else { return }
        switch call.state {
        case .incoming, .inviting: giveUp(call)
        case .answered, .established, .closing: break
        }
    }

    private func giveUp(_ call: Call) {
        counted.overdue &+= 1
        switch call.state {
        case .incoming:
            close(call, .ended(.timedOut))
            respond(call.id.rawValue, 480, headers: [Q850Cause.noAnswer.header], nextHop: call.nextHop)
        case .inviting:
            close(call, .failed(status: 408, reason: "Request Timeout", q850: nil))
            if let stack { csofia_cancel(stack, call.id.rawValue, nil) }
            kick()
        case .answered, .established, .closing: break
        }
    }

    private func changePassed(_ id: CallID) {
        guard let call = calls[id.rawValue] else { return }
        switch call.offer {
        case .none, .made: break
        case .reinvite, .update, .wanted:
            counted.overdue &+= 1
            answerChange(call, 488, nil)
        }
    }

    private func closingPassed(_ id: CallID) {
        guard let call = calls[id.rawValue], case .closing(let outcome) = call.state else { return }
        counted.overdue &+= 1
        end(call, outcome)
    }
}
