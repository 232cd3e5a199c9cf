// The frames that a page may have missed.

import Testing

@testable import API

@Suite("Desk ring") struct DeskRingTests {
    @Test("frames are numbered without gaps, and come back behind any number that is still known")
    func resume() {
        var ring = DeskRing(start: 100, framesMax: 3, bytesMax: 1000)
        #expect(ring.frames(after: 100)?.isEmpty == true)
        #expect((1...5).map { ring.append([UInt8($0)]) } == [101, 102, 103, 104, 105])
        #expect(ring.frames(after: 102)?.map(\.number) == [103, 104, 105])
        #expect(ring.frames(after: 102)?.map(\.frame) == [[3], [4], [5]])
        #expect(ring.frames(after: 104)?.map(\.frame) == [[5]])
        #expect(ring.frames(after: 105)?.isEmpty == true)
        #expect(ring.frames(after: 101) == nil, "102 is gone")
        for number in [0, 99, 106, UInt64.max] { #expect(ring.frames(after: number) == nil) }
    }

    @Test("its bytes are bounded, whatever the frames are like")
    func bytes() {
        var ring = DeskRing(start: 0, framesMax: 1000, bytesMax: 100)
        for index in 0..<500 {
            _ = ring.append([UInt8](repeating: 0, count: index % 60))
            #expect(ring.bytes <= 100)
        }
        _ = ring.append([UInt8](repeating: 0, count: 5000))
        #expect(ring.frames(after: ring.last - 1)?.count == 1, "the newest is kept in any case")
        #expect(ring.frames(after: ring.last - 2) == nil)
    }
}
