// Walks through the steps of a script, each within its deadline.

final class ScriptRunner {
    enum Result: Hashable {
        case waiting, done
        case failed(String)
    }

    private let agent: UserAgent
    private var steps: [(text: String, step: Step)] = []
    /// More steps may come by standard input.
    var isOpen: Bool
    private var current: (text: String, step: Step, began: Moment)?
    private(set) var failure: String?
    private(set) var hasVanished = false

    init(_ agent: UserAgent, steps: [(text: String, step: Step)], isOpen: Bool) {
        self.agent = agent
        self.steps = steps
        self.isOpen = isOpen
    }

    var isFinished: Bool { failure != nil || hasVanished || (current == nil && steps.isEmpty && !isOpen) }

    func append(_ more: [(text: String, step: Step)]) { steps += more }

    /// When `advance` has to look again even if nothing comes in.
    var deadline: Moment? {
        guard let current else { return steps.isEmpty ? nil : .now }
        return [duration(of: current.step).map { current.began + $0 }, standingDeadline(of: current.step)].compactMap { $0 }
            .min()
    }

    func fail(_ reason: String) { failure = reason }

    /// Takes as many steps as can be taken now.
    func advance(at now: Moment) {
        while failure == nil, !hasVanished {
            if current == nil {
                guard !steps.isEmpty else { return }
                let (text, step) = steps.removeFirst()
                current = (text, step, now)
                do { try begin(step, at: now) } catch { return fail("\(text): \(error)") }
            }
            guard let (text, step, began) = current else { return }
            switch check(step, since: began, at: now) {
            case .waiting: return
            case .failed(let reason): return fail("\(text): \(reason)")
            case .done:
                Report.line("step", ["done": .text(text)])
                current = nil
            }
        }
    }

    private func begin(_ step: Step, at now: Moment) throws {
        switch step {
        case .register(let expires, _): try agent.register(expires: expires, at: now)
        case .dial(let target): try agent.dial(target, at: now)
        case .ring: try agent.alert(withEarlyMedia: false, at: now)
        case .earlyMedia: try agent.alert(withEarlyMedia: true, at: now)
        case .answer: try agent.answer(at: now)
        case .decline(let status): try agent.refuse(with: status, status == 486 ? "Busy Here" : "Declined", at: now)
        case .redirect(let address): try agent.refuse(with: 302, "Moved Temporarily", contact: "<\(address)>", at: now)
        case .press(let keys, let duration): agent.media.press(keys, each: duration)
        case .say(let source, _): agent.media.mouth.source = source
        case .hold(let holds): try agent.change(to: holds ? .sendonly : .sendrecv, at: now)
        case .mute(let mutes): agent.media.isMuted = mutes
        case .refer(let target, _): try agent.refer(to: target, at: now)
        case .hangUp: try agent.hangUp(at: now)
        case .vanish: hasVanished = true
        case .wait, .hear, .doNotHear, .pause, .serve, .registrationRefused: break
        }
    }

    /// How long the step may or has to take; nil: no time at all.
    private func duration(of step: Step) -> Duration? {
        switch step {
        case .register(_, let within), .registrationRefused(let within), .wait(_, let within), .hear(_, let within, _): within
        case .ring(let time), .pause(let time), .serve(let time), .doNotHear(_, let time): time
        case .say(_, let time): time
        case .press, .hangUp, .hold, .refer: Step.patience
        case .dial, .earlyMedia, .answer, .decline, .redirect, .mute, .vanish: nil
        }
    }

    /// A sound that has begun is content once it stood long enough.
    private func standingDeadline(of step: Step) -> Moment? {
        guard case .hear(let wanted, _, let standing) = step, hears(wanted) else { return nil }
        return agent.media.ears.currentBegan + standing
    }

    private func hears(_ wanted: Step.Wanted) -> Bool {
        let ears = agent.media.ears
        switch wanted {
        case .sound(let sound): return ears.current.satisfies(sound)
        case .anything: return ears.current != .nothing && ears.current != .silence
        case .digits(let digits): return ears.digits.contains(digits)
        }
    }

