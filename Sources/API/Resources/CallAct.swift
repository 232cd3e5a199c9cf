// What an agent does with the own call, asked for over the API: one way in for all of it.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

/// A request to do something with a call, checked against the rules before they hear of it.
struct CallAct: Sendable {
    static let id = Parameter.path("id", .integer(1...UInt64.max), "The contact, which is a call.")
    static let problems: [HTTPResponse.Status] = [.notFound, .conflict, .serviceUnavailable]
    static let ownNote = "An agent may do it with the own call; whoever may more does it for the agent who has the call."

    /// What is to happen, or that it is so already.
    enum Step: Sendable {
        case event(Event, OutsideWay? = nil)
        case keys(String, LegID)
        case done
    }

    /// Of the audit line.
    var action: String
    var detail: [String: String] = [:]
    /// nil: the call has to be with an agent.
    var endsSupervisionBy: AgentID?

    /// Asks the rules first, so that whoever asks hears at once; nothing has happened when it is refused.
    func perform(
        _ rest: RESTInterface, _ call: Call, _ step: @MainActor @Sendable (Contact, AgentID) throws -> Step
    ) async throws -> Reply {
        let id = ContactID(rawValue: call.number("id"))
        let wanted = try rest.onLoop { () throws -> Step in
            let (contact, agent) = try party(rest, call, id)
            let step = try step(contact, agent)
            if case .event(let event, let way) = step {
                if let refusal = rest.backend.center.refusal(of: event) { throw Self.problem(refusal) }
                if let way { rest.backend.keep(way) }
            }
            return step
        }
        let audit = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: action,
            object: "contact/\(id)", detail: detail)
        switch wanted {
        case .done: return .empty()
        case .event(let event, let way):
            if case .failure(let error) = await rest.backend.submit(event, audit: audit) {
                if error == .overloaded, let way { rest.onLoop { rest.backend.forget(way) } }
                throw Problem.notStored(error)
            }
        case .keys(let keys, let leg):
            // What was pressed is written nowhere: it may be a card's number.
            if case .failure(let error) = await rest.backend.record(audit) { throw Problem.notStored(error) }
            guard rest.onLoop({ rest.backend.press(keys, on: leg) }) else { throw Self.problem(.notAllowed) }
        }
        return .empty()
    }

    /// The call, and for which of those on it the request is made.
    @MainActor private func party(_ rest: RESTInterface, _ call: Call, _ id: ContactID) throws -> (Contact, AgentID) {
        guard let contact = rest.backend.center.contacts[id], let principal = call.principal else { throw Self.unknown }
        let own = contact.participants.compactMap(\.agent).first { principal.role == .agent && principal.mayAct(for: $0) }
        let main: AgentID? = if case .agent(let agent, _)? = contact.conversation?.other { agent } else { nil }
        // Strangers hear the same as of a contact that does not exist.
        guard let agent = own ?? (principal.mayAct(for: main) ? main ?? "" : nil) else { throw Self.unknown }
        guard !contact.isDigital, endsSupervisionBy != nil || !agent.rawValue.isEmpty else { throw Self.noCall }
        if let endsSupervisionBy, !contact.participants.contains(where: { $0.agent == endsSupervisionBy && $0.mode != nil }) {
            throw Self.noCall
        }
        return (contact, agent)
    }

    // MARK: Refusals

    static func problem(_ refusal: ControlRefusal) -> Problem {
        switch refusal {
        case .unknownTarget:
            Problem(
                .conflict, code: "target_unknown", detail: "There is no such target, or it is the one who has the call.",
                mend: "Give another key of GET /v1/agents or GET /v1/queues, or a flow of the configuration.")
        case .busy:
            Problem(
                .conflict, code: "target_busy", detail: "The agent has something else to do, or too many wait there.",
                mend: "Take another target, or wait a moment.")
        case .noCall: noCall
        case .outsideFull:
            Problem(
                .conflict, code: "outside_full",
                detail: "As many calls for agents go over the trunk as `outside: max_calls:` in trunks.yaml allows.",
                mend: "Wait until one of them is over.")
        case .outsideNotAllowed: problem(OutsideRefusal(.notConfigured))
        case .notAllowed, .tooLate, .dispositionRequired, .unknownDisposition:
            Problem(
                .conflict, code: "not_possible", detail: "This cannot be done with the call now.", field: "id",
                mend: "Look at the contact in GET /v1/contacts/{id}.")
        }
    }

    /// Names the rule that forbids the number.
    static func problem(_ refusal: OutsideRefusal) -> Problem {
        let trunk = refusal.trunk.map { " of trunk `\($0)`" } ?? ""
        switch refusal.reason {
        case .notConfigured:
            return Problem(
                .conflict, code: "outside_not_allowed", detail: "No trunk has `outside:` in trunks.yaml.", field: "/number",
                mend: "Say there which numbers agents may have called.")
        case .malformed:
            return BodyMember.refusal(
                "number",
                "Give a whole number of at least \(CallableNumber.digitsMin) digits, with its country or area code.")
        case .notAllowed:
            return Problem(
                .conflict, code: "number_not_allowed",
                detail: "The number begins with nothing that `outside: allow:`\(trunk) has.",
                field: "/number", mend: "Give another number, or have its begin allowed in trunks.yaml.")
        case .own:
            return Problem(
                .conflict, code: "number_own", detail: "The number is one of this house.", field: "/number",
                mend: "Give a queue, an agent or a flow.")
        case .denied:
            return Problem(
                .conflict, code: "number_denied",
                detail: "`outside: deny:`\(trunk) forbids numbers that begin with `\(refusal.begin ?? "")`.", field: "/number",
                mend: "Give another number.")
        }
    }

    static func problem(_ fault: CallTarget.Fault, _ members: [String]) -> Problem {
        switch fault {
        case .notOne:
            BodyMember.refusal(
                members[0], "Give exactly one of \(members.map { "`\($0)`" }.joined(separator: ", ")).")
        case .outside(let refusal): problem(refusal)
        }
    }

    static let noCall = Problem(
        .conflict, code: "contact_not_with_agent", detail: "It is no call, or no agent talks in it.", field: "id",
        mend: "Look at the contact in GET /v1/contacts/{id}.")
    private static let unknown = Problem.unknown("contact", see: "/v1/contacts")
}
