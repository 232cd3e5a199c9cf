// Scripts/bench routing: what of the router needs files. A journal that is read and lived again, and a configuration of 5,000
// agents that takes the place of another.
// usage: HouseBench FOLDER [--quick]

import Basics
import ContactCenter
import Foundation
import MainLoop
import Simulation
import SiteConfiguration
import Storage
import Switchboard

let arguments = CommandLine.arguments
let isQuick = arguments.contains("--quick")
guard arguments.count >= 2 else { exit(64) }
let folder = arguments[1]
let loop = MainLoop(driver: .own)

func row(_ name: String, _ value: Double) {
    print("\(name): \(String(format: "%.1f", value))")
    fflush(nil)
}

func seconds(since began: UInt64) -> Double { Double(MonotonicClock.now - began) / 1e9 }

Task {
    do {
        try await JournalBench(folder: folder + "/state").run()
        try ReloadBench(folder: folder + "/Config").run()
        exit(0)
    } catch {
        FileHandle.standardError.write(Data("failed: \(error)\n".utf8))
        exit(1)
    }
}
loop.run()
