// A house whose agents work in browsers: one queue, music that is a tone, no voice menu.

import Foundation
import Testing

extension House {
    /// What those who wait or are held hear.
    static let musicHertz = 1200

    /// Anna works in a browser only, Ben and Carla have both.
    static let deskFiles: [String: String] = [
        "listeners.yaml": """
        sip: {port: @SIP@}
        rtp: {port_first: @RTP@, port_last: @RTPLAST@}
        http: {port: @HTTP@}
        webrtc: {port: @BROWSERS@}

        """,
        "site.yaml": "time_zone: Europe/Berlin\ndesk: {lost_grace_seconds: 120}\n",
        "agents.yaml": """
        agents:
          anna: {name: Anna Berg, password: file:secrets/anna-page}
          ben:
            name: Ben Costa
            password: file:secrets/ben-page
            devices:
              ben-desk: {ha1: file:secrets/ben-desk}
          carla: {name: Carla Diaz, password: file:secrets/carla-page}

        """,
        "queues.yaml": deskQueues(),
        "dispositions.yaml": "codes: {order: Order, question: Question}\n",
        "flows/main.yaml": "start: sales\nnodes:\n  sales: {do: queue, queue: sales}\n",
    ]

    static func deskQueues(_ more: String = "", wrapUpSeconds: Int = 120) -> String {
        """
        queues:
          sales:
            members: [anna, {agent: ben, level: 2}]
            offer_seconds: 60
            wrap_up_seconds: \(wrapUpSeconds)
            announce_every_seconds: never
            music: music.wav
            \(more)
          support: {members: [ben], offer_seconds: 60, announce_every_seconds: never, music: music.wav}

        """
    }

    static let recorded = "record: true\n    record_announcement: Recorded."

    /// Starts a house with desks, hands it to the test, and stops it.
    static func openDesks(
        _ changes: [String: String] = [:], _ location: SourceLocation = #_sourceLocation,
        _ test: (House) async throws -> Void
    ) async throws {
        let house = try desks(changes)
        try await house.hosts(location) { try await test(house) }
    }

    /// One that is built, and not started.
    static func desks(_ changes: [String: String] = [:]) throws -> House {
        let house = try House(deskFiles.merging(changes) { $1 })
        try ToneFile.write(Double(musicHertz), seconds: 30, to: house.configuration + "/prompts/music.wav")
        return house
    }

    var deskAddress: String {
        let host = deskHost ?? host
        return "\(trusted == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(httpPort)/agent"
    }

    /// An agent's page, signed in and available.
    func desk(of agent: String, in browser: AgentBrowser) async throws -> DeskPage {
        let page = try await browser.page(deskAddress)
        try await page.signIn(agent, secret(agent + "-page"))
        try await page.goAvailable()
        return page
    }

    /// A caller who does what the test says, step by step.
    func caller(tone: Int, from: String = "4930111") async throws -> Phone {
        let phone = try call("100", tone: tone, from: from, listen: [Self.musicHertz, 600, 880], "-")
        try await phone.does("wait answered within 40s")
        return phone
    }

    /// What the API says of an agent.
    func agent(_ name: String) async throws -> String { try await get("/v1/agents/\(name)", token: "admin").body }
}

extension Phone {
    /// One more step of a script that comes by standard input, to its end.
    func does(_ step: String, within: Duration = .seconds(60)) async throws {
        let before = program.output.lines.count
        try program.say(step)
        try await program.line("\"done\":\"\(step)\"", from: before, within: within)
    }

    func hangsUp(_ location: SourceLocation = #_sourceLocation) async throws {
        try program.type("hang up\n")
        try await succeeds(location)
    }

    /// When it began to hear this for the first time since then, both in milliseconds; nil: it has not.
    func began(_ sound: String, since: Double) -> Double? {
        events.lazy.filter { $0.name == "heard" && $0.fields["what"] == sound }
            .compactMap { $0.fields["began"].flatMap(Double.init) }.first { $0 >= since }
    }

    /// Whether anybody has hung up on it.
    var isClickedOff: Bool { events.contains { ["bye", "ended"].contains($0.name) } }
}
