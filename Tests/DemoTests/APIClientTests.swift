// The demo's small HTTP client, with answers as bytes.

import Foundation
import Testing

@testable import Demo

@Suite struct APIClientTests {
    private func body(_ answer: String) throws -> String {
        String(decoding: try APIClient.body(ofAnswer: Data(answer.utf8)), as: UTF8.self)
    }

    @Test("the body is what stands behind the head, whole or in chunks")
    func bodies() throws {
        #expect(try body("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") == "{}")
        #expect(
            try body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n")
                == "abc0123456789")
    }

    @Test(
        "anything but a whole 200 is a failure and never a trap",
        arguments: [
            "", "HTTP/1.1", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 401 Unauthorized\r\n\r\n{}", "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc\r\n0\r\n\r\n",
        ])
    func failures(answer: String) {
        #expect(throws: DemoFailure.self) { try body(answer) }
    }
}
