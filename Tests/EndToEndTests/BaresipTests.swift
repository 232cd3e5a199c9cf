// Somebody else's phone as the agent's: baresip from Debian, with a configuration of its own.

import Foundation
import Testing

extension EndToEnd {
    struct BaresipTests {
        @Test("a caller and an agent at baresip hear each other's tones, and the recording has each in its channel")
        func agent() async throws {
            // Debian's baresip gives up on a challenge that offers SHA-256 beside MD5.
            let listeners = """
                sip: {port: @SIP@, digest: md5}
                rtp: {port_first: @RTP@, port_last: @RTPLAST@}
                http: {port: @HTTP@}

                """
            try await House.open(["queues.yaml": CallTests.recordedQueue, "listeners.yaml": listeners]) { house in
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
    }
}

extension House {
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
            rtp_ports \(freePort + 1)-\(freePort + 6)
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

            """
        let account = """
            <sip:\(device)@127.0.0.1:\(sipPort);transport=udp>;auth_pass=\(try secret(device));answermode=auto;audio_codecs=PCMA/8000/1;regint=60

            """
        try configuration.write(toFile: folder + "/config", atomically: true, encoding: .utf8)
        try account.write(toFile: folder + "/accounts", atomically: true, encoding: .utf8)
    }
}
