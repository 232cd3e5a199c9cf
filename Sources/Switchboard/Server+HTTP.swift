// The HTTP listener: health, the API, the page.

internal import API
internal import Foundation
internal import HTTP
internal import Logging
internal import NIOCore
internal import SiteConfiguration
internal import Storage
internal import Streams
internal import TLS
internal import WebUI

extension Server {
    /// Listens last, so that whoever gets an answer gets one from a center that stands.
    func listenHTTP(_ backend: RunningBackend) throws {
        let streams = StreamLoop(on: loop)
        let settings = configuration.listeners.http
        var limits = HTTPLimits()
        limits.bodyBytesMax = settings.bodyBytesMax
        limits.idle = .seconds(Int64(settings.idleSeconds))
        limits.listener.connectionsMax = settings.connectionsMax
        limits.listener.sharedAddresses = Set(settings.trustedProxies.compactMap(SourceAddress.canonical))
        let rest = RESTInterface(
            backend: backend, failuresPerMinuteMax: settings.failuresPerMinuteMax,
            requestsPerSecondMax: settings.requestsPerSecondMax, requestsBurstMax: settings.requestsBurstMax,
            trustedProxies: settings.trustedProxies)
        let server = HTTPServer(
            on: streams, router: rest.makeRouter(), files: try StaticFiles(folder: WebUI.pagesFolder), limits: limits,
            logger: logger)
        openDesks(of: rest)
        rest.registerHotPaths(on: server)
        if let certificate = startedCertificate {
            try server.listen(host: settings.address, port: settings.port, certificate: certificate)
        } else {
            precondition(settings.tls == nil, "a configuration whose certificate cannot be used is not started")
            try server.listen(host: settings.address, port: settings.port)
        }
        self.streams = streams
        self.rest = rest
        http = server
    }

    /// New connections are shown what a reload has read; a listener without TLS stays one until a restart.
    func renewCertificate(_ read: ServerCertificate?) {
        guard let http, let old = http.certificate, let read else { return }
        http.renew(read)
        if read.serial != old.serial { logger.notice("certificate renewed") }
    }

    /// The agents' pages: what the rules command is shown to them, what they want goes to the rules.
    private func openDesks(of rest: RESTInterface) {
        guard let edges, let turn else { return }
        let desks = rest.openDesks(audio: edges.browsers, settings: DeskSettings(configuration), on: loop) { event in
            guard !turn.isFull else { return false }
            turn.submit(event)
            return true
        }
        desks.keepNote = { edges.keep(edges.record(of: $0)) }
        edges.onCommand = { desks.note($0) }
        self.desks = desks
    }
}
