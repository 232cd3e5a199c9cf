// Which codec an agent's browser gets.

/// `agent_codec` in the configuration. What a browser doesn't offer gives way to the next best.
public enum BrowserCodecPolicy: String, Hashable, Sendable, CaseIterable {
    /// Robust against loss, and a hundred times dearer: each packet is decoded and encoded.
    case opus
    /// Passed on as it is to a line of the same law.
    case pcma, pcmu
    /// G.711 of the house's law, and Opus once the network was seen to lose packets.
    case auto

    /// Codecs in the order in which they are wanted. `isLossy`: the browser's network lost packets lately.
    func order(law: BrowserCodec, isLossy: Bool) -> [BrowserCodec] {
        let wanted: BrowserCodec =
            switch self {
            case .opus: .opus
            case .pcma: .pcma
            case .pcmu: .pcmu
            case .auto: isLossy ? .opus : law
            }
        let laws: [BrowserCodec] = law == .pcmu ? [.pcmu, .pcma] : [.pcma, .pcmu]
        let rest = laws + [.opus]
        return [wanted] + rest.filter { $0 != wanted }
    }
}
