// The port of the agents' browsers.

internal import ACD
internal import Basics
internal import ContactCenter
internal import Logging
internal import MainLoop
internal import WebRTC

extension Server {
    /// Opens the port once an agent works in a browser: at the start, or at the reload that brings the first one.
    func openBrowserPort(for configuration: CenterConfiguration) async throws {
        let isWanted = configuration.agents.contains { $0.devices.contains($0.id.browser) }
        guard isWanted, let browsers = edges?.browsers, browsers.port == nil else { return }
        try await WorkerQueue(label: "browsers").run { BrowserPort.prepare() }
        let port = try BrowserPort(on: loop, settings: self.configuration.browserPortSettings)
        browsers.port = port
        logger.notice("browsers can come", metadata: ["addresses": "\(port.addresses.count)"])
    }

    /// The rest of the new configuration counts, whatever is in the way of the port.
    func openBrowserPortLater(for configuration: CenterConfiguration) async {
        do {
            try await openBrowserPort(for: configuration)
        } catch {
            logger.error("browsers cannot come", metadata: ["reason": "\(error)"])
        }
    }
}
