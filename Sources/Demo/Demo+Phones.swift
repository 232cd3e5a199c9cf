// The people of the demo: agents at their phones, callers one after the other.

internal import Basics
internal import Foundation
internal import SiteConfiguration

extension Demo {
    /// Calls at once; a further caller gives up before dialling, so that a slow machine is not buried.
    static let callersMax = 30
    static let firstCallSeconds = 2.0
    static let addressOfHouse = "127.0.0.1"
    /// The address that the demo's trunk takes calls from.
    static let addressOfCallers = "127.0.0.2"
    /// One where nobody else is likely to have taken a port.
    static let addressOfAgents = "127.0.0.3"

    var callerProgram: String { binaries + "/Caller" }

    func startPhones(_ lines: SpokenLines) {
        for (index, agent) in configuration.agents.enumerated() {
            guard let device = agent.devices.first, let password = passwords[device.id] else { continue }
            // A port of its own for each phone: one that is switched on again takes the place of the one before.
            let port = options.agentPort(index)
            let phone = AgentPhone(
                program: callerProgram,
                arguments: [
                    "phone", "--local", "\(Self.addressOfAgents):\(port)", "--user", device.id.rawValue, "--password", password,
                    "--registrar", "\(Self.addressOfHouse):\(options.sipPort)", "--script", "-",
                ], script: AgentScript(lines: lines.agents, seed: options.seed &+ UInt64(index) &+ 1), agenda: agenda,
                onGivenUp: { [unowned self] in gaveUp(agent.id) })
            agents.append(phone)
            do { try phone.switchOn() } catch { screen.say("no phone for \(agent.id): \(error)") }
        }
        plans = CallerPlans(lines: lines.callers, secondsBetweenCalls: options.secondsBetweenCalls, seed: options.seed)
        agenda.after(Self.firstCallSeconds) { [unowned self] in nextCaller() }
    }

    private func gaveUp(_ agent: AgentID) {
        let text = "the phone of \(agent) broke off \(AgentPhone.restartsMax) times without a sign-in and stays off"
        happenings.add(Happening(at: Date(), text: text))
        if !screen.isTerminal { screen.say(text) }
    }

    private func nextCaller() {
        guard var plans, !isStopping else { return }
        let plan = plans.nextCaller()
        if callers.count < Self.callersMax { call(plan) }
        let interval = plans.nextInterval()
        self.plans = plans
        agenda.after(interval) { [unowned self] in nextCaller() }
    }

    private func call(_ plan: CallerPlan) {
        guard let number = configuration.numbers.first?.number else { return }
        var identifier: Int32?
        let caller = try? ChildProcess(
            callerProgram,
            [
                "call", "--local", "\(Self.addressOfCallers):0", "--from", plan.number,
                "--to", "sip:\(number)@\(Self.addressOfHouse):\(options.sipPort)", "--script", plan.script,
            ], onExit: { [unowned self] _ in if let identifier { callers[identifier] = nil } })
        guard let caller else { return }
        identifier = caller.identifier
        callers[caller.identifier] = caller
        callsMade += 1
    }

    func endPhones() {
        for agent in agents { agent.switchOff() }
        for caller in callers.values { caller.signal(SIGKILL) }
    }
}
