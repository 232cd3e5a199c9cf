// Calls that nobody brings to an end.

internal import CSofia
internal import MainLoop

extension Endpoint {
    /// Everything of our own that is due.
    func servePassed(_ now: UInt64) {
        while let id = setUpDeadlines.next(at: now) { setUpPassed(id) }
        while let id = unansweredDeadlines.next(at: now) { unansweredPassed(id) }
        while let id = changeDeadlines.next(at: now) { changePassed(id) }
        while let id = refreshDeadlines.next(at: now) { refreshPassed(id) }
        while let id = closingDeadlines.next(at: now) { closingPassed(id) }
        if registrar.due <= now { tell(registrar.expire(at: now)) }
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
