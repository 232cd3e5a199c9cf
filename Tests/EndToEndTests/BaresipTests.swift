// Somebody else's phone as the agent's: baresip from Debian, with a configuration of its own.

import Foundation
import Testing

extension EndToEnd {
    struct BaresipTests {
        /// Debian's baresip gives up on a challenge that offers SHA-256 beside MD5.
        private static let listeners = """
            sip: {port: @SIP@, digest: md5}
            rtp: {port_first: @RTP@, port_last: @RTPLAST@}
            http: {port: @HTTP@}

            """

        @Test("a caller and an agent at baresip hear each other's tones, and the recording has each in its channel")
        func agent() async throws {
            try await House.open(["queues.yaml": CallTests.recordedQueue, "listeners.yaml": Self.listeners]) { house in
                let folder = house.folder + "/baresip"
                try house.configureBaresip("ben-desk", tone: 880, in: folder)
                let baresip = house.keep(try Program("/usr/bin/baresip", ["-f", folder], in: folder))
                try await baresip.line("200 OK", within: .seconds(60))
                try await house.signIn("ben")
                let caller = try house.call(
                    "100", "wait answered; hear speech; press 1; hear tone 880 within 60s for 3s; hang up")
                try await caller.succeeds()
                #expect(baresip.output.lines.contains { $0.contains("answering call") }, "\(baresip.output.lines)")
                try await house.eventually("the recording is saved") {
                    try house.rows("SELECT * FROM recordings").first?["state"] == "saved"
                }
                // baresip closed its file when the call ended; it does not always heed a SIGTERM.
                let file = try await house.recorded()
                let left = file.content(0, tone: 440)
                let right = file.content(1, tone: 880)
                // Three seconds are 150 frames; where the machine stalls there is silence or a torn one, but nothing else.
                #expect(left.tone > 75 && right.tone > 75, "\(left) \(right)")
                #expect(left.other * 20 <= left.tone && right.other * 20 <= right.tone, "\(left) \(right)")
                let dump = try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix("dec.wav") }
                let heard = try SoundFile(folder + "/" + #require(dump)).content(0, tone: 440)
                #expect(heard.tone > 75 && heard.other * 20 <= heard.tone, "what baresip played: \(heard)")
            }
        }

        @Test("an agent at baresip hands the caller to a colleague with its own transfer command")
        func transfer() async throws {
            let queue = "queues:\n  sales: {members: [ben], wrap_up_seconds: 60, announce_every_seconds: never}\n"
            try await House.open(["queues.yaml": queue, "listeners.yaml": Self.listeners]) { house in
                let folder = house.folder + "/baresip"
                try house.configureBaresip("ben-desk", tone: 880, in: folder)
                let baresip = house.keep(try Program("/usr/bin/baresip", ["-f", folder], in: folder))
                try await baresip.line("200 OK", within: .seconds(60))
                try await house.signIn("ben")
                let anna = try await house.phone(
                    "anna-desk", tone: 660, "wait invite within 60s; answer; hear tone 440 within 20s; wait bye within 20s")
                let caller = try house.call("100", listen: [660], "-")
                try caller.program.say("wait answered\npress 1\nhear tone 880 within 60s")
                try await caller.reaches("hear tone 880 within 60s", within: .seconds(60))
                try house.tellBaresip("/transfer sip:anna@127.0.0.1:\(house.sipPort)")
                try caller.program.say("hear tone 660 within 20s for 500ms\nhang up")
                try await caller.reaches("hang up", within: .seconds(30))
                try await anna.succeeds()
                try await house.eventually("the transfer is in the contact's story") {
                    try house.rows("SELECT at FROM timeline WHERE kind = 'contact.transferred'").count == 1
                }
            }
        }
    }
}

extension House {
    /// A command to its console.
    fileprivate func tellBaresip(_ command: String) throws {
        _ = keep(try Program("/bin/bash", ["-c", "echo '\(command)' > /dev/udp/127.0.0.1/\(freePort + 6)"], in: folder))
    }

    /// A baresip that answers by itself, says a tone, and keeps what it hears in a WAV file.
    fileprivate func configureBaresip(_ device: String, tone: Int, in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try ToneFile.write(Double(tone), seconds: 60, to: folder + "/tone.wav")
        let configuration = """
            sip_listen 127.0.0.1:\(freePort)
            audio_player aubridge,nobody
            audio_source aufile,\(folder)/tone.wav
            audio_alert aubridge,nobody
            audio_srate 8000-8000
            audio_channels 1-1
            rtp_ports \(freePort + 1)-\(freePort + 5)
            module_path /usr/lib/baresip/modules
            module g711.so
            module aufile.so
            module aubridge.so
            module sndfile.so
            snd_path \(folder)
            module_tmp uuid.so
            module_tmp account.so
            module_app contact.so
            module_app menu.so
            module cons.so
            cons_listen 127.0.0.1:\(freePort + 6)

            """
        let account = """
            <sip:\(device)@127.0.0.1:\(sipPort);transport=udp>;auth_pass=\(try secret(device));answermode=auto;audio_codecs=PCMA/8000/1;regint=60

            """
        try configuration.write(toFile: folder + "/config", atomically: true, encoding: .utf8)
        try account.write(toFile: folder + "/accounts", atomically: true, encoding: .utf8)
    }
}
