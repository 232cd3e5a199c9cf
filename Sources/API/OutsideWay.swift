// How a number outside is called.

public import Basics

/// A trunk that may be used for a number, and the key under which the rules know it.
public struct OutsideWay: Hashable, Sendable {
    public var trunk: TrunkID
    public var callee: CallerKey
    /// As it is dialled. Personal: it goes into no event, no audit line and no log.
    public var number: String

    public init(trunk: TrunkID, callee: CallerKey, number: String) {
        self.trunk = trunk
        self.callee = callee
        self.number = number
    }
}
