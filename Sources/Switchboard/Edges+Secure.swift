// Secure collection at the edge: the digits go from the media to whoever takes them, and nowhere else.

internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import SiteConfiguration

/// What the edge knows of a secure form.
struct SecureFormAtEdge {
    var settings: SecureFormSettings
    var sink: any SecureSink
}

/// Secure steps that go on, by their legs.
struct SecureSteps {
    /// Digits on their way to whoever takes them, at once.
    static let requestsMax = 8

    enum State {
        case collecting(form: String)
        /// The number tells a late answer from the one that is waited for.
        case asking(UInt64)
    }

    var states: [LegID: State] = [:]
    var requests = 0
    var lastRequest: UInt64 = 0
    /// Since the start.
    var counts = (collected: UInt64(0), failed: UInt64(0))
}

extension Edges {
    /// At the wish of an agent who talks to the caller.
    func collectSecurely(_ name: String, from leg: LegID) {
        guard let settings = secureForms[name]?.settings else {
            return turn.submit(.collected(leg, token: "", length: 0, valid: false))
        }
        secure.states[leg] = .collecting(form: name)
        do {
            try media.collect(
                leg, step: NodeID(name), lengthMin: settings.lengthMin, lengthMax: settings.lengthMax,
                terminator: settings.terminator?.first,
                firstDigitTimeout: .milliseconds(settings.firstDigitTimeoutMilliseconds),
                nextDigitTimeout: .milliseconds(settings.nextDigitTimeoutMilliseconds), isUnheard: true)
        } catch {
            logger.warning("media refused", metadata: ["act": "collect", "leg": "\(leg)", "reason": "\(error)"])
            secure.states[leg] = nil
            turn.submit(.collected(leg, token: "", length: 0, valid: false))
        }
    }

    func cancelCollection(_ leg: LegID) {
        secure.states[leg] = nil
        media.cancelCollection(leg)
    }

    /// The media have all the digits that come.
    func collected(_ digits: SecretDigits, isLongEnough: Bool, from leg: LegID) {
        guard case .collecting(let name)? = secure.states.removeValue(forKey: leg) else {
            // The rules get a name for the digits. Nobody may use them, so they are kept nowhere.
            return turn.submit(
                .collected(leg, token: KeyedHash.randomToken(), length: digits.count, valid: isLongEnough))
        }
        let length = digits.count
        guard isLongEnough, let form = secureForms[name], form.settings.check != .luhn || digits.passesLuhn,
            let contact = turn.center.contact(of: leg)
        else { return conclude(leg, length, nil) }
        guard secure.requests < SecureSteps.requestsMax else {
            logger.warning("too many secure steps wait for their tokens", metadata: ["form": "\(name)"])
            return conclude(leg, length, nil)
        }
        secure.requests += 1
        secure.lastRequest += 1
        let request = secure.lastRequest
        secure.states[leg] = .asking(request)
        Task {
            var token: String?
            do throws(SecureSinkFailure) {
                token = try await form.sink.token(for: digits, of: contact)
            } catch {
                logger.warning("no token for a secure form", metadata: ["form": "\(name)", "reason": "\(error)"])
            }
            secure.requests -= 1
            // Nobody waits for it any more, or for another one.
            guard case .asking(request)? = secure.states[leg] else { return }
            secure.states[leg] = nil
            conclude(leg, length, token)
        }
    }

    private func conclude(_ leg: LegID, _ length: Int, _ token: String?) {
        media.cancelCollection(leg)
        if token == nil { secure.counts.failed += 1 } else { secure.counts.collected += 1 }
        turn.submit(.collected(leg, token: token ?? "", length: length, valid: token != nil))
    }
}
