// A center in a pack: nothing of it is forgotten, and no damaged one can bring the process down.

import Basics
import Foundation
import Simulation
import Testing

@testable import ACD
@testable import ContactCenter
@testable import IVR

struct PackedCenterTests {
    private static func json(_ center: Center) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(center)
    }

    @Test("centers in the midst of everything are the same after they were packed, byte for byte of their JSON")
    func roundTrip() throws {
        for seed in UInt64(31)...33 {
            var fuzzer = Fuzzer(seed: seed)
            try fuzzer.run(events: 3000)
            var center = Center()
            var commands: [Command] = []
            for (line, entry) in fuzzer.floor.journal.enumerated() {
                commands.removeAll(keepingCapacity: true)
                center.handle(entry.event, at: entry.at, into: &commands)
                guard line % 250 == 249 else { continue }
                let packed = try center.packed()
                let again = try Center(packed: packed)
                try #require(try Self.json(again) == Self.json(center), "seed \(seed), line \(line)")
                #expect(try again.packed() == packed)
            }
        }
    }

    @Test("a compiled configuration is the same after it was packed")
    func configuration() throws {
        let configuration = SmallCenter.floor(signedIn: []).center.configuration
        #expect(try CenterConfiguration(packed: configuration.packed()) == configuration)
    }

    @Test("the deepest requirement that can be written is read again, through names, too")
    func deepest() throws {
        // Each bracket brings one `any` and one `all`; the names go on where the brackets end.
        func nested(_ count: Int, _ inner: String) -> String {
            String(repeating: "tag(a) or tag(b) and (", count: count) + inner + String(repeating: ")", count: count)
        }
        let requirement = try Requirement(parsing: nested(10, "@more")) { _ in nested(8, "tag(a) or tag(b) and tag(c)") }
        #expect(throws: RequirementError.tooDeep(levelsMax: Requirement.levelsMax)) {
            try Requirement(parsing: nested(10, "@more")) { _ in nested(9, "tag(a)") }
        }
        var configuration = SmallCenter.floor(signedIn: []).center.configuration
        configuration.queues[0].require = [RequirementStep(requirement)]
        #expect(try CenterConfiguration(packed: configuration.packed()) == configuration)
    }

    /// The fields that are written by hand. Who adds one adds it to `pack` and to `init(unpacking:)`, and then here.
    @Test("no field has come that is not packed")
    func fields() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        floor.call("101")
        floor.call("101")
        floor.answer(at: "alice")
        let center = floor.center
        func expect(_ value: Any, _ names: String, _ place: SourceLocation = #_sourceLocation) {
            let found = Mirror(reflecting: value).children.compactMap(\.label)
            #expect(Set(found) == Set(names.split(separator: " ").map(String.init)), sourceLocation: place)
        }
        expect(
            center,
            """
            configuration contacts agents queues figures now isFallbackOnly offers legs flows ownerOfDevice deadlines \
            lastContact lastOffer lastLeg lastPlayback lastRecording lastEdgeLeg random lastAgents kinds reordering \
            callbackAllowance termsWave trials numbers index preparation replaced out queuesToCheck contactsToEntertain \
            diversionsLeft changedContacts changedAgents keepersChanged roomsLeft countsReset outsideCalls
            """)
        let contact = try #require(center.contacts.first { $0.value.entry != nil }?.value)
        expect(
            contact,
            """
            id leg digital number caller trunk channel arrivedAt endedAt answeredAt agent queue state interpreter flowVersion \
            firstEnqueuedAt orderKey playback playbackDeadline collectDeadline attributes isRecordingAnnounced recording onRecord \
            isRecordingSuspended recordingPaused secure recordings messages promise canBeCalledBack callbackQueues isHeldByCaller \
            company isPrioritised marks timeline timelineEntriesLeftOut
            """)
        expect(
            try #require(contact.entry),
            """
            queue key enqueuedAt isRoutable offer furtherOffers exclusions limitAt announceAt personal requirementStep levelMax \
            preferred relaxesAt nextOfferAt expectedSeconds callbackOffered room
            """)
        expect(
            try #require(center.contacts.compactMap(\.value.conversation).first),
            "other leg since device heldBy lost muted notReached")
        expect(contact.interpreter, "flow state")
        expect(try #require(contact.orderKey), "priorityClass effectiveEnqueuedAt contact")
        expect(try #require(contact.timeline.first), "at what")
        expect(Attribute(name: "", value: ""), "name value")
        expect(QueueEntry.Exclusion(agent: "a", until: .epoch), "agent until")
        expect(QueueEntry.Personal(agent: "a", until: .epoch), "agent until")
        expect(QueueEntry.Preferred(agents: [], until: .epoch), "agents until")
        expect(PreferenceRules.Agent(agent: "a"), "agent weight")
        expect(
            try #require(center.agents["alice"]),
            """
            id devices registeredDevices presence presenceSince pendingPresence work wrapUp furtherWrapUps otherLoads closed \
            limits loss idleSince missesInARow answered talkedSinceSignIn ownCalls personalContacts figures isRemoved askedFor \
            keepsNoRoomUntil queueRecords
            """)
        expect(AgentFigures(day: 1), "day handled missed talk wrapUp")
        let queue = try #require(center.queues.first?.value)
        expect(
            queue,
            """
            rules waiting figures isRemoved callbacksDueAt callbacksPausedUntil callbackPauseSeconds emptiesAt tried \
            offersByMember
            """)
        expect(try #require(queue.rules.members.first), "agent level share")
        expect(try #require(center.configuration.agents.first), "id devices skillsAndTags limits")
        expect(AgentSkills(), "grades tags")
        expect(AgentSkills.Grade(skill: "", grade: 1), "skill grade")
        expect(center.lastAgents, "talks callers lastNumber")
        expect(center.callbackAllowance, "day requests")
        expect(center.deadlines, "entries number kept")
        let candidate = Candidate(agent: "a", level: 1, idleSince: .epoch, answered: 0, order: 0)
        expect(
            candidate,
            "agent level idleSince answered order skillFit talked lastOffer weight workload answeredOfQueue lastOfQueue")
        expect(Explanation(keys: [], winner: candidate, others: [], refused: []), "keys winner others refused")
    }

    @Test("damaged snapshots whose checksum fits are read or refused, and never anything else")
    func damaged() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        for _ in 0..<4 { floor.call("101") }
        floor.answer(at: "alice")
        let bytes = try floor.center.packed()
        var random = SeededRandom(seed: 11)
        var refused = 0
        for _ in 0..<5000 {
            do { _ = try Center(packed: PackTests.damage(bytes, &random)) } catch { refused += 1 }
        }
        #expect(refused > 1000)
    }
}
