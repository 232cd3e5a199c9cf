// aiortc, which knows nothing of our code, as the browser.

import Foundation
import RTP
import SDP
import Testing
import WebRTC

/// aiortc in a process of its own; `SWITCHBOARD_AIORTC_PYTHON` names a Python that has it.
final class IndependentPeer {
    nonisolated static var python: String? {
        guard let path = ProcessInfo.processInfo.environment["SWITCHBOARD_AIORTC_PYTHON"],
            FileManager.default.isExecutableFile(atPath: path)
        else { return nil }
        return path
    }

    private(set) var offer: String?
    private(set) var heard: [Int] = []
    private(set) var hasClosed = false
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var rest = Data()

    init(python: String, hertz: Double) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("aiortc-peer.py")
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script.path, String(hertz)]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // Not by `readabilityHandler`, see `Program` of the tests from end to end.
        let source = output.fileHandleForReading
        Thread.detachNewThread { [weak self] in
            while true {
                let data = source.availableData
                if data.isEmpty { return }
                DispatchQueue.main.async { MainActor.assumeIsolated { self?.take(data) } }
            }
        }
    }

    isolated deinit {
        if process.isRunning { process.terminate() }
    }

    func say(answer: String) throws {
        try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(["sdp": answer]) + Data("\n".utf8))
    }

    func leave() throws { try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8)) }

    private func take(_ data: Data) {
        rest += data
        while let end = rest.firstIndex(of: 10) {
            let line = rest[rest.startIndex..<end]
            rest = Data(rest[(end + 1)...])
            guard let values = try? JSONSerialization.jsonObject(with: line) as? [String: Any] else { continue }
            if let sdp = values["sdp"] as? String { offer = sdp }
            if let hertz = values["heard"] as? Int { heard.append(hertz) }
            if values["closed"] != nil { hasClosed = true }
        }
    }
}

@Suite(.serialized, .enabled(if: IndependentPeer.python != nil)) struct IndependentPeerTests {
    @Test("aiortc and we hear one another's tones, and its goodbye is seen", arguments: BrowserCodecPolicy.allCases)
    func tones(_ policy: BrowserCodecPolicy) async throws {
        let rig = try BrowserRig {
            $0.codecPolicy = policy
            $0.addresses = LocalAddresses.all(port: 0)
        }
        let peer = try IndependentPeer(python: #require(IndependentPeer.python), hertz: 600)
        #expect(await rig.wait(30) { peer.offer != nil })
        rig.echoes = true
        try peer.say(answer: rig.session.answer(#require(peer.offer)))
        #expect(await rig.wait(30) { rig.session.isConnected })
        #expect(await rig.wait(30) { rig.hears(600) })
        #expect(await rig.wait(30) { peer.heard.suffix(2) == [600, 600] })
        #expect(rig.session.isOpus == (policy == .opus))
        try peer.leave()
        #expect(await rig.wait(30) { rig.events.contains(.gone(.closeNotify)) })
    }
}
