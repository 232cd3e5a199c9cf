// `switchboard password NAME`: hashes for the configuration, never the password itself.

import ArgumentParser
import Foundation
import SiteConfiguration

struct Password: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads a password and prints its hashes for the configuration.")

    @Argument(help: "The user name of the telephone or at the carrier, or the name of the API token.")
    var name: String

    @Option(help: "The carrier's realm; default: the one of the telephones, in listeners.yaml.")
    var realm: String?

    @OptionGroup var folders: Folders

    func run() throws {
        guard let password = ask(), !password.isEmpty else {
            throw ValidationError("no password was given; type one, or pipe it in")
        }
        let realm = try realm ?? realmOfTelephones()
        print("# for a telephone or trunk in realm \(realm) (agents.yaml, trunks.yaml, or a file named by `ha1: file:...`):")
        for line in HA1(user: name, realm: realm, password: password).lines { print(line) }
        print("# for an API token `\(name).PASSWORD` (api.yaml, or a file named by `token: file:...`):")
        print(try PasswordHash.make(of: "\(name).\(password)"))
    }

    /// A hash for the realm of defaults would fit no telephone of a house that has another one.
    private func realmOfTelephones() throws -> String {
        let loaded = SiteConfiguration.load(folder: folders.config, missing: .willBeMade)
        let finding = loaded.findings.first { finding in
            finding.severity == .error
                && (finding.position.file == folders.config || finding.position.file.hasSuffix("/listeners.yaml"))
        }
        if let finding {
            throw ValidationError("\(finding)\nThe realm is not known; mend this, or give `--realm`.")
        }
        return loaded.configuration.listeners.sip.realm
    }

    /// Without an echo on a terminal.
    private func ask() -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return readLine() }
        return String(validatingCString: getpass("Password: "))
    }
}
