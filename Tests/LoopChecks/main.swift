// A process with a loop of its own: what the loop promises, checked under the driver given.
// LoopChecks own|runLoop loop|http

import CLoop
import Glibc
import MainLoop
import Streams

cloop_line_buffer()
signal(SIGPIPE, SIG_IGN)
// Whatever hangs ends as a failure.
alarm(40)
MainLoop.reserveDescriptors()
guard CommandLine.arguments.count == 3, let driver = MainLoop.Driver(rawValue: CommandLine.arguments[1]) else {
    print("usage: LoopChecks own|runLoop loop|http")
    exit(2)
}
let loop = MainLoop(driver: driver)
let streams = StreamLoop(on: loop)
let checks = Checks(loop: loop, streams: streams)
let subject = CommandLine.arguments[2]
Task {
    if subject == "http" {
        await checks.checkHTTP()
    } else {
        await checks.checkMembers()
        await checks.checkTasks()
        await checks.checkChannels()
        await checks.checkConnections()
        await checks.checkFairness()
    }
    loop.stop()
}
loop.run()
checks.check("run() returns after stop()", true)
loop.stop()
loop.run()
checks.check("run() after stop() returns at once", true)
Task { loop.stop() }
loop.run()
checks.check("the loop runs a second time", true)
print("done \(checks.count) checks, \(checks.failures) failed")
exit(checks.failures == 0 ? 0 : 1)
