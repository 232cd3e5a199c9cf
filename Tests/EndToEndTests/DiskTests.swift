// A full disk: calls go on, and nothing that happened is missing afterwards.

import Foundation
import Glibc
import Testing

extension EndToEnd {
    struct DiskTests {
        /// A full disk needs a small file system of its own.
        private static let mayMount: Bool = {
            let folder = NSTemporaryDirectory() + "switchboard-mount-" + UUID().uuidString
            mkdir(folder, 0o700)
            defer { rmdir(folder) }
            guard mount("tmpfs", folder, "tmpfs", 0, "size=64k") == 0 else { return false }
            return umount2(folder, Int32(MNT_DETACH)) == 0
        }()

        @Test(
            "with a full disk calls go on and the trouble is told; with room again the journal is complete",
            .enabled(if: mayMount, "mounting a file system is not allowed here"))
        func fullDisk() async throws {
            let house = try House()
            try FileManager.default.createDirectory(atPath: house.state, withIntermediateDirectories: true)
            try #require(mount("tmpfs", house.state, "tmpfs", 0, "size=16m") == 0)
            defer { umount2(house.state, Int32(MNT_DETACH)) }
            try await house.hosts {
                let anna = try await house.phone(
                    "anna-desk", tone: 880,
                    "wait invite within 20s; answer; hear tone 440; wait bye within 20s; wait invite within 30s; answer; hear tone 440; wait bye within 20s"
                )
                let before = try house.call("100", "wait answered; press 1; hear tone 880 within 20s for 500ms; hang up")
                try await before.succeeds()
                let rows = try house.rows("SELECT * FROM journal").count
                try Self.fill(house.state + "/filler")
                let during = try house.call(
                    "100", "wait answered; press 1; hear tone 880 within 20s; hear tone 880 for 1s; hang up")
                try await during.succeeds()
                try await anna.succeeds()
                try await house.logged("storage degraded")
                #expect(try await house.get("/healthz").status == 200)
                #expect(try await house.get("/metrics", token: "admin").body.contains("storage_degraded 1"))
                let status = try await house.get("/v1/status", token: "admin").body
                #expect(!status.contains("\"storage\":\"good\""), "\(status)")
                // The change is made, and whoever asked for it is told that nothing promises it yet.
                let unpromised = try await house.request(
                    "POST", "/v1/agents/ben/state", token: "admin", body: "{\"state\":\"available\"}",
                    headers: ["Content-Type: application/json"])
                #expect(unpromised.status == 503 && unpromised.body.contains("storage_degraded"), "\(unpromised)")
                try FileManager.default.removeItem(atPath: house.state + "/filler")
                try await house.logged("storage good", within: .seconds(40))
                try await house.eventually("both calls are in the history") {
                    try house.rows("SELECT * FROM contacts WHERE outcome = 'handled'").count == 2
                }
                let sequences = try house.rows("SELECT sequence FROM journal ORDER BY sequence").compactMap {
                    $0["sequence"].flatMap(Int.init)
                }
                #expect(sequences == Array(1...max(1, sequences.count)) && sequences.count > rows)
                #expect(try house.rows("PRAGMA integrity_check") == [["integrity_check": "ok"]])
                try await house.stop()
                try await house.expectEqualReplay()
                try await house.start()
            }
        }

        @Test("with the buffer full, too, a call takes its number's fallback; with room again it goes through the flow")
        func fullBuffer() async throws {
            let house = try House([
                "site.yaml": "limits: {unsaved_turns_max: 100}\n",
                "numbers.yaml": "numbers:\n  \"100\": {flow: main, fallback: {trunk: carrier, number: \"555\"}}\n",
            ])
            try FileManager.default.createDirectory(atPath: house.state, withIntermediateDirectories: true)
            guard mount("tmpfs", house.state, "tmpfs", 0, "size=16m") == 0 else {
                print("skipped: a full disk needs a small file system, and mounting one is not allowed here (errno \(errno))")
                return
            }
            defer { umount2(house.state, Int32(MNT_DETACH)) }
            try await house.hosts {
                try Self.fill(house.state + "/filler")
                // Every change is a turn that cannot be saved.
                for number in 0..<110 {
                    let state = number % 2 == 0 ? "{\"state\":\"available\"}" : "{\"state\":\"offline\"}"
                    _ = try await house.request(
                        "POST", "/v1/agents/anna/state", token: "admin", body: state,
                        headers: ["Content-Type: application/json"])
                }
                let carrier = try house.carrier(
                    tone: 880, "wait invite within 20s; answer; hear tone 440; wait bye within 20s")
                try await carrier.program.line("listening")
                let during = try house.call("100", "wait answered; hear tone 880 within 10s for 500ms; hang up")
                try await during.succeeds()
                try await carrier.succeeds()
                try FileManager.default.removeItem(atPath: house.state + "/filler")
                try await house.logged("storage good", within: .seconds(40))
                let after = try house.call("100", "wait answered; hear speech; hang up")
                try await after.succeeds()
                try await house.eventually("both calls are in the history") {
                    try house.rows("SELECT outcome FROM contacts WHERE ended IS NOT NULL ORDER BY id").compactMap {
                        $0["outcome"]
                    } == ["transferred", "hung-up-in-menu"]
                }
            }
        }

        /// Writes until nothing more fits.
        private static func fill(_ path: String) throws {
            let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            for size in [65_536, 4096, 1] {
                let block = [UInt8](repeating: 0, count: size)
                while Glibc.write(descriptor, block, size) == size {}
            }
        }
    }
}
