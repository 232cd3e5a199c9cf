// Which agents keep room, and for whom.

import ACD
import Basics

extension RoutingIndex {
    /// Room that an agent keeps, with the place of its contact in the order of service.
    struct Room: Hashable, Sendable {
        let agent: AgentID
        let contact: ContactID
        /// The place of the contact's kind.
        let kind: Int
        /// Of its queue.
        let weight: Int
        let key: OrderKey
    }

    /// Follows a change of the contact; nil: no room is kept for it.
    ///
    /// - Returns: agents who can be offered more than before, or less.
    mutating func followRoom(_ id: ContactID, _ room: Room?) -> [AgentID] {
        guard room != nil || !rooms.isEmpty else { return [] }
        let former = roomPlaces[id]
        if room != nil { roomsToCheck.append(id) }
        if let former, former != room?.agent, rooms[former]?.contact == id { rooms[former] = nil }
        if let room { rooms[room.agent] = room }
        roomPlaces[id] = room?.agent
        return former == room?.agent ? [] : [former, room?.agent].compactMap(\.self)
    }
}
