// Who hears whom, found out at every ear by a tone of its own for each party.

import Audio
import Testing

/// A conference in which the party at each place speaks its own tone.
struct MixerRig {
    /// Half a second, in which every tone has whole periods: they don't leak into one another.
    static let frames = 25
    let mixer = AudioMixer()
    private let tones: [[Int16]]

    static func frequency(_ place: Int) -> Double { 300 + 60 * Double(place) }

    /// `level` in dB of full scale.
    init(_ count: Int, level: Double = -40) {
        tones = (0..<count).map { Tone([Self.frequency($0)], level: level, onSeconds: 1).clip.samples }
    }

    /// The half second that `listener` hears while those in `speaking` speak; an empty one: nobody was to be heard.
    func hear(_ listener: Int, _ matrix: HearingMatrix, speaking: (Int) -> Bool = { _ in true }) -> [Int16] {
        var heard: [Int16] = [], out = [Int16](repeating: 0, count: AudioMixer.frame)
        for frame in 0..<Self.frames {
            mixer.begin()
            for place in tones.indices where speaking(place) {
                let target = mixer.frame(of: place)
                for index in 0..<AudioMixer.frame { target[index] = tones[place][1000 + frame * AudioMixer.frame + index] }
                mixer.sound(place)
            }
            if mixer.mix(heard: matrix.heard(by: listener), into: &out) { heard += out }
        }
        return heard
    }

    /// The places whose tones are in `sound`.
    func places(in sound: [Int16]) -> Set<Int> {
        guard !sound.isEmpty else { return [] }
        return Set(tones.indices.filter { ToneDetector(Self.frequency($0)).share(in: sound) > 0.3 / Double(tones.count) })
    }

    func places(heardBy listener: Int, _ matrix: HearingMatrix, speaking: (Int) -> Bool = { _ in true }) -> Set<Int> {
        places(in: hear(listener, matrix, speaking: speaking))
    }
}

@Suite struct AudioMixerTests {
    @Test("Everybody hears everybody but himself", arguments: [2, 3, 10, 50]) func everybody(count: Int) {
        let rig = MixerRig(count), matrix = HearingMatrix(everybody: count)
        for listener in 0..<count {
            #expect(rig.places(heardBy: listener, matrix) == Set(0..<count).subtracting([listener]), "\(listener)")
        }
    }

    @Test("Who is silent is not missed, and where nobody is to be heard nothing is written") func silence() {
        let rig = MixerRig(10), matrix = HearingMatrix(everybody: 10)
        #expect(rig.places(heardBy: 3, matrix) { $0 % 2 == 0 } == [0, 2, 4, 6, 8])
        #expect(rig.places(heardBy: 4, matrix) { $0 % 2 == 0 } == [0, 2, 6, 8])
        #expect(rig.hear(4, matrix) { $0 == 4 }.isEmpty)
        #expect(rig.hear(4, matrix) { _ in false }.isEmpty)
    }

    private typealias Part = ConferencePart<String>

    /// Caller, agent, a third party, supervisor: who of them hears whom (definitions 3.9).
    @Test(
        "The modes of supervision",
        arguments: [
            (.monitor, caller: "AT", agent: "CT", supervisor: "CAT"),
            (.whisper, caller: "AT", agent: "CTS", supervisor: "CAT"),
            (.privateWhisper, caller: "AT", agent: "CTS", supervisor: "A"),
            (.barge, caller: "ATS", agent: "CTS", supervisor: "CAT"),
            (.takeOver, caller: "TS", agent: "", supervisor: "CT"),
        ] as [(SupervisionMode, caller: String, agent: String, supervisor: String)])
    func modes(_ mode: SupervisionMode, caller: String, agent: String, supervisor: String) {
        let parties: [(party: String, part: Part)] = [
            ("C", .member), ("A", .member), ("T", .member), ("S", .supervisor(mode, of: "A")),
        ]
        let rig = MixerRig(4), matrix = HearingMatrix(parties)
        let heard = (0..<4).map { Set(rig.places(heardBy: $0, matrix).map { Array("CATS")[$0] }) }
        #expect(heard[0] == Set(caller))
        #expect(heard[1] == Set(agent))
        #expect(heard[2] == Set(caller.replacing("T", with: "") + "C"))
        #expect(heard[3] == Set(supervisor))
        // A masked step: no supervisor hears anything, and what the others hear is as before.
        let masked = HearingMatrix(parties, isMasked: true)
        #expect(rig.hear(3, masked).isEmpty)
        #expect((0..<3).allSatisfy { masked.heard(by: $0) == matrix.heard(by: $0) })
    }

