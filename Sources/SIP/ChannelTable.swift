// The channels of one trunk.

/// Numbers channels from 1 and always gives out the lowest free one.
nonisolated struct ChannelTable {
    /// Above it no channel is given out; calls that have one keep it.
    var max: Int
    private var words: [UInt64] = []
    private(set) var taken = 0

    init(max: Int) { self.max = max }

    mutating func take() -> Int? {
        for index in 0... {
            if index == words.count { words.append(0) }
            let free = (~words[index]).trailingZeroBitCount
            let channel = index * 64 + free + 1
            if channel > max { return nil }
            guard free < 64 else { continue }
            words[index] |= 1 << UInt64(free)
            taken += 1
            return channel
        }
        return nil
    }

    mutating func give(back channel: Int) {
        let (index, bit) = (channel - 1).quotientAndRemainder(dividingBy: 64)
        precondition(words.indices.contains(index) && words[index] & 1 << UInt64(bit) != 0, "a channel given back twice")
        words[index] &= ~(1 << UInt64(bit))
        taken -= 1
    }
}
