// Who confers with whom.

public import Audio
public import Basics
internal import RTP

extension MediaPlane {
    /// Parties of one conference.
    public nonisolated static let conferencePartiesMax = HearingMatrix.partiesMax

    /// Says who is in `conference` from now on, and in which part: it begins with the first call, and ends with one without
    /// members. Who is new leaves the bridge or the conference that it was in; who isn't named any more leaves, and then
    /// hears nothing until it is bridged or played to. The others go on, and a part that changes is in force with the next
    /// frame of 20 ms: nobody notices a gap. `isMasked`: no supervisor hears anything for now.
    ///
    /// While something is played to one leg (`play(_:_:as:loops:stopsOnDigit:)`: a prompt, music on hold), it hears that in
    /// place of the conference. On an error nothing has changed.
    public func confer(
        _ id: ConferenceID, _ members: [ConferenceMember], isMasked: Bool = false
    ) throws(MediaError) {
        guard members.count <= Self.conferencePartiesMax, Set(members.map(\.leg)).count == members.count else {
            throw .tooManyParties(max: Self.conferencePartiesMax)
        }
        var slots: [Int32] = []
        for member in members {
            guard let slot = slotOf[member.leg] else { throw .unknownLeg(member.leg) }
            slots.append(slot)
        }
        guard !members.isEmpty else { return endConference(id) }
        let conference = conference(id) ?? open(id)
        finishTick(conference)
        for seat in conference.seats where !slots.contains(seat.slot) { leave(seat) }
        let seats = slots.map { slot in conference.seat(of: slot) ?? sit(slot) }
        conference.set(members, seats, isMasked: isMasked)
    }

    /// Ends the conference, if there is one; its legs stay open and hear nothing.
    public func endConference(_ id: ConferenceID) {
        guard let index = conferences.firstIndex(where: { $0.id == id }) else { return }
        for seat in conferences[index].seats { leave(seat) }
        remove(at: index)
    }

    /// Who is in the conference, in order; `nil`: there is none.
    public func members(of id: ConferenceID) -> [ConferenceMember]? { conference(id)?.members }

    /// The conference that `leg` is in.
    public func conference(of leg: LegID) -> ConferenceID? {
        guard let slot = slotOf[leg], legs[Int(slot)].seat != nil else { return nil }
        return conferences.first { $0.seat(of: slot) != nil }?.id
    }

    /// Plays `clips` to all who are not on hold, besides what they hear of one another. Its end is reported as
    /// `conferencePlaybackEnded`; what it replaces, and what `stop` or the end of the conference ends, isn't reported.
    public func play(
        toAll id: ConferenceID, _ clips: [AudioClip], as playback: PlaybackID, loops: Bool = false
    ) throws(MediaError) {
        guard let conference = conference(id) else { throw .unknownConference(id) }
        let made = Playback(clips, id: playback, loops: loops, stopsOnDigit: false)
        conference.playback = made.isEmpty ? nil : made
        if made.isEmpty { post(.conferencePlaybackEnded(id, playback)) }
    }

    public func stop(toAll id: ConferenceID) { conference(id)?.playback = nil }

    // MARK: Seats

    private func conference(_ id: ConferenceID) -> Conference? { conferences.first { $0.id == id } }

    private func open(_ id: ConferenceID) -> Conference {
        let conference = Conference(id)
        conferences.append(conference)
        startTicking()
        return conference
    }

    private func remove(at index: Int) {
        conferences.remove(at: index)
        if index < mixingCursor { mixingCursor -= 1 }
    }

    private func sit(_ slot: Int32) -> ConferenceSeat {
        let leg = legs + Int(slot)
        unbridge(LegID(rawValue: leg.pointee.id))
        leaveConference(slot)
        let seat = ConferenceSeat(slot)
        leg.pointee.seat = .passUnretained(seat)
        if !leg.pointee.isPlaying { leg.pointee.out.interrupt() }
        return seat
    }

    private func leave(_ seat: ConferenceSeat) {
        let leg = legs + Int(seat.slot)
        leg.pointee.seat = nil
        if !leg.pointee.isPlaying { leg.pointee.out.interrupt() }
        Self.count(seat, into: &counted)
    }

    /// The leg in `slot` is in no conference any more; one that nobody is in ends.
    func leaveConference(_ slot: Int32) {
        guard legs[Int(slot)].seat != nil,
            let index = conferences.firstIndex(where: { $0.seat(of: slot) != nil })
        else { return }
        let conference = conferences[index]
        finishTick(conference)
        guard let place = conference.seats.firstIndex(where: { $0.slot == slot }) else { return }
        leave(conference.seats[place])
        var members = conference.members, seats = conference.seats
        members.remove(at: place)
        seats.remove(at: place)
        if seats.isEmpty { return remove(at: index) }
        conference.set(members, seats, isMasked: conference.isMasked)
    }

    /// Those who hear the leg in `slot` in its conference.
    func listeners(of slot: Int32) -> [Int32] {
        guard legs[Int(slot)].seat != nil, let conference = conferences.first(where: { $0.seat(of: slot) != nil }),
            let speaker = conference.seats.firstIndex(where: { $0.slot == slot })
        else { return [] }
        return conference.seats.indices.filter { conference.matrix[$0, speaker] }.map { conference.seats[$0].slot }
    }

    static func count(_ seat: ConferenceSeat, into figures: inout MediaFigures) {
        figures.concealedMilliseconds += (seat.figures.lost + seat.figures.starved) / 8
        figures.latePackets += seat.figures.late
    }
}