    @Test("On hold nobody hears and nobody is heard, and two supervisors don't hear one another") func hold() {
        let rig = MixerRig(5)
        let matrix = HearingMatrix([
            ("C", Part.held), ("A", .member), ("T", .member), ("S", .supervisor(.whisper, of: "A")),
            ("R", .supervisor(.monitor, of: "A")),
        ])
        #expect(rig.hear(0, matrix).isEmpty)
        #expect(rig.places(heardBy: 1, matrix) == [2, 3])
        #expect(rig.places(heardBy: 2, matrix) == [1])
        #expect(rig.places(heardBy: 3, matrix) == [1, 2])
        #expect(rig.places(heardBy: 4, matrix) == [1, 2])
        #expect(matrix[1, HearingMatrix.announcement] && !matrix[0, HearingMatrix.announcement])
        // The agent is gone: its supervisor hears on, and whispers to nobody.
        let alone = HearingMatrix([("C", Part.member), ("T", .member), ("S", .supervisor(.whisper, of: "A"))])
        #expect(rig.places(heardBy: 2, alone) == [0, 1] && rig.places(heardBy: 1, alone) == [0])
    }

    @Test("Any matrix is possible, and a change is in force with the next frame") func general() {
        let rig = MixerRig(50)
        var matrix = HearingMatrix(deaf: 50)
        for listener in 0..<50 {
            for speaker in 0..<50 where (listener + speaker) % 3 == 0 { matrix[listener, speaker] = true }
        }
        for listener in stride(from: 0, to: 50, by: 7) {
            #expect(
                rig.places(heardBy: listener, matrix) == Set((0..<50).filter { ($0 + listener) % 3 == 0 && $0 != listener }))
        }
        matrix[4, 4] = true
        matrix[90, 1] = true
        matrix[1, 90] = true
        #expect(!matrix[4, 4] && !matrix[90, 1] && !matrix[1, 90])
        #expect(HearingMatrix(everybody: 80).count == 50)
    }

    @Test("Loud parties together are cut at full scale, by either way of adding") func saturation() {
        let mixer = AudioMixer()
        var out = [Int16](repeating: 0, count: AudioMixer.frame)
        mixer.begin()
        for place in 0..<10 {
            mixer.frame(of: place).update(repeating: place < 5 ? 30000 : -30000, count: AudioMixer.frame)
            mixer.sound(place)
        }
        func mixed(_ places: Range<Int>) -> Int16? {
            let bits = places.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
            return mixer.mix(heard: bits, into: &out) && Set(out).count == 1 ? out[0] : nil
        }
        #expect(mixed(0..<5) == 32767 && mixed(5..<10) == -32768)
        #expect(mixed(0..<9) == 30000 && mixed(1..<10) == -30000 && mixed(0..<10) == 0 && mixed(3..<4) == 30000)
        #expect(mixed(20..<30) == nil)
    }

    @Test("Levels in decibels, and peaks") func loudness() {
        let tone = Tone([1000], level: -20, onSeconds: 1).clip.samples
        let energy = Loudness.energy(Array(tone[800..<1600]), count: 800)
        #expect(abs(Loudness.decibels(energy: energy, count: 800) + 23) < 0.1)
        #expect(Loudness.decibels(energy: 0, count: 160) == -127)
        #expect(Loudness.peak([0, 5, -9, 3], count: 4) == 9 && Loudness.peak([.min, 4], count: 2) == .max)
    }

    @Test("Whole frames are encoded and decoded like single samples", arguments: G711.Law.allCases) func converter(
        law: G711.Law
    ) {
        let converter = LawConverter(law), tone = Tone([700], level: -3, onSeconds: 0.1).clip
        var bytes = [UInt8](repeating: 0, count: 800), samples = [Int16](repeating: 0, count: 800)
        converter.encode(tone.samples, count: 800, into: &bytes)
        #expect(bytes == tone.encoded(law))
        converter.decode(bytes, count: 800, into: &samples)
        #expect(samples == G711.decode(bytes, law))
    }
}
