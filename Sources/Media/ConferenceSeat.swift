// One leg's place in a conference: what comes of it is evened out, decoded and made up for here.

package import Audio
package import RTP

/// The incoming stream of one leg while it is mixed. It allocates when it is made, and then no more.
package final class ConferenceSeat {
    /// Ticks for which somebody who came from elsewhere is sent nothing while there is nothing to be heard: the others'
    /// first packets are on their way, and silence before them would be a gap.
    private static let waitTicksMax = 3

    let slot: Int32
    private var buffer = JitterBuffer()
    private let concealer = PacketLossConcealer()
    private var isQuiet = true
    private var ticksWaited = 0

    package init(_ slot: Int32) { self.slot = slot }

    var delay: Int { buffer.delay }
    var figures: JitterBuffer.Figures { buffer.figures }

    /// A packet of G.711.
    package func receive(_ header: RTPHeader, _ payload: UnsafeRawPointer, _ law: LawConverter, jitter: UInt32) {
        buffer.insert(header, payload.assumingMemoryBound(to: UInt8.self), decoding: law.decoding, jitter: jitter)
    }

    /// Writes the next 20 ms to `frame`; `false`: there is nothing to be heard.
    package func pull(into frame: UnsafeMutablePointer<Int16>) -> Bool {
        guard !buffer.isPaused else { return false }
        if buffer.adapt(isQuiet: isQuiet) { return false }
        var done = 0
        while done < AudioMixer.frame { done += step(AudioMixer.frame - done, into: frame + done) }
        let peak = Loudness.peak(frame, count: AudioMixer.frame)
        isQuiet = peak <= Loudness.silenceMax
        return peak > Loudness.nothingMax
    }

    private func step(_ count: Int, into target: UnsafeMutablePointer<Int16>) -> Int {
        switch buffer.take(count, into: target) {
        case .sound(let taken):
            concealer.learn(target, count: taken)
            return taken
        case .lost(let missing), .starved(let missing):
            concealer.conceal(target, count: missing)
            return missing
        }
    }

    /// Writes a frame of what still waits to `frame`, the end of the last one made up; `false`: nothing waits.
    func drain(into frame: UnsafeMutablePointer<Int16>) -> Bool {
        guard buffer.delay > 0 else { return false }
        var done = 0
        while done < AudioMixer.frame { done += step(AudioMixer.frame - done, into: frame + done) }
        return true
    }

    /// Whether the listener is to be sent a frame: from the first sound on always.
    func mayHear(_ hasSound: Bool) -> Bool {
        if hasSound { ticksWaited = Self.waitTicksMax }
        guard ticksWaited < Self.waitTicksMax else { return true }
        ticksWaited += 1
        return false
    }
}
