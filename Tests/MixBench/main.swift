// Scripts/bench mix: what a party of a conference costs for each frame of 20 ms.

import LoadKit

let seconds = CommandLine.arguments.contains("--quick") ? 1.5 : 8.0
// About 100 parties each time, so that the loop wakes up for as many packets at once.
for size in [3, 10, 50] {
    let plane = try PlaneBench(parties: size, rooms: 100 / size)
    row("us_per_party_frame@\(size)", try plane.measure(seconds: seconds))
    row("us_core_per_party_frame@\(size)", CoreBench(parties: size).measure(rounds: Int(seconds * 20000) / size))
    row("us_plain_c_mix_per_party_frame@\(size)", PlainMix.microseconds(parties: size, rounds: Int(seconds * 50000) / size))
}
row("us_plain_c_recv_send_per_packet", plain_echo("127.0.0.1", seconds))
let opus = try OpusBench()
row("us_decode_mix_encode_opus", try opus.measure(frames: Int(seconds * 500)))
row("us_opus_alone", try opus.measureAlone(frames: Int(seconds * 500)))

/// Prints a row as the other benches do.
func row(_ name: String, _ microseconds: Double) {
    let hundredths = Int((microseconds * 100).rounded())
    print("\(name): \(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)")
}
