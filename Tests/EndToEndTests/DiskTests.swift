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
                let during = try house.call("100", "wait answered; press 1; hear tone 880 within 20s; pause 1s; hang up")
                try await during.succeeds()
                try await anna.succeeds()
                try await house.logged("storage degraded")
                #expect(try await house.get("/healthz").status == 200)
                #expect(try await house.get("/metrics", token: "admin").body.contains("storage_degraded 1"))
                let status = try await house.get("/v1/status", token: "admin").body
                #expect(!status.contains("\"storage\":\"good\""), "\(status)")
                try FileManager.default.removeItem(atPath: house.state + "/filler")
                try await house.logged("storage good", within: .seconds(40))
                try await eventually("both calls are in the history") {
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
