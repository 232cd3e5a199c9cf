// The suites with real sockets, one test after the other: they share the loop, and some of them measure it.

import Testing

@Suite(.serialized) enum OnTheWire {}
