// What the loop asks of whoever wants to be served by it.

/// Something the loop serves: a set of descriptors behind one epoll descriptor, with its own next deadline.
public protocol LoopMember: AnyObject {
    /// The descriptor that becomes readable when the member has work; negative if it has deadlines only.
    var descriptor: Int32 { get }

    /// Monotonic nanoseconds (`MonotonicClock.now`) at which `serve` is wanted even if the descriptor stays silent;
    /// 0: in the next round, `.max`: never. After changing it outside `serve`, call `MainLoop.dueChanged`.
    var due: UInt64 { get }

    /// Handles what is ready and returns at `limit` (monotonic nanoseconds) at the latest, give or take one unit of work.
    /// What is left shows as a readable descriptor or as `due == 0`.
    func serve(until limit: UInt64)
}
