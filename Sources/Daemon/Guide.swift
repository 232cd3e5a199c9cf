// What a newcomer is told once the daemon listens: where, and what to try next.

import ACD
import Basics
import ContactCenter
import SiteConfiguration

/// Made from the configuration that runs, so that it stays true when somebody changes it.
struct Guide {
    let configuration: SiteConfiguration
    let stateFolder: String
    /// Secrets of this very start; later starts know only their hashes.
    let made: [FirstRunSecrets.Made]
    /// Where the page signs in by itself, once.
    let pageAddress: String

    var text: String {
        let sip = "\(configuration.listeners.sip.address):\(configuration.listeners.sip.port)"
        var parts = [
            "", "Switchboard listens: SIP on \(sip) (UDP), HTTP on \(httpAddress)", "What to try next:",
            "  Watch the floor (this address works once, within ten minutes): \(pageAddress)",
        ]
        if let agent = configuration.agents.first(where: { $0.password != nil }) {
            parts.append(
                "  Take calls in the browser: \(httpAddress)/agent, name \(agent.id), password \(pagePassword(of: agent))")
        }
        if let agent = configuration.agents.first(where: { !$0.devices.isEmpty }), let device = agent.devices.first {
            parts += [
                "  Or register a softphone: user \(device.id), server \(sip), UDP, password \(password(of: device))",
                "  Sign in as \(agent.name.isEmpty ? agent.id.rawValue : agent.name): dial \(signIn) on it;"
                    + " its calls come from \(queues(of: agent))",
            ]
        }
        if let number = configuration.numbers.map(\.number).min(by: { ($0.count, $0) < ($1.count, $1) }) {
            parts.append("  Call the center from another phone, one that is not registered: sip:\(number)@\(sip)")
        }
        parts += tokenLines + ["  Stop with Ctrl-C.", ""]
        return parts.joined(separator: "\n")
    }

    private var httpAddress: String {
        let http = configuration.listeners.http
        let host =
            http.address == "127.0.0.1" ? "localhost" : http.address.contains(":") ? "[\(http.address)]" : http.address
        return "\(http.tls == nil ? "http" : "https")://\(host):\(http.port)"
    }

    private var signIn: String { configuration.site.featureCodes.available }

    private func password(of device: AgentSettings.Device) -> String {
        for secret in made {
            if case .device(device.id, _) = secret.kind { return secret.plain }
        }
        return shownBefore(device.ha1.first)
    }

    private func pagePassword(of agent: AgentSettings) -> String {
        for secret in made {
            if case .agent(agent.id) = secret.kind { return secret.plain }
        }
        return shownBefore(agent.password)
    }

    private func shownBefore(_ secret: SecretReference?) -> String {
        guard case .file(let name)? = secret else { return "as you chose it" }
        return "as shown at the first start (lost? remove \(stateFolder)/\(name) and start again: a new one is made)"
    }

    private func queues(of agent: AgentSettings) -> String {
        let names = configuration.queues.filter { $0.rules.members.contains { $0.agent == agent.id } }.map(\.id.rawValue)
        return names.isEmpty ? "no queue yet" : names.joined(separator: ", ")
    }

    private var tokenLines: [String] {
        for secret in made {
            guard case .token(_, let role) = secret.kind, role >= .supervisor else { continue }
            return ["  Ask the API: curl -H 'Authorization: Bearer \(secret.plain)' \(httpAddress)/v1/queues"]
        }
        return [
            "  Ask the API: curl -H 'Authorization: Bearer TOKEN' \(httpAddress)/v1/queues"
                + " (tokens were shown at the first start)"
        ]
    }
}