    private func check(_ step: Step, since began: Moment, at now: Moment) -> Result {
        let isOver = duration(of: step).map { began + $0 <= now } ?? true
        switch step {
        case .dial, .earlyMedia, .answer, .decline, .redirect, .mute, .vanish: return .done
        case .ring, .pause: return endedEarly(step) ?? (isOver ? .done : .waiting)
        case .serve:
            // A call that is taken back in this very moment is none any more.
            if case .invited = agent.call?.state { try? agent.answer(at: now) }
            return isOver ? .done : .waiting
        case .say(_, let time):
            guard isOver else { return .waiting }
            if time != nil { agent.media.mouth.source = .silence }
            return .done
        case .press: return agent.media.keysAreSent ? .done : isOver ? .failed("the keys could not be sent") : .waiting
        case .hold, .hangUp: return agent.isIdle ? .done : isOver ? .failed("no response") : .waiting
        case .refer(_, let wanted):
            guard let status = agent.call?.referral else { return isOver ? .failed("no outcome in time") : .waiting }
            return status == wanted ? .done : .failed("\(status)")
        case .register(let expires, _): return checkRegistration(expires, isOver)
        case .registrationRefused:
            if case .failed = agent.registration.state { return .done }
            return isOver ? .failed("not refused in time") : .waiting
        case .doNotHear(let wanted, _):
            return hears(wanted) ? .failed("heard \(agent.media.ears.current)") : isOver ? .done : .waiting
        case .hear(let wanted, _, let standing):
            if case .digits(let digits) = wanted, hears(wanted) {
                agent.media.ears.digits.removeFirst(through: digits)
                return .done
            }
            if hears(wanted), now - agent.media.ears.currentBegan >= standing { return .done }
            return isOver ? .failed("heard only \(agent.media.ears.current)") : .waiting
        case .wait(let awaited, _):
            let result = checkCall(awaited)
            return result == .waiting && isOver ? .failed("nothing came in time") : result
        }
    }

    /// Ringing on makes no sense when the caller has given up; a pause may outlast a call.
    private func endedEarly(_ step: Step) -> Result? {
        guard case .ring = step, agent.call?.isLive == false else { return nil }
        return .done
    }

    private func checkRegistration(_ expires: Int, _ isOver: Bool) -> Result {
        switch agent.registration.state {
        case .registered: .done
        case .none: expires == 0 ? .done : .waiting
        case .failed(let status): .failed(status.map { "refused with \($0)" } ?? "no response")
        case .pending: isOver ? .failed("no response in time") : .waiting
        }
    }

    private func checkCall(_ awaited: Step.Awaited) -> Result {
        guard let state = agent.call?.state else { return .waiting }
        switch (awaited, state) {
        case (.ringing, .calling(let status)): return status >= 180 ? .done : .waiting
        case (.ringing, .established), (.answered, .established), (.invite, .invited): return .done
        case (.answered, .ended(let ending)), (.ringing, .ended(let ending)): return .failed("ended \(ending.description)")
        case (.refused(let wanted), .ended(.refused(let status))):
            return wanted == nil || wanted == status ? .done : .failed("refused with \(status)")
        case (.refused, .ended(let ending)): return .failed("ended \(ending.description)")
        case (.refused, .established): return .failed("answered")
        case (.bye, .ended(.byRemote)), (.cancelled, .ended(.cancelledByRemote)), (.end, .ended):
            // Taken: the next wait means the next call.
            agent.call = nil
            return .done
        case (.bye, .ended(let ending)), (.cancelled, .ended(let ending)): return .failed("ended \(ending.description)")
        case (.cancelled, .established): return .failed("answered")
        case (.ringing, .invited), (.answered, .calling), (.answered, .invited), (.invite, .calling), (.invite, .established),
            (.invite, .ended), (.refused, .calling), (.refused, .invited), (.bye, .calling), (.bye, .invited),
            (.bye, .established),
            (.cancelled, .calling), (.cancelled, .invited), (.end, .calling), (.end, .invited), (.end, .established):
            return .waiting
        }
    }
}

extension String {
    /// Forgets everything up to the end of the first `part`.
    fileprivate mutating func removeFirst(through part: String) {
        guard let range = firstRange(of: part) else { return }
        removeSubrange(startIndex..<range.upperBound)
    }
}
