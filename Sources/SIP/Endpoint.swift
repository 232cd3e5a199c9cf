// The SIP endpoint of the house: Sofia-SIP's user agent as a member of the loop.

internal import Basics
internal import CSofia
public import Logging
public import MainLoop

/// One UDP address at which the house speaks SIP: user agent client and server, registrar, trunks.
///
/// Everything happens on the loop, inside `serve`; what the rest of the house wants is only queued by the library until
/// then. Descriptions (SDP) are opaque text here. Calls, bindings and channels live in memory only.
public final class Endpoint: LoopMember {
    let settings: EndpointSettings
    let logger: Logger
    /// The host part of our URIs.
    let localHost: String
    private let loop: MainLoop
    /// Nil once the endpoint is closed.
    private(set) var stack: OpaquePointer?
    private var stackDue: UInt64 = 0
    private var stepping = false

    /// Told of everything that happens, on the loop; may call back into the endpoint.
    public var onEvent: (SIPEvent) -> Void = { _ in }

    var calls: [UInt64: Call] = [:]
    var trunks: [TrunkID: TrunkSettings] = [:]
    /// In the order of the configuration, which decides where addresses overlap.
    var trunkOrder: [TrunkID] = []
    var channels: [TrunkID: ChannelTable] = [:]
    var accounts: [DeviceID: Account] = [:]
    /// Offered to all alike, so that a challenge does not tell who exists.
    var accountAlgorithms = DigestAlgorithm.allCases
    var registrar: Registrar
    var authenticator: Authenticator
    var setUpDeadlines, unansweredDeadlines, changeDeadlines, closingDeadlines, refreshDeadlines: DeadlineQueue
    /// How long a call may last; nil: for ever. A phone that was left off the hook sends sound and refreshes its session, so
    /// that nothing else ends it.
    public var callSecondsMax: Int? { didSet { if callSecondsMax != oldValue { longCallsDue = 0 } } }
    /// When the oldest of the calls will have lasted too long, if it still does.
    var longCallsDue = UInt64.max { didSet { if longCallsDue < oldValue, !stepping { loop.dueChanged(self) } } }
    var counted = EndpointFigures()
    var draining = false
    var drained: CheckedContinuation<Void, Never>?
    var drainDue = UInt64.max
    var closed: CheckedContinuation<Void, Never>?

    /// Binds the socket and joins the loop. Throws `EndpointError`.
    public init(on loop: MainLoop, settings: EndpointSettings, logger: Logger) throws {
        guard let address = SocketAddress(host: settings.address, port: settings.port), address.high != 0 || address.low != 0
        else {
            throw EndpointError.addressInvalid(settings.address)
        }
        self.loop = loop
        self.settings = settings
        self.logger = logger
        localHost = settings.port == 5060 && address.family == .v4 ? address.host : address.description
        registrar = Registrar(
            bindingsMax: settings.bindingsMax, expiresMin: settings.expiresMin, expiresMax: settings.expiresMax)
        authenticator = Authenticator(nonceLifetimeSeconds: settings.nonceLifetimeSeconds)
        setUpDeadlines = DeadlineQueue(seconds: settings.setUpMaxSeconds)
        unansweredDeadlines = DeadlineQueue(seconds: settings.unansweredMaxSeconds)
        changeDeadlines = DeadlineQueue(seconds: settings.changeMaxSeconds)
        closingDeadlines = DeadlineQueue(seconds: settings.closingMaxSeconds)
        refreshDeadlines = DeadlineQueue(seconds: Endpoint.refreshTickSeconds)
        var failure = CSOFIA_OK
        stack = createStack(address, &failure)
        switch failure {
        case CSOFIA_OK: break
        case CSOFIA_NO_TRANSPORT: throw EndpointError.bindFailed(address)
        case CSOFIA_NO_CLOCK: throw EndpointError.libraryUnfit("the clock hook _su_time has no effect")
        case CSOFIA_NO_DESCRIPTOR: throw EndpointError.libraryUnfit("its epoll descriptor was not found in /proc/self/fd")
        default: throw EndpointError.libraryUnfit("it could not be initialised")
        }
        setLimits()
        loop.add(self)
    }

    private func createStack(_ address: SocketAddress, _ failure: inout csofia_failure) -> OpaquePointer? {
        // The context stays valid: the loop keeps its members, and `close` ends the library before it removes this one.
        var wanted = csofia_settings()
        wanted.session_timer = UInt32(clamping: settings.sessionTimerSeconds)
        wanted.min_se = UInt32(clamping: settings.sessionTimerMinSeconds)
        wanted.max_proceeding = UInt32(clamping: settings.transactionsMax)
        wanted.context = Unmanaged.passUnretained(self).toOpaque()
        wanted.callback = { context, event in
            guard let context, let event else { return }
            nonisolated(unsafe) let endpoint = context, happened = event
            MainActor.assumeIsolated { Unmanaged<Endpoint>.fromOpaque(endpoint).takeUnretainedValue().receive(happened) }
        }
        wanted.logger = { context, format, suppressed in
            guard let context, let format else { return }
            nonisolated(unsafe) let endpoint = context
            let text = String(cString: format)
            MainActor.assumeIsolated { Unmanaged<Endpoint>.fromOpaque(endpoint).takeUnretainedValue().log(text, suppressed) }
        }
        return "sip:\(address);transport=udp".withCString { url in
            Header.line(settings.userAgent).withCString { agent in
                "switchboard".withCString { contact in
                    wanted.url = url
                    wanted.user_agent = agent
                    wanted.contact_user = contact
                    return csofia_create(&wanted, &failure)
                }
            }
        }
    }

    // MARK: LoopMember

    public var descriptor: Int32 { stack.map { csofia_descriptor($0) } ?? -1 }

    public var due: UInt64 {
        min(
            stackDue, setUpDeadlines.due, unansweredDeadlines.due, changeDeadlines.due, closingDeadlines.due,
            refreshDeadlines.due, registrar.due, drainDue, longCallsDue)
    }

    public func serve(until limit: UInt64) {
        guard let stack else { return }
        let start = MonotonicClock.now
        stepping = true
        let next = csofia_step(stack, limit)
        let now = MonotonicClock.now
        counted.longestStep = max(counted.longestStep, now &- start)
        stackDue = next < 0 ? .max : next == 0 ? 0 : now &+ UInt64(next) * 1_000_000
        // After the step: what is done here is queued for the next one, so `kick` has the last word about `stackDue`.
        servePassed(now)
        finishWaiting(now)
        stepping = false
    }

    /// After every call into the library: it only queues, and its descriptor stays silent.
    func kick() {
        stackDue = 0
        if !stepping { loop.dueChanged(self) }
    }

    /// The library is gone; nothing else of the endpoint is used afterwards.
    func leave() {
        guard let stack else { return }
        loop.remove(self)
        self.stack = nil
        stackDue = .max
        csofia_destroy(stack)
    }

    /// The format without what was to be filled in, which may be somebody's number.
    private func log(_ format: String, _ suppressed: UInt32) {
        logger.warning("SIP library: \(format)", metadata: suppressed > 0 ? ["suppressed": "\(suppressed)"] : nil)
    }
}
