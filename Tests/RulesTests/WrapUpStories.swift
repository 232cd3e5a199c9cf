// After-call work at the desk: its clock, its one extension, and what the agent has to say.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct WrapUpStories {
    private static let required = SmallCenter.desks(sales: { $0.isDispositionRequired = true })

    private static func wrappingUp(_ configuration: CenterConfiguration) throws -> (floor: VirtualFloor, contact: ContactID) {
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let (caller, _) = try floor.talk(with: "alice")
        let contact = try #require(floor.contact(of: caller)?.id)
        floor.hangUp(caller)
        return (floor, contact)
    }

    private static func isWrappingUp(_ floor: VirtualFloor) -> Bool {
        floor.agent("alice").work.contains { if case .wrapUp = $0 { true } else { false } }
    }

    private func disposed(_ floor: VirtualFloor) -> [Happening] {
        floor.commands.compactMap { if case .append(_, let entry) = $0 { entry.what } else { nil } }
    }

    @Test("wrap-up is extended by its own length, once only")
    func extended() throws {
        var (floor, _) = try Self.wrappingUp(SmallCenter.desks())
        floor.advance(seconds: 4)
        #expect(floor.center.refusal(of: .wrapUpExtended("alice")) == nil)
        floor.submit(.wrapUpExtended("alice"))
        #expect(floor.agent("alice").wrapUp?.isExtended == true)
        #expect(floor.center.refusal(of: .wrapUpExtended("alice")) == .notAllowed)
        floor.submit(.wrapUpExtended("alice"))
        floor.advance(seconds: 15)
        #expect(Self.isWrappingUp(floor))
        floor.advance(seconds: 1)
        #expect(!Self.isWrappingUp(floor) && floor.agent("alice").refusal == nil)
        #expect(floor.center.refusal(of: .wrapUpExtended("alice")) == .tooLate)
    }

    @Test("where the queue does not allow it, it is not extended")
    func notExtendable() throws {
        let (floor, _) = try Self.wrappingUp(SmallCenter.desks(sales: { $0.isWrapUpExtendable = false }))
        #expect(floor.center.refusal(of: .wrapUpExtended("alice")) == .notAllowed)
    }

    @Test("done before its time, with or without a disposition, the agent is free at once", arguments: ["sold", nil])
    func completed(code: String?) throws {
        let begun = try Self.wrappingUp(SmallCenter.desks())
        let contact = begun.contact
        var floor = begun.floor
        floor.submit(.wrapUpCompleted("alice", disposition: code))
        #expect(disposed(floor) == (code.map { [.disposed("alice", code: $0)] } ?? []))
        #expect(floor.commands.allSatisfy { if case .append(let other, _) = $0 { other == contact } else { true } })
        #expect(floor.agent("alice").refusal == nil && floor.agent("alice").wrapUp == nil)
    }

    @Test("a code that the configuration does not have is refused: no free text gets in")
    func unknownCode() throws {
        var (floor, _) = try Self.wrappingUp(SmallCenter.desks())
        let event = Event.wrapUpCompleted("alice", disposition: "Mrs Smith wants her money back")
        #expect(floor.center.refusal(of: event) == .unknownDisposition)
        floor.submit(event)
        #expect(Self.isWrappingUp(floor) && floor.commands.isEmpty)
    }

    @Test("where a disposition is required, wrap-up ends neither by a button nor by a pause nor by its clock without one")
    func required() throws {
        var (floor, _) = try Self.wrappingUp(Self.required)
        #expect(floor.center.refusal(of: .wrapUpCompleted("alice", disposition: nil)) == .dispositionRequired)
        floor.submit(.wrapUpCompleted("alice", disposition: nil))
        floor.set(.available, for: "alice")
        floor.set(.aux(reason: "break"), for: "alice")
        #expect(Self.isWrappingUp(floor) && floor.agent("alice").pendingPresence == .aux(reason: "break"))
        floor.advance(seconds: 10)
        #expect(Self.isWrappingUp(floor) && floor.agent("alice").wrapUp?.isOverdue == true)
        #expect(floor.center.refusal(of: .wrapUpExtended("alice")) == .notAllowed)
        floor.submit(.wrapUpCompleted("alice", disposition: "sold"))
        #expect(disposed(floor) == [.disposed("alice", code: "sold")])
        #expect(!Self.isWrappingUp(floor) && floor.agent("alice").presence == .aux(reason: "break"))
    }

    @Test("whoever never says it is taken for gone after ten minutes, and the contact says so")
    func overdue() throws {
        var (floor, _) = try Self.wrappingUp(Self.required)
        floor.call("101")
        floor.advance(seconds: 609)
        #expect(Self.isWrappingUp(floor) && floor.ringing(at: "alice").isEmpty)
        floor.advance(seconds: 1)
        #expect(floor.agent("alice").presence == .aux(reason: AgentPresence.notResponding))
        #expect(disposed(floor) == [.disposed("alice", code: nil)])
        #expect(floor.ringing(at: "alice").isEmpty)
    }

    @Test(
        "nothing is required of an agent without a desk, after a sign-out, or where there is nothing to choose",
        arguments: 0..<3)
    func notRequired(how: Int) throws {
        var configuration = Self.required
        if how == 0 { configuration.agents[0].devices = ["alice-desk"] }
        if how == 1 { configuration.dispositions = [] }
        var (floor, _) = try Self.wrappingUp(configuration)
        if how == 2 { floor.submit(.deviceUnregistered("alice-browser")) }
        floor.advance(seconds: 10)
        #expect(!Self.isWrappingUp(floor) && floor.agent("alice").presence == .available)
    }

    @Test("wrap-up and its clock outlive a reload of the page and a restart of the process")
    func kept() throws {
        var (floor, _) = try Self.wrappingUp(Self.required)
        let (work, terms) = (floor.agent("alice").work, floor.agent("alice").wrapUp)
        floor.advance(seconds: 2)
        floor.lose("alice-browser")
        floor.register("alice-browser")
        floor.restart(with: floor.center)
        floor.register("alice-browser")
        #expect(floor.agent("alice").work == work && floor.agent("alice").wrapUp == terms)
        floor.submit(.wrapUpCompleted("alice", disposition: "no"))
        #expect(floor.agent("alice").refusal == nil)
    }

    @Test("after a transfer the disposition is a line of the contact that goes on")
    func transferred() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, _) = try floor.talk(with: "alice")
        floor.submit(.transferRequested("alice", .queue("support")))
        floor.submit(.wrapUpCompleted("alice", disposition: "no"))
        #expect(disposed(floor).isEmpty)
        #expect(floor.happenings(of: caller).last == .disposed("alice", code: "no"))
    }

    @Test("offline after this call waits for the disposition that is required")
    func pendingOffline() throws {
        var floor = SmallCenter.floor(Self.required, signedIn: ["alice"])
        let (caller, _) = try floor.talk(with: "alice")
        floor.set(.offline, for: "alice")
        floor.hangUp(caller)
        #expect(Self.isWrappingUp(floor))
        floor.submit(.wrapUpCompleted("alice", disposition: "sold"))
        #expect(floor.agent("alice").presence == .offline)
    }

    @Test("a reload that takes all codes away lets a wrap-up end without one")
    func codesTakenAway() throws {
        var (floor, _) = try Self.wrappingUp(Self.required)
        #expect(floor.center.refusal(of: .wrapUpCompleted("alice", disposition: nil)) == .dispositionRequired)
        floor.apply(SmallCenter.desks { $0.dispositions = [] })
        floor.submit(.wrapUpCompleted("alice", disposition: nil))
        #expect(floor.agent("alice").refusal == nil)
    }

    @Test("who signs out owing a code leaves a line that says so")
    func signedOutOwing() throws {
        var (floor, contact) = try Self.wrappingUp(Self.required)
        floor.submit(.deviceUnregistered("alice-browser"))
        let lines = floor.commands.compactMap { if case .append(contact, let entry) = $0 { entry.what } else { nil } }
        #expect(lines == [.disposed("alice", code: nil)])
        floor.set(.offline, for: "alice")
        #expect(floor.agent("alice").presence == .offline && floor.agent("alice").work.isEmpty)
    }

    // MARK: Modes (definitions.md 3.6)

    private static func talking(_ change: @escaping (inout QueueRules) -> Void) throws -> (
        floor: VirtualFloor, caller: LegID, contact: ContactID
    ) {
        var floor = SmallCenter.floor(SmallCenter.desks(sales: change), signedIn: ["alice"])
        let (caller, _) = try floor.talk(with: "alice")
        return (floor, caller, try #require(floor.contact(of: caller)?.id))
    }

    @Test("until done: no time ends it, the agent does; who has not after the maximum is taken for somebody who has left")
    func untilDone() throws {
        for isDone in [true, false] {
            var (floor, caller, _) = try Self.talking {
                $0.wrapUpMode = .untilDone
                $0.wrapUpSecondsMax = 600
            }
            floor.hangUp(caller)
            floor.advance(seconds: 599)
            #expect(Self.isWrappingUp(floor) && floor.center.refusal(of: .wrapUpExtended("alice")) == .notAllowed)
            if isDone { floor.submit(.wrapUpCompleted("alice", disposition: nil)) }
            floor.advance(seconds: 1)
            #expect(!Self.isWrappingUp(floor))
            #expect(floor.agent("alice").presence == (isDone ? .available : .aux(reason: AgentPresence.notResponding)))
        }
    }

    @Test("optional: none, unless it was asked for during the call; taken back, none again", arguments: [0, 1, 2])
    func optional(asked: Int) throws {
        var (floor, caller, contact) = try Self.talking { $0.wrapUpMode = .optional }
        let ask = Event.wrapUpRequested("alice", contact, true), skip = Event.wrapUpRequested("alice", contact, false)
        #expect(floor.center.refusal(of: skip) == .notAllowed && floor.center.refusal(of: ask) == nil)
        if asked > 0 { floor.submit(ask) }
        if asked > 1 { floor.submit(skip) }
        floor.hangUp(caller)
        #expect(Self.isWrappingUp(floor) == (asked == 1))
        #expect(floor.center.refusal(of: ask) == .tooLate)
        floor.advance(seconds: 1000)
        #expect(Self.isWrappingUp(floor) == (asked == 1), "it ends when she says so")
        floor.advance(seconds: 800)
        #expect(!Self.isWrappingUp(floor))
    }

    @Test("optional and timed: as long as the queue says, and the next contact begins without one")
    func optionalTimed() throws {
        var (floor, caller, contact) = try Self.talking {
            $0.wrapUpMode = .optionalTimed
            $0.wrapUpSeconds = 30
        }
        floor.submit(.wrapUpRequested("alice", contact, true))
        floor.hangUp(caller)
        floor.advance(seconds: 29)
        #expect(Self.isWrappingUp(floor))
        floor.advance(seconds: 1)
        #expect(floor.agent("alice").refusal == nil && floor.agent("alice").wrapUpsAskedFor.isEmpty)
        let (next, _) = try floor.talk(with: "alice")
        floor.hangUp(next)
        #expect(floor.agent("alice").refusal == nil)
    }

    @Test("none: free at once; and where the queue decides nobody asks", arguments: [WrapUpMode.none, .timed, .untilDone])
    func none(mode: WrapUpMode) throws {
        var (floor, caller, contact) = try Self.talking { $0.wrapUpMode = mode }
        #expect(floor.center.refusal(of: .wrapUpRequested("alice", contact, true)) == .notAllowed)
        #expect(floor.center.refusal(of: .wrapUpRequested("bob", contact, true)) == .tooLate)
        floor.hangUp(caller)
        #expect((floor.agent("alice").refusal == nil) == (mode == .none))
    }
}
