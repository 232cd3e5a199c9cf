// What `/metrics` tells of the agents' browsers.

internal import WebRTC

extension Server {
    func add(_ browsers: BrowserPortFigures, to metrics: inout Metrics) {
        metrics.add("browsers", .gauge, "Sessions of browsers.", browsers.sessions)
        metrics.add("browsers_connected", .gauge, "Browsers whose voice can flow.", browsers.connected)
        metrics.add(
            "browser_received_total", .counter, "Datagrams that came to the browsers' port.", browsers.datagramsReceived)
        metrics.add("browser_sent_total", .counter, "Datagrams sent to browsers.", browsers.datagramsSent)
        metrics.add(
            "browser_send_failures_total", .counter, "Datagrams to browsers that the kernel did not take.",
            browsers.sendFailures)
        metrics.add("browser_handshakes_total", .counter, "DTLS handshakes begun.", browsers.handshakes)
        metrics.add("browser_handshakes_failed_total", .counter, "DTLS handshakes that failed.", browsers.handshakesFailed)
        metrics.add(
            "browser_wrong_fingerprints_total", .counter, "Browsers refused because their certificate was not the offer's.",
            browsers.wrongFingerprints)
        metrics.add(
            "browser_refusals_withheld_total", .counter, "Strangers who got no answer because too many asked.",
            browsers.refusalsWithheld)
        metrics.add(
            "browser_dropped_total", .counter, "Datagrams dropped at the browsers' port.",
            BrowserDrop.allCases.filter { $0 != .test }.map { ([("cause", $0.rawValue)], Double(browsers.drops[$0])) })
    }
}
