// The caller keys in what nobody else is to know.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct SecureStories {
    /// Alice talks to a caller, it is recorded, and Carol listens in.
    private struct Floor {
        var floor: VirtualFloor
        let caller: LegID, alice: LegID, carol: LegID
        let recording: RecordingID

        init() throws {
            floor = SmallCenter.floor(
                SmallCenter.desks(
                    change: {
                        $0.secureForms = [SecureForm(name: "card", secondsMax: 90)]
                        $0.outside = [OutsideRules(trunk: "carrier", allowed: ["+49"])]
                    },
                    sales: { $0.recording = .init(announcement: "This call is recorded.") }),
                signedIn: ["alice", "carol"])
            caller = floor.call("101")
            floor.advance(seconds: 2)
            let answered = floor.answer(at: "alice")
            alice = try #require(answered)
            let contact = try #require(floor.contact(of: caller))
            recording = try #require(contact.recording)
            floor.submit(.supervisionRequested(Supervision(supervisor: "carol", contact: contact.id, mode: .monitor)))
            carol = try floor.answered(at: "carol")
        }

        var contact: Contact? { floor.contact(of: caller) }
        var isMasked: Bool {
            floor.pausedRecordings == [recording] && !floor.hears(carol, alice) && !floor.hears(carol, caller)
        }
        mutating func ask(_ form: String? = "card") { floor.submit(.secureStepRequested("alice", form)) }
        func refusal(_ form: String?) -> ControlRefusal? { floor.center.refusal(of: .secureStepRequested("alice", form)) }
    }

    @Test("nothing is recorded and no supervisor hears anything until the token is there, and the agent can talk on")
    func collected() throws {
        var floor = try Floor()
        #expect(!floor.isMasked && floor.refusal(nil) == .notAllowed && floor.refusal("none") == .unknownTarget)
        let outside = Event.transferRequested("alice", .outside("carrier", "callee"))
        #expect(floor.floor.center.refusal(of: outside) == nil)
        floor.ask()
        #expect(floor.isMasked && floor.floor.collecting == [floor.caller])
        #expect(floor.floor.center.refusal(of: outside) == .notAllowed)
        #expect(floor.floor.hears(floor.caller, floor.alice) && floor.refusal("card") == .notAllowed)
        #expect(floor.floor.center.refusal(of: .consultRequested("alice", .begin(.agent("carol")))) != nil)
        floor.floor.submit(.collected(floor.caller, token: "tok-1", length: 16, valid: true))
        #expect(!floor.isMasked && floor.floor.pausedRecordings == [] && floor.floor.hears(floor.carol, floor.caller))
        #expect(floor.contact?.attribute("card") == "tok-1" && floor.contact?.secure == nil)
        #expect(
            floor.floor.happenings(of: floor.caller).suffix(3) == [
                .secureBegan("card", by: "alice"), .noted(attribute: "card", value: "tok-1"), .secureEnded("card", .collected),
            ])
    }

    @Test("wrong digits, an edge that says nothing, and an agent who does not want them any more end it without a token")
    func failed() throws {
        for (round, end) in [SecureEnd.failed, .failed, .cancelled].enumerated() {
            var floor = try Floor()
            floor.ask()
            switch round {
            case 0: floor.floor.submit(.collected(floor.caller, token: "random", length: 3, valid: false))
            case 1:
                floor.floor.advance(seconds: 89)
                #expect(floor.isMasked)
                floor.floor.advance(seconds: 1)
            default: floor.ask(nil)
            }
            #expect(!floor.isMasked && floor.floor.pausedRecordings == [] && floor.contact?.attribute("card") == nil)
            #expect(floor.floor.happenings(of: floor.caller).last == .secureEnded("card", end))
            #expect(floor.floor.collecting.isEmpty && floor.floor.hears(floor.carol, floor.caller))
            floor.ask()
            #expect(floor.isMasked, "it can be asked for again")
        }
    }

    @Test("a recording that the agent had paused stays paused behind it")
    func paused() throws {
        var floor = try Floor()
        floor.floor.submit(.recordingPauseRequested("alice", true))
        floor.ask()
        floor.floor.submit(.collected(floor.caller, token: "tok-1", length: 16, valid: true))
        #expect(floor.isMasked)
        floor.floor.submit(.recordingPauseRequested("alice", false))
        #expect(!floor.isMasked)
        floor.ask()
        floor.floor.submit(.recordingPauseRequested("alice", true))
        floor.floor.submit(.recordingPauseRequested("alice", false))
        #expect(floor.isMasked, "resuming the recording does not uncover what is being keyed in")
    }

    @Test("it does not go on with the next agent, nor behind the caller's end")
    func ends() throws {
        var floor = try Floor()
        floor.ask()
        floor.floor.submit(.transferRequested("alice", .queue("support")))
        #expect(floor.contact?.secure == nil && floor.floor.collecting.isEmpty && floor.floor.pausedRecordings.isEmpty)
        var other = try Floor()
        other.ask()
        other.floor.hangUp(other.caller)
        let closed = try #require(other.floor.closed.last)
        #expect(closed.secure == nil && closed.timeline.map(\.what).contains(.secureEnded("card", .cancelled)))
    }
}
