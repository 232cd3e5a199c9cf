// What `/metrics` tells.

internal import ACD
internal import API
internal import Basics
internal import ContactCenter
internal import HTTP
internal import MainLoop
internal import Media
internal import SIP
internal import Speech
internal import Storage
internal import TLS
internal import WebRTC

extension Server {
    /// Costs about as much as reading all counters once; nothing is computed that grows with history.
    public func metrics() -> String {
        var metrics = Metrics()
        metrics.add("uptime_seconds", .gauge, "Seconds since the start.", uptimeSeconds)
        metrics.add("loop_round_seconds", "Length of the loop's rounds.", loop.figures.rounds)
        metrics.add("loop_lag_seconds", "How late the loop woke for its deadlines.", loop.figures.lag)
        let now = MonotonicClock.now
        metrics.addQuantiles(
            "loop_round_recent_seconds", "Length of the loop's rounds, the last one to two minutes.",
            loop.figures.recentRounds.times(at: now))
        metrics.addQuantiles(
            "loop_lag_recent_seconds", "How late the loop woke for its deadlines, the last one to two minutes.",
            loop.figures.recentLag.times(at: now))
        if let turn, let edges { add(turn, edges, to: &metrics) }
        if let store { add(store, to: &metrics) }
        if let figures = http?.figures { add(figures, to: &metrics) }
        if let rest {
            metrics.add(
                "http_throttled_total", .counter, "Requests answered 429, because a token or session had sent too many.",
                rest.throttled)
        }
        if let certificate = http?.certificate {
            metrics.add(
                "http_certificate_expires_timestamp_seconds", .gauge, "When the certificate expires, in seconds since 1970.",
                certificate.validUntil)
        }
        metrics.add("invariant_violations_total", .counter, "Violations of the rules' invariants.", watch?.violations ?? 0)
        return metrics.text
    }

    var uptimeSeconds: Double { Double((MonotonicClock.now - clockStart) / 1_000_000_000) }

    private func add(_ turn: Turn, _ edges: Edges, to metrics: inout Metrics) {
        let center = turn.center
        metrics.add("turn_seconds", "Length of the turns.", turn.figures.lengths)
        metrics.addQuantiles(
            "turn_recent_seconds", "Length of the turns, the last one to two minutes.",
            turn.figures.recentLengths.times(at: MonotonicClock.now))
        metrics.add("turns_total", .counter, "Turns.", turn.figures.turns)
        metrics.add("turn_inbox_events", .gauge, "Events that wait for their turn.", turn.inboxEvents)
        metrics.add(
            "calls_overloaded_total", .counter, "Calls answered 503, because too many events waited or too many calls were up.",
            [
                ([("cause", "events")], Double(edges.overloaded.events)),
                ([("cause", "calls")], Double(edges.overloaded.calls)),
            ])
        metrics.add("events_total", .counter, "Events handled by the rules.", turn.figures.events)
        metrics.add("late_events_total", .counter, "Events about what was gone already.", center.figures.lateEvents)
        metrics.add("contacts", .gauge, "Contacts that live.", center.contacts.count)
        metrics.add("contacts_total", .counter, "Contacts since the beginning.", center.figures.contacts)
        metrics.add("calls_rejected_total", .counter, "Calls refused by the rules.", center.figures.callsRejected)
        let queues = center.queues.map { ([("queue", $0.key.rawValue)], $0.value) }
        metrics.add("queue_waiting", .gauge, "Contacts waiting.", queues.map { ($0.0, Double($0.1.waiting.count)) })
        metrics.add("queue_answered_total", .counter, "Answered.", queues.map { ($0.0, Double($0.1.figures.answered)) })
        metrics.add("queue_abandoned_total", .counter, "Abandoned.", queues.map { ($0.0, Double($0.1.figures.abandoned)) })
        metrics.add(
            "queue_diverted_total", .counter, "Given away, by cause.",
            queues.flatMap { labels, queue in
                queue.figures.diverted.filter { $0.count > 0 }.map {
                    (labels + [("cause", $0.cause.rawValue)], Double($0.count))
                }
            })
        add(queues, of: center, to: &metrics)
        add(edges, kindsOf: center, to: &metrics)
        var available = 0
        for agent in center.agents where agent.value.presence == .available { available += 1 }
        metrics.add("agents_available", .gauge, "Agents that are available.", available)
        add(edges.media.figures, edges.soundAlarms, to: &metrics)
        addRecordings(edges, to: &metrics)
        add(edges.browsers.port?.figures ?? BrowserPortFigures(), to: &metrics)
        add(edges.prompts.speech.figures, to: &metrics)
        add(edges.sip.figures, to: &metrics)
    }

