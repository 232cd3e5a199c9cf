// Reads and writes WAV files of linear PCM.

/// The sound of a WAV file, channel by channel.
public struct WAVFile: Hashable, Sendable {
    /// The largest file that is read.
    public static let megabytesMax = 256
    /// Bytes before the samples in a file that we write.
    public static let headerBytes = 44

    public var sampleRate: Int
    /// One or two channels of equal length.
    public var channels: [[Int16]]

    public init(sampleRate: Int, channels: [[Int16]]) {
        self.sampleRate = sampleRate
        self.channels = channels
    }

    public init(_ bytes: [UInt8]) throws(WAVError) {
        guard bytes.count <= Self.megabytesMax << 20 else { throw .tooLarge(megabytesMax: Self.megabytesMax) }
        guard bytes.count >= 12, bytes[0..<4].elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else {
            throw .notWAV
        }
        var format: Format?
        var offset = 12
        while bytes.count - offset >= 8 {
            let name = String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
            let length = Self.little(bytes, offset + 4, 4)
            let start = offset + 8
            if name == "data" {
                guard let format else { throw .missingChunk("fmt ") }
                guard length <= bytes.count - start else { throw .truncated(chunk: name) }
                sampleRate = format.sampleRate
                channels = try Self.samples(bytes[start..<start + length], format)
                return
            }
            guard length <= bytes.count - start else { throw .truncated(chunk: name) }
            if name == "fmt " { format = try Format(bytes, start, length) }
            // Chunks begin at even places.
            offset = start + length + length % 2
        }
        throw .missingChunk(format == nil ? "fmt " : "data")
    }

    private struct Format {
        var channels: Int
        var sampleRate: Int
        var bytesPerSample: Int

        init(_ bytes: [UInt8], _ start: Int, _ length: Int) throws(WAVError) {
            guard length >= 16 else { throw .truncated(chunk: "fmt ") }
            var tag = little(bytes, start, 2)
            // WAVE_FORMAT_EXTENSIBLE carries the true format at the start of its GUID.
            if tag == 0xFFFE, length >= 40 { tag = little(bytes, start + 24, 2) }
            guard tag == 1 else { throw .notPCM(format: tag) }
            channels = little(bytes, start + 2, 2)
            guard (1...2).contains(channels) else { throw .channels(channels) }
            sampleRate = little(bytes, start + 4, 4)
            guard Resampler.rates.contains(sampleRate) else { throw .sampleRate(sampleRate) }
            let bits = little(bytes, start + 14, 2)
            guard bits == 8 || bits == 16 else { throw .bits(bits) }
            bytesPerSample = bits / 8
        }
    }

    private static func samples(_ data: ArraySlice<UInt8>, _ format: Format) throws(WAVError) -> [[Int16]] {
        let frame = format.channels * format.bytesPerSample
        let frames = data.count / frame
        guard frames > 0 else { throw .empty }
        return (0..<format.channels).map { channel in
            (0..<frames).map { index in
                let at = data.startIndex + index * frame + channel * format.bytesPerSample
                // Samples of 8 bits have no sign, 128 is silence.
                return format.bytesPerSample == 1
                    ? Int16(Int(data[at]) - 128) << 8 : Int16(bitPattern: UInt16(data[at]) | UInt16(data[at + 1]) << 8)
            }
        }
    }

    /// Both channels in one.
    public var mixed: [Int16] {
        guard channels.count == 2 else { return channels.first ?? [] }
        return zip(channels[0], channels[1]).map { Int16((Int($0) + Int($1)) / 2) }
    }

    /// The file, 16 bits per sample.
    public var bytes: [UInt8] {
        let frames = channels.map(\.count).min() ?? 0
        var bytes = Self.header(frames: frames, channels: channels.count, sampleRate: sampleRate)
        bytes.reserveCapacity(bytes.count + frames * channels.count * 2)
        for index in 0..<frames {
            for channel in channels {
                let sample = UInt16(bitPattern: channel[index])
                bytes.append(UInt8(truncatingIfNeeded: sample))
                bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
            }
        }
        return bytes
    }

    /// What stands before `frames` frames of 16-bit samples.
    public static func header(frames: Int, channels: Int, sampleRate: Int) -> [UInt8] {
        let data = UInt32(clamping: frames * channels * 2)
        var bytes = Array("RIFF".utf8)
        func put(_ value: UInt32, _ count: Int) {
            for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(index * 8))) }
        }
        put(data.addingReportingOverflow(36).partialValue, 4)
        bytes += Array("WAVEfmt ".utf8)
        put(16, 4)
        put(1, 2)
        put(UInt32(clamping: channels), 2)
        put(UInt32(clamping: sampleRate), 4)
        put(UInt32(clamping: sampleRate * channels * 2), 4)
        put(UInt32(clamping: channels * 2), 2)
        put(16, 2)
        bytes += Array("data".utf8)
        put(data, 4)
        return bytes
    }

    /// The length in seconds that a header of `header(frames:channels:sampleRate:)` tells; nil if it is none.
    public static func seconds(inHeader bytes: [UInt8]) -> Double? {
        guard bytes.count >= headerBytes, bytes[0..<4].elementsEqual("RIFF".utf8), bytes[36..<40].elementsEqual("data".utf8)
        else { return nil }
        let bytesPerSecond = little(bytes, 28, 4)
        return bytesPerSecond > 0 ? Double(little(bytes, 40, 4)) / Double(bytesPerSecond) : nil
    }

    /// How many channels such a header tells; nil if it is none.
    public static func channels(inHeader bytes: [UInt8]) -> Int? {
        guard seconds(inHeader: bytes) != nil else { return nil }
        let channels = little(bytes, 22, 2)
        return channels > 0 ? channels : nil
    }

    private static func little(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        var value = 0
        for index in 0..<count { value |= Int(bytes[offset + index]) << (index * 8) }
        return value
    }
}
