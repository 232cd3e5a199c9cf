// The whole thing: a real daemon in a process of its own, real phones, real SIP and RTP. Start reading at `House`.

import Testing

/// One after the other: these tests listen for gaps in sound.
@Suite(.serialized) struct EndToEnd {}

/// What a test waited for and did not get.
struct Failure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
