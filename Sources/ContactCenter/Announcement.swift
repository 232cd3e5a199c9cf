// What a leg is told to play, in the rules' own words; the edge knows which samples that is.

public import IVR

/// One piece of what a caller or an agent hears.
public enum Announcement: Codable, Hashable, Sendable {
    case prompt(Prompt)
    /// nil: the built-in music.
    case music(String?)
    case position(Int)
    case expectedWait(WaitRange)
    case beep
    case ringback
    case phrase(Phrase)
    /// With which key one is called back instead of waiting.
    case callbackOffer(key: String)
    /// To whoever has answered: this is the call that was asked for, and with which key one is connected.
    case callbackConfirm(key: String)
}

/// Fixed sentences of the system.
public enum Phrase: String, Codable, Hashable, Sendable, CaseIterable {
    case goodbye
    case nowAvailable
    case nowOffline
    case nowPaused
    case unknownCode
    case technicalDifficulty
    /// The caller keeps the place and will be called; it is time to hang up.
    case callbackPromised
    /// To whom has answered: this is the call that was asked for.
    case callbackGreeting
}

/// An expected wait as it may honestly be said: a range, never zero, never a false precision.
public enum WaitRange: Codable, Hashable, Sendable {
    case lessThanMinutes(Int)
    case minutes(from: Int, to: Int)
    case moreThanMinutes(Int)

    /// Steps whose borders are 1, 2, 3, 5, 10, 15, 20, 30 and 60 minutes.
    public static let borders = [1, 2, 3, 5, 10, 15, 20, 30, 60]

    public init(seconds: Double) {
        let minutes = seconds / 60
        guard let index = Self.borders.firstIndex(where: { minutes <= Double($0) }) else {
            self = .moreThanMinutes(60)
            return
        }
        self = index == 0 ? .lessThanMinutes(1) : .minutes(from: Self.borders[index - 1], to: Self.borders[index])
    }

    /// Whether a wait of so long was what this range says.
    public func contains(seconds: Double) -> Bool {
        switch self {
        case .lessThanMinutes(let most): seconds <= Double(most) * 60
        case .minutes(let from, let to): seconds >= Double(from) * 60 && seconds <= Double(to) * 60
        case .moreThanMinutes(let least): seconds >= Double(least) * 60
        }
    }

    /// Every range that can be said, so that speech is ready before the first caller.
    public static var all: [WaitRange] {
        [.lessThanMinutes(1)] + zip(borders, borders.dropFirst()).map { .minutes(from: $0, to: $1) } + [.moreThanMinutes(60)]
    }
}
