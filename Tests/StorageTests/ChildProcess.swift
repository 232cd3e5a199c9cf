// A process beside the test: `StoreChecks` with arguments, its lines, its end.

import Foundation
import Glibc
import Testing

nonisolated final class ChildProcess: Sendable {
    private let pid: pid_t
    private let output: Int32

    /// `wrapper`: a program that runs it, with its arguments.
    init(_ arguments: [String], under wrapper: [String] = []) throws {
        let command = wrapper + [Bundle.main.bundleURL.appendingPathComponent("StoreChecks").path] + arguments
        let program = command[0]
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var argv: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        argv.append(nil)
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, nil, argv, environ)
        posix_spawn_file_actions_destroy(&actions)
        for argument in argv { free(argument) }
        close(ends[1])
        self.pid = pid
        output = ends[0]
        try #require(code == 0, "\(program) did not start")
    }

    deinit { close(output) }

    /// All lines that it prints until it ends by itself.
    func finish() async throws -> [String] { try await lines { _ in false } }

    /// All complete lines that it prints; as soon as `enough` says so of their number, it is killed with SIGKILL.
    func killed(after enough: Int) async throws -> [String] { try await lines { $0 >= enough } }

    @concurrent private func lines(killWhen: @escaping @Sendable (Int) -> Bool) async throws -> [String] {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        var count = 0
        var killed = false
        while true {
            let size = read(output, &buffer, buffer.count)
            if size <= 0 { break }
            text += buffer[..<size]
            count += buffer[..<size].count { $0 == UInt8(ascii: "\n") }
            if !killed, killWhen(count) {
                kill(pid, SIGKILL)
                killed = true
            }
        }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
