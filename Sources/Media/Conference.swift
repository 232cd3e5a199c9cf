// A room of legs that are mixed.

internal import Audio
internal import Basics

/// The seats of one conference, who hears whom, and what is played to all. Places are those of `members`.
final class Conference {
    let id: ConferenceID
    let mixer = AudioMixer()
    private(set) var members: [ConferenceMember]
    private(set) var seats: [ConferenceSeat]
    private(set) var matrix: HearingMatrix
    private(set) var isMasked = false
    var playback: Playback?
    /// The next place that is sent to in this tick, 0: a new one begins.
    var cursor = 0

    init(_ id: ConferenceID) {
        self.id = id
        members = []
        seats = []
        matrix = HearingMatrix(deaf: 0)
    }

    /// From the next tick on.
    func set(_ members: [ConferenceMember], _ seats: [ConferenceSeat], isMasked: Bool) {
        self.members = members
        self.seats = seats
        self.isMasked = isMasked
        matrix = HearingMatrix(members, isMasked: isMasked)
    }

    func seat(of slot: Int32) -> ConferenceSeat? { seats.first { $0.slot == slot } }
}
