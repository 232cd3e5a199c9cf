// What earlier versions stored of the rules is read.

import ACD
import Foundation
import Testing

struct OldSnapshotTests {
    /// An agent as a snapshot of November 2026 has it, before an agent's own calls were counted.
    private static let agent = #"""
        {"answered":3,"devices":["anna-desk"],"id":"anna","idleSince":1795324706925129,"isRemoved":false,"missesInARow":0,
        "presence":{"available":{}},"presenceSince":1795324616978396,"registeredDevices":["anna-desk"],"work":[]}
        """#

    @Test("an agent from before its own calls were counted has none, and can be offered a contact")
    func agent() throws {
        let agent = try JSONDecoder().decode(Agent.self, from: Data(Self.agent.utf8))
        #expect(agent.callsToCenter == 0 && agent.refusal == nil)
        #expect(agent.answered == 3)
    }
}
