// Session timers with peers that know no UPDATE (RFC 4028).

internal import CSofia
internal import MainLoop

extension Endpoint {
    /// How often calls are looked at that may need a refresh.
    static let refreshTickSeconds = 1
    /// After a refusal, such as 491 when two re-INVITEs met, the next try waits as long.
    private static let refreshPauseNanoseconds: UInt64 = 5_000_000_000

    /// Notes who refreshes the session, by the rules that the library goes by. Its own refresh, an UPDATE, is left to it; a
    /// peer without that method would answer 501, upon which the library ends the call. So such a call gets re-INVITEs from
    /// us, each well before the library's time, which begins anew with every answer.
    func agreeOnRefresh(_ call: Call, _ event: Happened, isRequest: Bool) {
        let isTheirs =
            event.pointee.supports_timer && (isRequest ? !event.pointee.refreshed_by_uas : event.pointee.refreshed_by_uas)
        let asked = Int(event.pointee.session_expires)
        let wanted = call.attempt.map { Int($0.sessionTimer) } ?? settings.sessionTimerSeconds
        let seconds = asked > 0 && wanted > 0 ? min(asked, wanted) : max(asked, wanted)
        guard !isTheirs, !event.pointee.allows_update, seconds > 0 else { return call.refresh = nil }
        // The library's time is half of the interval, less five seconds.
        let interval = UInt64(seconds) * 1_000_000_000 / 3
        call.refresh = Call.Refresh(due: MonotonicClock.now &+ interval, interval: interval)
        awaitRefresh(call)
    }

    private func awaitRefresh(_ call: Call) {
        guard !call.isAwaitingRefresh else { return }
        call.isAwaitingRefresh = true
        refreshDeadlines.add(call.id, at: MonotonicClock.now)
    }

    func refreshPassed(_ id: CallID) {
        guard let call = calls[id.rawValue], let stack else { return }
        call.isAwaitingRefresh = false
        guard var refresh = call.refresh else { return }
        let now = MonotonicClock.now
        switch call.state {
        case .established:
            awaitRefresh(call)
            guard refresh.due <= now, !refresh.isUnderWay, case .none = call.offer else { return }
            refresh.isUnderWay = true
            call.refresh = refresh
            call.localSDP.withCString { csofia_reinvite(stack, id.rawValue, $0) }
            kick()
        case .incoming, .answered: awaitRefresh(call)
        case .inviting, .closing: break
        }
    }

    /// A response to a re-INVITE of ours. If it ends the call, the library says so. What a 2xx describes is what has been
    /// agreed already: the description that it answers has not changed (RFC 4028 §7.4).
    func refreshed(_ call: Call, _ status: Int) {
        guard status >= 200, var refresh = call.refresh else { return }
        refresh.isUnderWay = false
        refresh.due = MonotonicClock.now &+ (status < 300 ? refresh.interval : Endpoint.refreshPauseNanoseconds)
        call.refresh = refresh
    }
}
