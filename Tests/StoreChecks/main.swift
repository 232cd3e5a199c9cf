// A process of its own for the tests that need one: to be killed, or to run out of room.
// usage: StoreChecks append FOLDER | StoreChecks sequence FOLDER TURNS | StoreChecks fill FOLDER BYTES

import Basics
import Glibc
import MainLoop
import Storage

let arguments = CommandLine.arguments
let loop = MainLoop(driver: .own)
guard arguments.count >= 3 else { exit(64) }
let folder = arguments[2]

/// One line in one write: whole, or not there at all when the process is killed.
func say(_ text: String) {
    let line = text + "\n"
    _ = line.withCString { write(1, $0, strlen($0)) }
}

func fail(_ text: String) -> Never {
    say("failed \(text)")
    exit(1)
}

switch arguments[1] {
case "append":
    Task {
        do {
            AppendCheck(store: try await Store.open(folder: folder, on: loop)).start(underWay: 4)
        } catch { fail(String(describing: error)) }
    }
case "sequence":
    guard arguments.count == 4, let turns = Int(arguments[3]) else { exit(64) }
    Task {
        do {
            AppendCheck(store: try await Store.open(folder: folder, on: loop), turns: turns).start(underWay: 1)
        } catch { fail(String(describing: error)) }
    }
case "fill":
    guard arguments.count == 4, let bytes = UInt(arguments[3]) else { exit(64) }
    Task {
        do {
            try await FillCheck(store: try await Store.open(folder: folder, on: loop), bytes: bytes).run()
            exit(0)
        } catch { fail(String(describing: error)) }
    }
default: exit(64)
}
loop.run()
