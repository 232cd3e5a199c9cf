// A house behind a certificate.

import Foundation
import Glibc

extension House {
    /// Puts the files (PEM) where the daemon looks for `file:secrets/chain.pem` and `file:secrets/key.pem`, one after the other as a
    /// renewal does.
    func install(_ chain: String, _ key: String) throws {
        let secrets = state + "/secrets"
        try FileManager.default.createDirectory(
            atPath: secrets, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (source, name) in [(chain, "chain.pem"), (key, "key.pem")] {
            let data = try Data(contentsOf: URL(fileURLWithPath: source))
            try data.write(to: URL(fileURLWithPath: "\(secrets)/\(name)"))
            guard chmod("\(secrets)/\(name)", 0o600) == 0 else { throw Failure("chmod: \(errno)") }
        }
    }
}
