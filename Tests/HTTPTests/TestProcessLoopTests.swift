// The loop in the process of the tests themselves, where the main queue is not bound to the first thread.

import Dispatch
import LoopTestKit
import MainLoop
import NIOCore
import Streams
import Testing

@Suite(.timeLimit(.minutes(1))) struct TestProcessLoopTests {
    @Test("inEventLoop holds on the main actor, in tasks of the loop, and not elsewhere") func inEventLoop() async throws {
        let streams = TestLoop.streams
        #expect(streams.inEventLoop)
        let elsewhere = try await Client.elsewhere { streams.inEventLoop }
        #expect(!elsewhere)
        let task = try await streams.submit { (streams.inEventLoop, mainActorNumber()) }.get()
        #expect(task.0 && task.1 == 7)
        let preferred = await Task(executorPreference: streams) { @concurrent in
            let before = streams.inEventLoop
            try? await Task.sleep(for: .milliseconds(1))
            return before && streams.inEventLoop && mainActorNumber() == 7
        }.value
        #expect(preferred)
        let timer = try await streams.scheduleTask(in: .milliseconds(1)) { mainActorNumber() }.futureResult.get()
        #expect(timer == 7)
    }
}

nonisolated private func mainActorNumber() -> Int { MainActor.assumeIsolated { 7 } }
