// Responses, as the shim wants them.

internal import CSofia

extension Endpoint {
    /// `current`: answers the request of the event that is being delivered; otherwise the INVITE that is pending.
    func respond(
        _ id: UInt64, _ status: Int, phrase: String? = nil, sdp: String? = nil, headers: [Header] = [], nextHop: String? = nil,
        current: Bool = false, saved: Bool = false
    ) {
        guard let stack else { return }
        var response = csofia_response()
        response.status = Int32(clamping: status)
        response.current = current
        response.saved = saved
        withOptional(phrase.map(Header.line)) { phrase in
            withOptional(sdp) { sdp in
                withOptional(Header.block(headers)) { headers in
                    withOptional(nextHop) { nextHop in
                        response.phrase = phrase
                        response.sdp = sdp
                        response.headers = headers
                        response.next_hop = nextHop
                        csofia_respond(stack, id, &response)
                    }
                }
            }
        }
        kick()
    }

    func sendBye(_ call: Call, _ headers: [Header]) {
        guard let stack else { return }
        call.byeHeaders = nil
        call.hasSaidBye = true
        withOptional(Header.block(headers)) { csofia_bye(stack, call.id.rawValue, $0) }
        kick()
    }
}

/// `body` with the text as a C string, or with nil.
func withOptional<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}
