// The end of the process, asked for or not: what was promised to be kept is there afterwards.

import Foundation
import Glibc
import Testing

extension EndToEnd {
    struct CrashTests {
        static let patientMenu = """
            start: menu
            nodes:
              menu: {do: menu, say: Press one., choices: {"1": sales}, timeout_seconds: 60, otherwise: sales}
              sales: {do: queue, queue: sales}

            """

        @Test(
            "kill -9 with one caller waiting, one talking and recorded, one in the menu; a restart closes them honestly and goes on"
        )
        func killed() async throws {
            let files = ["queues.yaml": CallTests.recordedQueue, "flows/main.yaml": Self.patientMenu]
            try await House.open(files) { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; answer; hear tone 440; pause 60s")
                let talking = try house.call(
                    "100", "wait answered; press 1; hear tone 880 within 20s; hear tone 880 within 60s for 6s; pause 60s")
                try await talking.reaches("hear tone 880 within 20s")
                let waiting = try house.call("100", "wait answered; press 1; hear sound; pause 60s")
                let inMenu = try house.call("100", "wait answered; hear speech; pause 60s")
                try await waiting.reaches("hear sound")
                try await inMenu.reaches("hear speech")
                try await talking.reaches("hear tone 880 within 60s for 6s", within: .seconds(60))
                house.kill()
                #expect(try await house.daemon.status(within: .seconds(20)) == -9)
                for phone in [anna, talking, waiting, inMenu] { phone.vanishes() }

                let began = ContinuousClock.now
                try await house.start()
                #expect(ContinuousClock.now - began < .seconds(15))
                try await house.eventually("all contacts are closed as lost") {
                    try house.rows("SELECT outcome FROM contacts WHERE ended IS NOT NULL")
                        == Array(repeating: ["outcome": "lost"], count: 3)
                }
                #expect(try house.rows("PRAGMA integrity_check") == [["integrity_check": "ok"]])
                try await house.eventually("the recording is saved") {
                    try house.rows("SELECT * FROM recordings").first?["state"] == "saved"
                }
                let file = try await house.recorded()
                // They talked for six seconds at least; the last of them may be lost, and half of them may be the machine's.
                #expect(file.content(0, tone: 440).tone > 150 && file.content(1, tone: 880).tone > 150, "\(file.seconds) s")

                // The agent is still signed in: registering is enough.
                let again = try await house.phone(
                    "anna-desk", tone: 880, ready: false,
                    "wait invite within 20s; answer; hear tone 440; wait bye within 20s")
                let next = try house.call("100", "wait answered; press 1; hear tone 880 within 20s for 500ms; hang up")
                try await next.succeeds()
                try await again.succeeds()
                try await house.stop()
                try await house.expectEqualReplay()
                try await house.start()
            }
        }

        @Test("SIGTERM in the middle of calls: everybody gets a BYE, and the status is 0 within ten seconds")
        func terminated() async throws {
            try await House.open { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; answer; hear tone 440; wait bye within 20s")
                let talking = try house.call("100", "wait answered; press 1; hear tone 880 within 20s; wait bye within 20s")
                try await talking.reaches("hear tone 880 within 20s")
                let waiting = try house.call("100", "wait answered; press 1; hear sound; wait bye within 20s")
                try await waiting.reaches("hear sound")
                try await house.stop()
                try await talking.succeeds()
                try await waiting.succeeds()
                try await anna.succeeds()
                try await house.start()
                // Nobody gave up and nobody hung up: the center went away under them.
                try await house.eventually("both contacts are closed as lost") {
                    try house.rows("SELECT outcome FROM contacts WHERE ended IS NOT NULL")
                        == Array(repeating: ["outcome": "lost"], count: 2)
                }
            }
        }

        @Test("SIGTERM while a call is recorded: after the next start its row is saved, and only the finished file is left")
        func terminatedWhileRecording() async throws {
            try await House.open(["queues.yaml": CallTests.recordedQueue]) { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; answer; hear tone 440 for 1s; wait bye within 20s")
                let talking = try house.call(
                    "100", "wait answered; press 1; hear tone 880 within 20s for 1s; wait bye within 20s")
                try await talking.reaches("hear tone 880 within 20s for 1s")
                try await anna.reaches("hear tone 440 for 1s")
                try await house.stop()
                try await talking.succeeds()
                try await anna.succeeds()
                try await house.start()
                try await house.eventually("the recording is saved and its raw file gone") {
                    let files = try FileManager.default.contentsOfDirectory(atPath: house.state + "/recordings")
                    return try house.rows("SELECT state, file FROM recordings") == files.map { ["state": "saved", "file": $0] }
                        && files.count == 1
                }
                let file = try await house.recorded()
                #expect(file.content(0, tone: 440).tone > 30 && file.content(1, tone: 880).tone > 30, "\(file.seconds) s")
            }
        }

        @Test("what the API has said yes to is kept, though the process is killed in the next moment")
        func acknowledged() async throws {
            try await House.open { house in
                for state in ["{\"state\":\"available\"}", "{\"state\":\"pause\",\"reason\":\"break\"}"] {
                    let answer = try await house.request(
                        "POST", "/v1/agents/anna/state", token: "admin", body: state,
                        headers: ["Content-Type: application/json"])
                    house.kill()
                    #expect(answer.status == 200, "\(answer)")
                    #expect(try await house.daemon.status(within: .seconds(20)) == -9)
                    try await house.start()
                    let agent = try await house.get("/v1/agents/anna", token: "admin")
                    #expect(agent.body.contains(String(state.dropFirst().prefix { $0 != "," && $0 != "}" })), "\(agent.body)")
                }
            }
        }

        @Test("health is answered within a second of the start, once the sentences are on the disk")
        func healthSoon() async throws {
            try await House.open { house in
                // The best of three: what else the machine does is not the daemon's.
                var best = Duration.seconds(60)
                for _ in 0..<3 {
                    try await house.stop()
                    let began = ContinuousClock.now
                    try await house.start()
                    best = min(best, ContinuousClock.now - began)
                }
                #expect(best < .seconds(1), "\(best)")
            }
        }

        @Test("the log as JSON has one object on each line, and says the same")
        func logAsJSON() async throws {
            try await House.open(["site.yaml": "log: {format: json}\n"]) { house in
                let refused = try house.call("999", "wait refused 404")
                try await refused.succeeds()
                try house.reload()
                try await house.logged("configuration applied")
                // What `check` says of the files is told before there is a log.
                for line in house.log where !line.contains(": warning: ") {
                    let object = try #require(
                        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String], "\(line)")
                    for member in ["time", "level", "message", "label"] { #expect(object[member]?.isEmpty == false, "\(line)") }
                }
                let ready = try await house.logged("\"message\":\"ready\"")
                #expect(ready.contains("\"pid\":\""), "\(ready)")
            }
        }

        @Test("a second daemon on the same state folder is refused and says so, and the first one does not notice")
        func secondDaemon() async throws {
            try await House.open { house in
                let caller = try house.call("100", "wait answered; hear speech; pause 3s; hang up")
                try await caller.reaches("hear speech")
                let other = try House()
                let second = try await other.command([
                    "run", "--config", other.configuration, "--state", house.state, "--make-secrets",
                ])
                #expect(second.status == 1, "\(second)")
                #expect(second.lines.contains { $0.contains("cannot start") && $0.contains("use") }, "\(second)")
                try await caller.succeeds()
                #expect(try await house.get("/healthz").status == 200)
            }
        }
    }
}
