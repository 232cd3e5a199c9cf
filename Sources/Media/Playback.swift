// Something that is being played to one leg.

internal import Audio
internal import Basics

/// A list of clips and the place in it.
final class Playback {
    let id: PlaybackID
    let stopsOnDigit: Bool
    private let clips: [AudioClip]
    private let loops: Bool
    private var clip = 0
    private var offset = 0

    init(_ clips: [AudioClip], id: PlaybackID, loops: Bool, stopsOnDigit: Bool) {
        self.clips = clips.filter { !$0.samples.isEmpty }
        self.id = id
        self.loops = loops
        self.stopsOnDigit = stopsOnDigit
    }

    var isEmpty: Bool { clips.isEmpty }

    /// Writes the next `count` bytes to `target`, silence behind the end; `false`: that was the last of it.
    func fill(_ target: UnsafeMutableRawPointer, count: Int, law: G711.Law) -> Bool {
        var written = 0
        while written < count, clip < clips.count {
            clips[clip].encoded(law).withUnsafeBytes { bytes in
                let part = min(count - written, bytes.count - offset)
                if part > 0, let base = bytes.baseAddress {
                    (target + written).copyMemory(from: base + offset, byteCount: part)
                    written += part
                    offset += part
                }
                if offset >= bytes.count { offset = -1 }
            }
            if offset < 0 {
                offset = 0
                clip += 1
                if clip == clips.count, loops { clip = 0 }
            }
        }
        if written < count {
            (target + written).initializeMemory(as: UInt8.self, repeating: law.silence, count: count - written)
        }
        return clip < clips.count
    }
}
