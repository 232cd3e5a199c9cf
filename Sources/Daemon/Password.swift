// `switchboard password NAME`: hashes for the configuration, never the password itself.

import ArgumentParser
import Foundation
import SiteConfiguration

struct Password: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads a password and prints its hashes for the configuration.")

    @Argument(help: "The user name of the telephone, or the name of the API token.")
    var name: String

    @Option(help: "The realm of the telephones; default: the one in listeners.yaml.")
    var realm: String?

    @OptionGroup var folders: Folders

    func run() throws {
        guard let password = ask(), !password.isEmpty else {
            throw ValidationError("no password was given; type one, or pipe it in")
        }
        let realm = realm ?? SiteConfiguration.load(folder: folders.config).configuration.listeners.sip.realm
        print("# for a telephone (agents.yaml, or a file named by `ha1: file:...`):")
        for line in HA1(user: name, realm: realm, password: password).lines { print(line) }
        print("# for an API token `\(name).PASSWORD` (api.yaml, or a file named by `token: file:...`):")
        print(try PasswordHash.make(of: "\(name).\(password)"))
    }

    /// Without an echo on a terminal.
    private func ask() -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return readLine() }
        return String(validatingCString: getpass("Password: "))
    }
}
