// The loop of the test process.

public import MainLoop
public import Streams

/// The main queue of the test process is served by the test runner, so members work without `run()`.
public enum TestLoop {
    public static let main = MainLoop(driver: .runLoop)
    public static let streams = StreamLoop(on: main)
}
