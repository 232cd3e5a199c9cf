// Adds up what each party of a conference hears.

/// The sound of one frame of 20 ms from every party, and the sums of it that each listener hears.
///
/// One round: `begin`, write each speaking party's `frame(of:)` and call `sound(_:)`, then `mix` for each listener. Who is
/// silent or absent isn't added and costs nothing. Nothing here allocates after `init`.
public final class AudioMixer {
    /// Samples of one frame: 20 ms.
    public static let frame = 160
    private static let places = HearingMatrix.announcement + 1

    private let frames: UnsafeMutablePointer<Int16>
    private let total: UnsafeMutablePointer<Int32>
    private let partial: UnsafeMutablePointer<Int32>
    private var hasTotal = false
    /// The bits of those who sound in this round.
    public private(set) var sounding: UInt64 = 0

    public init() {
        frames = .allocate(capacity: Self.places * Self.frame)
        frames.initialize(repeating: 0, count: Self.places * Self.frame)
        total = .allocate(capacity: Self.frame)
        total.initialize(repeating: 0, count: Self.frame)
        partial = .allocate(capacity: Self.frame)
        partial.initialize(repeating: 0, count: Self.frame)
    }

    deinit {
        frames.deallocate()
        total.deallocate()
        partial.deallocate()
    }

    /// Begins a round: nobody sounds.
    public func begin() {
        sounding = 0
        hasTotal = false
    }

    /// Where the `frame` samples of the party at `place` (0 to 50, `HearingMatrix.announcement`) are written.
    public func frame(of place: Int) -> UnsafeMutablePointer<Int16> {
        precondition((0..<Self.places).contains(place), "a conference has no such place")
        return frames + place * Self.frame
    }

    /// The party at `place` has written its frame.
    public func sound(_ place: Int) {
        sounding |= HearingMatrix.bit(place) & HearingMatrix.bits(below: Self.places)
        hasTotal = false
    }

    /// Writes the sum of those in `heard` who sound to `target`, saturated; `false`: nobody of them does, and nothing was
    /// written.
    public func mix(heard: UInt64, into target: UnsafeMutablePointer<Int16>) -> Bool {
        let wanted = heard & sounding
        guard wanted != 0 else { return false }
        if wanted & (wanted - 1) == 0 {
            target.update(from: frames + wanted.trailingZeroBitCount * Self.frame, count: Self.frame)
            return true
        }
        let unwanted = sounding & ~wanted
        if unwanted.nonzeroBitCount < wanted.nonzeroBitCount {
            if !hasTotal {
                sum(sounding, into: total)
                hasTotal = true
            }
            without(unwanted, into: target)
        } else {
            sum(wanted, into: partial)
            saturate(partial, into: target)
        }
        return true
    }

    private func sum(_ places: UInt64, into sums: UnsafeMutablePointer<Int32>) {
        sums.update(repeating: 0, count: Self.frame)
        var rest = places
        while rest != 0 {
            let frame = frames + rest.trailingZeroBitCount * Self.frame
            for index in 0..<Self.frame { sums[index] &+= Int32(frame[index]) }
            rest &= rest - 1
        }
    }

    /// The total less those at `places`: mostly the listener alone.
    private func without(_ places: UInt64, into target: UnsafeMutablePointer<Int16>) {
        guard places != 0 else { return saturate(total, into: target) }
        let first = frames + places.trailingZeroBitCount * Self.frame
        var rest = places & (places - 1)
        if rest == 0 {
            for index in 0..<Self.frame { target[index] = Int16(clamping: total[index] &- Int32(first[index])) }
            return
        }
        for index in 0..<Self.frame { partial[index] = total[index] &- Int32(first[index]) }
        while rest != 0 {
            let frame = frames + rest.trailingZeroBitCount * Self.frame
            for index in 0..<Self.frame { partial[index] &-= Int32(frame[index]) }
            rest &= rest - 1
        }
        saturate(partial, into: target)
    }

    private func saturate(_ sums: UnsafeMutablePointer<Int32>, into target: UnsafeMutablePointer<Int16>) {
        for index in 0..<Self.frame { target[index] = Int16(clamping: sums[index]) }
    }
}
