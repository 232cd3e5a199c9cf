// The HTTP listener.

internal import HTTP
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import SiteConfiguration
internal import Streams

extension Server {
    /// Health is answered from here on; the API when its backend stands.
    func listenHTTP() throws {
        let streams = StreamLoop(on: loop)
        let settings = configuration.listeners.http
        var limits = HTTPLimits()
        limits.bodyBytesMax = settings.bodyBytesMax
        limits.idle = .seconds(Int64(settings.idleSeconds))
        limits.listener.connectionsMax = settings.connectionsMax
        let server = HTTPServer(on: streams, router: Router(), limits: limits, logger: logger)
        server.answer("/healthz") { _ in HotResponse(contentType: "text/plain", body: "ok\n") }
        try server.listen(host: settings.address, port: settings.port)
        self.streams = streams
        http = server
    }
}
