// Looks up what `file:` and `env:` stand for.

public import Foundation

/// Resolves references to secrets. Reads files: on a worker or before the loop starts, never on the loop.
public struct Secrets: Sendable {
    /// The state folder, absolute or relative to the working directory.
    public let stateFolder: String
    private let environment: [String: String]

    public static let bytesMax = 4096

    /// Why a reference leads to no secret. The texts complete "the secret …".
    public enum Failure: Error, Equatable {
        case missingFile(path: String)
        case unreadable(path: String)
        case readableByOthers(path: String)
        case missingVariable(String)
    }

    public init(stateFolder: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.stateFolder = stateFolder
        self.environment = environment
    }

    /// An absolute path stays what it is.
    public func path(of name: String) -> String { name.hasPrefix("/") ? name : "\(stateFolder)/\(name)" }

    /// What the reference stands for, without white space around it.
    public func resolve(_ reference: SecretReference) throws(Failure) -> String {
        switch reference {
        case .inline(let hash): return hash
        case .environment(let name):
            guard let value = environment[name]?.trimmed, !value.isEmpty else { throw .missingVariable(name) }
            return value
        case .file(let name):
            guard let text = String(validating: try content(of: name, bytesMax: Self.bytesMax), as: UTF8.self) else {
                throw .unreadable(path: path(of: name))
            }
            return text.trimmed
        }
    }

    /// Whether there is anything that it could stand for.
    func exists(_ reference: SecretReference) -> Bool {
        switch reference {
        case .inline: true
        case .environment(let name): environment[name] != nil
        case .file(let name): FileManager.default.fileExists(atPath: path(of: name))
        }
    }

    /// What a file holds. `isPublic`: it may be read by others, too.
    func content(of name: String, bytesMax: Int, isPublic: Bool = false) throws(Failure) -> [UInt8] {
        let path = path(of: name)
        guard RegularFile.exists(path) else { throw .missingFile(path: path) }
        guard let file = RegularFile(path, bytesMax: bytesMax) else { throw .unreadable(path: path) }
        guard isPublic || file.permissions & 0o077 == 0 else { throw .readableByOthers(path: path) }
        return file.bytes
    }

    /// Relative, and nowhere upwards.
    static func isSafe(path: String) -> Bool {
        !path.isEmpty && path.utf8.count <= 200 && !path.utf8.contains(0)
            && !path.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == ".." || $0 == "." || $0.isEmpty }
    }

    /// Absolute, or relative; nowhere upwards.
    static func isPlain(path: String) -> Bool { isSafe(path: path.hasPrefix("/") ? String(path.dropFirst()) : path) }

    static func isVariable(_ name: String) -> Bool {
        guard let first = name.utf8.first, !NameRule.isDigit(first), name.utf8.count <= 100 else { return false }
        return name.utf8.allSatisfy { NameRule.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }
}