    private func add(_ http: HTTPFigures, to metrics: inout Metrics) {
        metrics.add("http_requests_total", .counter, "Requests.", http.requests)
        metrics.add(
            "http_responses_total", .counter, "Answers, by the first digit of their status.",
            (2...5).map { ([("class", "\($0)xx")], Double(http.responsesByClass[$0])) })
        metrics.add("http_connections", .gauge, "Open connections.", http.openConnections)
        metrics.add("http_accepted_total", .counter, "Connections accepted.", http.accepted)
        metrics.add("http_refused_total", .counter, "Connections refused because too many were open.", http.refused)
        metrics.add("http_cut_off_total", .counter, "Connections closed because the client was too slow.", http.cutOff)
        metrics.add(
            "http_failed_handshakes_total", .counter, "Connections closed because TLS came to no agreement.",
            http.failedHandshakes)
        metrics.add("http_unsent_bytes", .gauge, "Bytes of answers that wait for slow clients.", http.unsentBytes)
        metrics.add(
            "http_exhausted_total", .counter, "Times at which no descriptor was left for a connection.", http.exhausted)
    }

    private func add(_ sip: EndpointFigures, to metrics: inout Metrics) {
        metrics.add("sip_calls", .gauge, "SIP calls.", sip.calls)
        metrics.add("sip_bindings", .gauge, "Registered devices.", sip.bindings)
        metrics.add(
            "sip_invites_total", .counter, "INVITEs.",
            [([("direction", "in")], Double(sip.invitesIn)), ([("direction", "out")], Double(sip.invitesOut))])
        let refused: [(String, UInt64)] = [
            ("overloaded", sip.overloaded), ("no_channel", sip.noChannel), ("forbidden", sip.forbidden),
            ("without_offer", sip.withoutOffer),
        ]
        metrics.add(
            "sip_refused_total", .counter, "Calls and registrations refused before the rules heard of them.",
            refused.map { ([("cause", $0.0)], Double($0.1)) })
        metrics.add("sip_challenged_total", .counter, "Requests that were asked for a password.", sip.challenged)
        metrics.add("sip_overdue_total", .counter, "Calls and changes of calls that a time limit ended.", sip.overdue)
        metrics.add("sip_receive_errors_total", .counter, "Errors of the UDP socket, mostly by ICMP.", sip.receiveErrors)
        metrics.add(
            "sip_step_longest_seconds", .gauge, "The longest step of the SIP library since the start.",
            Double(sip.longestStep) / 1e9)
        metrics.add("sip_wrong_passwords_total", .counter, "Refused credentials.", sip.wrongPasswords)
        metrics.add("sip_bans_total", .counter, "Sources banned.", sip.bans)
        let dropped: [(String, UInt64)] = [
            ("banned", sip.droppedBanned), ("rate", sip.droppedOverRate), ("total", sip.droppedOverTotal),
            ("length", sip.droppedTooLong), ("lines", sip.droppedTooManyLines), ("not_sip", sip.droppedNotSIP),
        ]
        metrics.add(
            "sip_dropped_total", .counter, "Datagrams dropped before parsing.",
            dropped.map { ([("cause", $0.0)], Double($0.1)) })
    }

    private func add(_ store: Store, to metrics: inout Metrics) {
        metrics.add("storage_unsaved_turns", .gauge, "Turns that are not on the disk yet.", store.unsavedTurns)
        metrics.add("storage_degraded", .gauge, "1 while the disk cannot be written.", store.health == .good ? 0 : 1)
        metrics.add("storage_turns_total", .counter, "Turns written.", store.figures.turns)
        metrics.add("storage_transactions_total", .counter, "Transactions.", store.figures.transactions)
        metrics.add(
            "storage_failed_transactions_total", .counter, "Transactions that failed.", store.figures.failedTransactions)
        metrics.add("storage_dropped_turns_total", .counter, "Turns given up.", store.figures.droppedTurns)
        metrics.add("storage_rejected_facts_total", .counter, "Rows that the tables refused.", store.figures.rejectedFacts)
        metrics.add(
            "storage_unencodable_total", .counter, "Events and details that could not be written down.",
            store.figures.unencodable)
        metrics.add(
            "storage_checked", .gauge, "1 once the database has been looked through for damage since the start.",
            databaseCheck == .waiting ? 0 : 1)
        metrics.add("storage_damaged", .gauge, "1 if that found damage.", databaseCheck == .damaged ? 1 : 0)
        metrics.add("storage_transaction_seconds", "Length of the transactions.", store.figures.transactionTimes)
    }
}
