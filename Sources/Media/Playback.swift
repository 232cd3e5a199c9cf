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
        let written = advance(by: count) { clip, offset, written, part in
            clip.encoded(law).withUnsafeBytes {
                if let base = $0.baseAddress { (target + written).copyMemory(from: base + offset, byteCount: part) }
            }
        }
        if written < count {
            (target + written).initializeMemory(as: UInt8.self, repeating: law.silence, count: count - written)
        }
        return clip < clips.count
    }

    /// The same as linear samples.
    func fill(_ target: UnsafeMutablePointer<Int16>, count: Int) -> Bool {
        let written = advance(by: count) { clip, offset, written, part in
            clip.samples.withUnsafeBufferPointer {
                if let base = $0.baseAddress { (target + written).update(from: base + offset, count: part) }
            }
        }
        if written < count { (target + written).update(repeating: 0, count: count - written) }
        return clip < clips.count
    }

    /// Hands the pieces of the next `count` samples to `body`: the clip, where in it, where in the frame, how many. Returns
    /// how many there were.
    private func advance(by count: Int, _ body: (AudioClip, Int, Int, Int) -> Void) -> Int {
        var written = 0
        while written < count, clip < clips.count {
            let length = clips[clip].samples.count, part = min(count - written, length - offset)
            body(clips[clip], offset, written, part)
            written += part
            offset += part
            guard offset >= length else { continue }
            offset = 0
            clip += 1
            if clip == clips.count, loops { clip = 0 }
        }
        return written
    }
}
