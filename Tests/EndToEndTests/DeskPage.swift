// The page `/agent` of the daemon in a browser, as an agent sees and handles it.

import Foundation
import Testing

struct DeskPage: Sendable {
    let browser: AgentBrowser
    let number: Int

    /// When it began, in milliseconds.
    @discardableResult
    func does(_ act: String, _ fields: [String: any Sendable] = [:]) async throws -> Double {
        try await browser.does(act, fields.merging(["page": number]) { $1 }).t
    }

    // MARK: What is to be seen

    /// Waits until something that matches is to be seen.
    func shows(_ selector: String, _ text: String? = nil, within seconds: Int = 45) async throws {
        try await does("shows", Self.matching(selector, text).merging(["seconds": seconds]) { $1 })
    }

    /// Waits until an expression in the page is true.
    func until(_ expression: String, within seconds: Int = 45) async throws {
        try await does("until", ["expression": expression, "seconds": seconds])
    }

    func value(_ expression: String) async throws -> String {
        try await browser.does("value", ["page": number, "expression": expression]).value
    }

    /// Of what the page knows: `Part.desk` is its root.
    func knows(_ expression: String) async throws -> String {
        try await value("import('/agent/dom.js').then(({ Part }) => \(expression))")
    }

    /// What has happened since the page was loaded, and when it did first, in milliseconds: see `stamps.js`.
    func stamps() async throws -> [String: Double] {
        let text = try await browser.does("stamps", ["page": number]).value
        return try JSONDecoder().decode([String: Double].self, from: Data(text.utf8))
    }

    /// Waits until it hears the tone in Hz and nothing else; 0: nothing at all.
    func hears(_ tone: Int, within seconds: Int = 45) async throws {
        try await does("hears", ["tone": tone, "seconds": seconds])
    }

    /// Those that the browser would send with a request of the page.
    func cookies() async throws -> [AgentBrowser.Cookie] {
        let text = try await browser.does("cookies", ["page": number]).value
        return try JSONDecoder().decode([AgentBrowser.Cookie].self, from: Data(text.utf8))
    }

    /// No exception, no file that is missing, nothing that the content-security-policy refused.
    func expectNoProblems(_ location: SourceLocation = #_sourceLocation) async throws {
        let problems = try await browser.does("problems", ["page": number]).value
        #expect(problems == "[]", sourceLocation: location)
    }

    // MARK: What is done

    @discardableResult
    func click(_ selector: String, _ text: String? = nil) async throws -> Double {
        try await does("click", Self.matching(selector, text))
    }

    /// One key; `with`: held meanwhile.
    @discardableResult
    func press(_ key: String, with modifiers: Modifiers = []) async throws -> Double {
        try await does("press", ["key": key, "modifiers": modifiers.rawValue])
    }

    func type(_ text: String) async throws { try await does("type", ["text": text]) }

    @discardableResult
    func reload() async throws -> Double { try await does("reload") }

    func freezes(_ on: Bool) async throws { try await does("freeze", ["on": on]) }

    struct Modifiers: OptionSet, Sendable {
        var rawValue: Int
        static let control = Modifiers(rawValue: 2)
        static let shift = Modifiers(rawValue: 8)
    }

    private static func matching(_ selector: String, _ text: String?) -> [String: any Sendable] {
        var fields: [String: any Sendable] = ["selector": selector]
        fields["text"] = text
        return fields
    }
}

extension DeskPage {
    /// Types name and password into the form.
    func signIn(_ agent: String, _ password: String) async throws {
        try await shows("desk-sign-in")
        try await until("document.activeElement?.id === 'name'")
        try await type(agent)
        try await press("Tab")
        try await type(password)
        try await press("Enter")
    }

    /// Through the check of microphone, loudspeaker and network to the first call.
    func goAvailable() async throws {
        try await shows("desk-check", "Ready for calls?")
        try await until("!document.querySelector('desk-check .primary').disabled")
        // Firefox measures no level on a machine without a sound device.
        if browser.kind == .chromium { try await shows("desk-check", "You can be heard.") }
        try await click("desk-check button", "Play a sound")
        try await click("desk-check button", "I heard it")
        try await shows("desk-check", "You hear it.")
        try await shows("desk-check", "Round trip")
        try await click("desk-check .primary", "Go available")
        try await shows("desk-idle", "The next call rings here.")
    }

    /// When the agent's state and the call began, as the page knows it.
    func clocks() async throws -> String {
        try await knows(
            "JSON.stringify((({ presence, call }) => [presence.presence, presence.since, call.contact, call.since])(Part.desk.state))"
        )
    }
}
