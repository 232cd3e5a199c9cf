// What a script can ask of the phone, one step at a time.

enum Step: Hashable {
    /// What a `wait` waits for: a state of the call, or its ending.
    enum Awaited: Hashable {
        case ringing, answered, invite, bye, cancelled, end
        /// nil: any refusal.
        case refused(Int?)
    }

    /// What a `hear` listens for.
    enum Wanted: Hashable {
        case sound(Sound)
        /// Tones or speech.
        case anything
        case digits(String)
    }

    static let patience = Duration.seconds(10)
    static let standsFor = Duration.milliseconds(100)
    static let keyDuration = Duration.milliseconds(100)
    static let registrationSeconds = 300

    case register(expires: Int, within: Duration)
    case registrationRefused(within: Duration)
    case dial(String)
    case wait(Awaited, within: Duration)
    case ring(Duration)
    case earlyMedia
    case answer
    case decline(Int)
    case redirect(String)
    case hear(Wanted, within: Duration, standing: Duration)
    case doNotHear(Wanted, during: Duration)
    case press(String, each: Duration)
    /// Without a time: says it from here on and goes to the next step.
    case say(Mouth.Source, during: Duration?)
    case pause(Duration)
    case hold(Bool)
    case mute(Bool)
    /// Answers whatever rings, again and again.
    case serve(Duration)
    /// REFER, blind or with the dialog to be replaced; the status it has to come to.
    case refer(String, status: Int)
    case hangUp
    case vanish
}
