// Digits in INFO bodies, as phones have sent them since before RFC 6086.

nonisolated enum DTMFInfo {
    /// Nil: not a digit. `application/dtmf-relay` has lines `Signal=5` and `Duration=160`; `application/dtmf` the digit only.
    static func parse(_ contentType: String, _ body: String) -> (Character, milliseconds: Int)? {
        var signal: Substring = ""
        var milliseconds = 160
        switch contentType {
        case "application/dtmf-relay":
            for line in body.split(whereSeparator: \.isNewline).prefix(8) {
                guard let sign = line.firstIndex(of: "=") else { continue }
                let value = line[line.index(after: sign)...].trimmed
                switch line[..<sign].trimmed.lowercased() {
                case "signal": signal = value
                case "duration": milliseconds = min(max(Int(value) ?? 160, 40), 10_000)
                default: break
                }
            }
        case "application/dtmf": signal = (body.split(whereSeparator: \.isNewline).first ?? "").trimmed
        default: return nil
        }
        let name = signal == "10" ? "*" : signal == "11" ? "#" : signal.uppercased()
        guard name.count == 1, let digit = name.first, "0123456789*#ABCD".contains(digit) else { return nil }
        return (digit, milliseconds)
    }
}
