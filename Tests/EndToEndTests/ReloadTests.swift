// A changed configuration under live calls.

import Foundation
import Testing

extension EndToEnd {
    struct ReloadTests {
        private static func flow(_ file: String) -> String {
            """
            start: greeting
            nodes:
              greeting: {do: play, say: {file: \(file)}, next: sales}
              sales: {do: queue, queue: sales}

            """
        }

        @Test("SIGHUP: a changed greeting is heard by the next caller, and the call that goes on hears nothing of it")
        func changedGreeting() async throws {
            let house = try House(["flows/main.yaml": Self.flow("first.wav")])
            try ToneFile.write(1200, seconds: 2, to: house.configuration + "/prompts/first.wav")
            try ToneFile.write(1700, seconds: 2, to: house.configuration + "/prompts/second.wav")
            try await house.hosts {
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; answer; hear tone 440; pause 100ms; wait bye within 30s")
                let talking = try house.call(
                    "100", "wait answered; hear tone 1200; hear tone 880 within 20s; hear tone 880 within 60s for 5s; hang up")
                try await talking.reaches("hear tone 880 within 20s")
                let watch = try house.stallWatch(anna, talking)
                try house.write(Self.flow("second.wav"), to: "flows/main.yaml")
                let difference = try await house.command([
                    "check", "--diff", "--config", house.configuration, "--state", house.state,
                ])
                #expect(difference.status == 0)
                #expect(
                    difference.lines.contains { $0.contains("flow") && $0.contains("main") && $0.contains("second.wav") },
                    "\(difference)")
                try house.reload()
                try await house.logged("configuration applied")
                let next = try house.call("100", "wait answered; hear tone 1700; hang up")
                try await next.succeeds()
                // Passwords and tokens are the same as before.
                let phone = try await house.phone("ben-desk", tone: 990, ready: false, "deregister")
                try await phone.succeeds()
                #expect(try await house.get("/v1/status", token: "admin").status == 200)
                try await talking.succeeds()
                try await anna.succeeds()
                let reloaded = try talking.time(of: "hear tone 880 within 20s")
                for phone in [talking, anna] {
                    let gaps = watch.gaps(of: phone, from: reloaded, to: .infinity)
                    #expect(gaps.allSatisfy { $0 < 100 }, "\(gaps)")
                    #expect(try phone.event("media").fields["lost"] == "0", "\(phone.events)")
                }
            }
        }

        @Test("a broken file is refused whole, the log says where, and the call goes on")
        func brokenFile() async throws {
            try await House.open { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; answer; hear tone 440; wait bye within 30s")
                let talking = try house.call(
                    "100", "wait answered; press 1; hear tone 880 within 20s; hear tone 880 for 3s; hang up")
                try await talking.reaches("hear tone 880 within 20s")
                try house.write("queues:\n  sales:\n    members: [anna]\n    wrap_up_secondz: 3\n", to: "queues.yaml")
                // Good by itself, but it came together with the broken one.
                try house.write("numbers:\n  \"100\": {flow: main}\n  \"101\": {flow: main}\n", to: "numbers.yaml")
                try house.reload()
                let line = try await house.logged("configuration refused")
                #expect(line.contains("queues.yaml:4:5: error: "), "\(line)")
                #expect(line.contains("wrap_up_seconds"), "the nearest known key is named: \(line)")
                let refused = try house.call("101", "wait refused 404")
                try await refused.succeeds()
                try await talking.succeeds()
                try await anna.succeeds()
                let check = try await house.command(["check", "--config", house.configuration, "--state", house.state])
                #expect(check.status == 1 && check.lines.contains { $0.contains("queues.yaml:4:5: error: ") }, "\(check)")
            }
        }

        @Test("a setting that only a start reads is reported until there was one")
        func needsRestart() async throws {
            try await House.open { house in
                let arguments = ["check", "--diff", "--config", house.configuration, "--state", house.state]
                try house.write("limits: {unsaved_turns_max: 5000, events_per_turn_max: 100}\n", to: "site.yaml")
                try house.write(
                    "sip: {port: @SIP@}\nrtp: {port_first: @RTP@, port_last: @RTPLAST@}\nhttp: {port: @HTTP@, idle_seconds: 30}\n",
                    to: "listeners.yaml")
                for _ in 0..<2 {
                    let seen = house.log.count
                    try house.reload()
                    try await house.logged("some changes need a restart", from: seen)
                    let difference = try await house.command(arguments)
                    #expect(difference.lines.contains { $0.contains("unsaved_turns_max 10000 → 5000; needs a restart") })
                    #expect(difference.lines.contains { $0.contains("idle_seconds 60 → 30; needs a restart") }, "\(difference)")
                    #expect(!difference.lines.contains { $0.contains("events_per_turn_max") }, "this one is applied")
                }
                #expect(!house.log.contains { $0.contains("→") }, "values are nothing for a log")
                try await house.stop()
                try await house.start()
                let difference = try await house.command(arguments)
                #expect(difference.lines.contains("no changes"), "\(difference)")
            }
        }

        @Test(
            "a prompt that is no sound is refused with the file's name, and the old greeting goes on",
            arguments: ["", "RIFF", "garbage"])
        func brokenPrompt(start: String) async throws {
            let house = try House(["flows/main.yaml": Self.flow("first.wav")])
            try ToneFile.write(1200, seconds: 2, to: house.configuration + "/prompts/first.wav")
            try await house.hosts {
                try Data((start + String(repeating: "x", count: start.isEmpty ? 0 : 4000)).utf8).write(
                    to: URL(fileURLWithPath: house.configuration + "/prompts/second.wav"))
                try house.write(Self.flow("second.wav"), to: "flows/main.yaml")
                try house.reload()
                let line = try await house.logged("configuration refused")
                #expect(line.contains("second.wav"), "\(line)")
                let caller = try house.call("100", "wait answered; hear tone 1200; hang up")
                try await caller.succeeds()
            }
        }

        @Test("check --diff names the setting, both values, and whom it touches")
        func difference() async throws {
            try await House.open { house in
                let arguments = ["check", "--diff", "--config", house.configuration, "--state", house.state]
                let same = try await house.command(arguments)
                #expect(same.lines.contains("no changes"), "\(same)")
                try house.write(
                    "queues:\n  sales: {members: [anna, {agent: ben, level: 2}], wrap_up_seconds: 30, announce_every_seconds: never}\n",
                    to: "queues.yaml")
                let changed = try await house.command(arguments)
                #expect(
                    changed.lines.contains {
                        $0.contains("sales") && $0.contains("wrap_up_seconds 1 → 30") && $0.contains("agent anna")
                    }, "\(changed)")
            }
        }
    }
}

/// Tones as WAV prompts: what a test hears is what it put there.
enum ToneFile {
    static func write(_ hertz: Double, seconds: Double, to path: String) throws {
        var data: [UInt8] = []
        func number(_ value: Int, _ size: Int) {
            for index in 0..<size { data.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
        }
        let count = Int(seconds * 8000)
        data += "RIFF".utf8
        number(36 + 2 * count, 4)
        data += "WAVEfmt ".utf8
        for (value, size) in [(16, 4), (1, 2), (1, 2), (8000, 4), (16_000, 4), (2, 2), (16, 2)] { number(value, size) }
        data += "data".utf8
        number(2 * count, 4)
        for index in 0..<count { number(Int(8000 * sin(2 * .pi * hertz * Double(index) / 8000)), 2) }
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(data).write(to: file)
    }
}
