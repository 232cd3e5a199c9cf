// The lite half of ICE: answers a browser's checks and keeps the paths that passed them (RFC 8445, sections 2.5 and 7.3).

/// Controlled, lite, one component, host candidates only. Bytes and times in, bytes and paths out.
///
/// The browser does the work: it checks and nominates. A path is believed once a check with our password came over it, and
/// until `pathSilenceMaxNanoseconds` after the last; a browser whose network changed comes in over a new path by itself.
package nonisolated struct ICELiteAgent: Sendable {
    /// A browser with more addresses than this is flooding; the path that was silent longest makes room.
    package static let pathsMax = 8
    /// Browsers check every 2.5 s, and never more than 15 s apart (RFC 7675, section 5.1: consent ends after 30 s).
    package static let pathSilenceMaxNanoseconds: UInt64 = 30_000_000_000

    /// Why a check was refused or not looked at.
    package enum Refusal: Hashable, Sendable {
        case notARequest, noFingerprint, noCredentials, unknownUser, wrongPassword, roleConflict, unknownAttribute
    }

    /// What a check led to.
    package struct Outcome: Hashable, Sendable {
        /// To be sent back over the path on which the check came.
        package var response: [UInt8]?
        package var refusal: Refusal?
        package var added: ICEPath?
        package var removed: ICEPath?
        /// The path over which everything is sent is another one now.
        package var isSelectionChanged = false
    }

    private struct Known: Sendable {
        var path: ICEPath
        var lastHeard: UInt64
    }

    package private(set) var local: ICECredentials
    package private(set) var remoteFragment: String
    /// Of before an ICE restart: good until the browser's first check under the new ones.
    package private(set) var previous: (local: ICECredentials, remoteFragment: String)?
    private var known: [Known] = []
    /// Where to send; `nil`: no check has passed.
    package private(set) var selected: ICEPath?
    /// Monotonic nanoseconds of the last check that passed; 0: none.
    package private(set) var lastHeard: UInt64 = 0

    package init(local: ICECredentials, remoteFragment: String) {
        self.local = local
        self.remoteFragment = remoteFragment
    }

    package var paths: [ICEPath] { known.map(\.path) }
    package func isKnown(_ path: ICEPath) -> Bool { known.contains { $0.path == path } }

    /// The browser restarts ICE (RFC 8445, section 9): the paths stay until the new checks choose another.
    package mutating func restart(local: ICECredentials, remoteFragment: String) {
        previous = (self.local, self.remoteFragment)
        self.local = local
        self.remoteFragment = remoteFragment
    }

    /// One message that came over `path` at `now` and whose user name begins with our fragment.
    package mutating func receive(_ message: STUNMessage, over path: ICEPath, at now: UInt64) -> Outcome {
        guard message.kind == .request, message.method == STUNMessage.binding else { return Outcome(refusal: .notARequest) }
        guard message.hasFingerprint else { return Outcome(refusal: .noFingerprint) }
        guard let username = message.username, message.hasIntegrity else {
            return Self.refuse(message, .noCredentials, 400, "Bad Request")
        }
        guard let credentials = credentials(of: username) else {
            return Self.refuse(message, .unknownUser, 401, "Unauthenticated")
        }
        let password = Array(credentials.password.utf8)
        guard message.isAuthentic(password: password) else {
            return Self.refuse(message, .wrongPassword, 401, "Unauthenticated")
        }
        guard message.unknownRequired.isEmpty else {
            return Self.refuse(message, .unknownAttribute, 420, "Unknown Attribute", password: password)
        }
        // A lite agent is never the controlling one, so the other side must change its mind (RFC 8445, section 7.3.1.1).
        guard !message.claimsControlled else {
            return Self.refuse(message, .roleConflict, 487, "Role Conflict", password: password)
        }
        if credentials == local { previous = nil }
        var outcome = note(path, isNominated: message.isNominating, at: now)
        var writer = STUNWriter(.success, transaction: message.transaction)
        writer.append(mapped: path.remote)
        outcome.response = writer.finish(password: password)
        return outcome
    }

    /// Forgets paths that were silent for too long; returns them.
    package mutating func expire(at now: UInt64) -> [ICEPath] {
        let old = known.filter { now > $0.lastHeard && now - $0.lastHeard > Self.pathSilenceMaxNanoseconds }.map(\.path)
        guard !old.isEmpty else { return [] }
        known.removeAll { old.contains($0.path) }
        if let selected, old.contains(selected) { self.selected = latest }
        return old
    }

    /// Forgets every path; the credentials stay.
    package mutating func forgetPaths() -> [ICEPath] {
        defer {
            known = []
            selected = nil
        }
        return paths
    }

    /// An answer to a check that belongs to no session, or that its session refuses.
    package static func refuse(
        _ message: STUNMessage, _ refusal: Refusal, _ code: Int, _ reason: String, password: [UInt8]? = nil
    ) -> Outcome {
        var writer = STUNWriter(.error, transaction: message.transaction)
        writer.append(error: code, reason: reason)
        if !message.unknownRequired.isEmpty, code == 420 {
            let types = message.unknownRequired.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            writer.append(STUNAttribute.unknownAttributes, types)
        }
        return Outcome(response: writer.finish(password: password), refusal: refusal)
    }

    /// A check's user name is our fragment, a colon and the browser's (RFC 8445, section 7.2.2).
    private func credentials(of username: [UInt8]) -> ICECredentials? {
        if username.elementsEqual("\(local.fragment):\(remoteFragment)".utf8) { return local }
        if let previous, username.elementsEqual("\(previous.local.fragment):\(previous.remoteFragment)".utf8) {
            return previous.local
        }
        return nil
    }

    private var latest: ICEPath? { known.max { $0.lastHeard < $1.lastHeard }?.path }

    private mutating func note(_ path: ICEPath, isNominated: Bool, at now: UInt64) -> Outcome {
        var outcome = Outcome()
        lastHeard = max(lastHeard, now)
        if let index = known.firstIndex(where: { $0.path == path }) {
            known[index].lastHeard = now
        } else {
            if known.count >= Self.pathsMax { outcome.removed = makeRoom() }
            known.append(Known(path: path, lastHeard: now))
            outcome.added = path
        }
        // Chromium's first check doesn't nominate: the first path will do until one is nominated.
        if selected == nil || (isNominated && selected != path) {
            selected = path
            outcome.isSelectionChanged = true
        }
        return outcome
    }

    private mutating func makeRoom() -> ICEPath? {
        let candidates = known.indices.filter { known[$0].path != selected }
        guard let index = candidates.min(by: { known[$0].lastHeard < known[$1].lastHeard }) else { return nil }
        return known.remove(at: index).path
    }
}
