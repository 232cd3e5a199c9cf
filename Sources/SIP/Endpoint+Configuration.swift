// Trunks and accounts, at the start and at every reload.

public import Basics
internal import CSofia
internal import Logging
internal import MainLoop

extension Endpoint {
    /// Takes over the trunks and accounts. Live calls stay, with the channels that they have; bindings of accounts that
    /// are gone or have another password are removed.
    public func apply(trunks: [TrunkSettings], accounts: [Account]) {
        trunkOrder = trunks.map(\.id)
        self.trunks = Dictionary(trunks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (id, table) in channels where self.trunks[id] == nil && table.taken == 0 { channels[id] = nil }
        for id in channels.keys { channels[id]?.max = self.trunks[id]?.channelsMax ?? 0 }
        for (id, trunk) in self.trunks where channels[id] == nil { channels[id] = ChannelTable(max: trunk.channelsMax) }
        let known = Dictionary(accounts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let gone = registrar.devices.filter { known[$0] != self.accounts[$0] || known[$0] == nil }
        self.accounts = known
        accountAlgorithms = algorithms(of: accounts)
        setTrusted(trunks.flatMap { $0.inboundAddresses + [AddressRange($0.peer)] })
        tell(registrar.removeAll(of: Set(gone)))
    }

    /// SHA-256 only if nobody lacks it; MD5 unless everybody lacks it.
    private func algorithms(of accounts: [Account]) -> [DigestAlgorithm] {
        let sha256 = settings.offersSHA256 && accounts.allSatisfy { $0.credentials.ha1(.sha256) != nil }
        let md5 = !sha256 || accounts.isEmpty || accounts.contains { $0.credentials.ha1(.md5) != nil }
        return (sha256 ? [.sha256] : []) + (md5 ? [.md5] : [])
    }

    private func setTrusted(_ ranges: [AddressRange]) {
        guard let stack else { return }
        let wanted = ranges.map { range in
            var entry = csofia_range()
            entry.family = Int32(range.network.family.rawValue)
            entry.bits = UInt32(range.bits)
            withUnsafeMutableBytes(of: &entry.address) { $0.copyBytes(from: range.network.bytes) }
            return entry
        }
        if !csofia_trust(stack, wanted, wanted.count) {
            logger.error("SIP: more than \(CSOFIA_RANGES_MAX) trunk addresses; the last ones are rated like strangers")
        }
    }

    func setLimits() {
        guard let stack else { return }
        let wanted = settings.limits
        var limits = csofia_limits()
        limits.rate = wanted.perSecond
        limits.burst = wanted.burst
        limits.trusted_rate = wanted.trunkPerSecond
        limits.trusted_burst = wanted.trunkBurst
        limits.known_rate = wanted.knownPerSecond
        limits.known_burst = wanted.knownBurst
        limits.total_rate = wanted.totalPerSecond
        limits.total_burst = wanted.totalBurst
        limits.strikes = UInt32(clamping: wanted.strikes)
        limits.ban = wanted.banSeconds
        limits.forgiveness = wanted.forgivenessSeconds
        // A phone stays known from one registration to the next.
        limits.known = max(wanted.knownSeconds, Double(settings.expiresMax) + 100)
        csofia_limit(stack, &limits)
    }

    /// Counters since the start, and what is live now.
    public var figures: EndpointFigures {
        var figures = counted
        figures.calls = calls.count
        figures.bindings = registrar.count
        figures.lookUps = csofia_lookups()
        figures.receipts = csofia_receipts()
        guard let stack else { return figures }
        figures.liveHandles = csofia_live(stack)
        let filter = csofia_count(stack)
        figures.received = filter.received
        figures.passed = filter.passed
        figures.droppedBanned = filter.banned
        figures.droppedOverRate = filter.over_rate
        figures.droppedOverTotal = filter.over_total
        figures.droppedTooLong = filter.too_long
        figures.droppedTooManyLines = filter.too_many_lines
        figures.droppedNotSIP = filter.not_sip
        figures.receiveErrors = filter.receive_errors
        figures.bans = filter.bans
        return figures
    }

    /// The channels of a trunk that have a call.
    public func channelsTaken(of trunk: TrunkID) -> Int { channels[trunk]?.taken ?? 0 }
}
