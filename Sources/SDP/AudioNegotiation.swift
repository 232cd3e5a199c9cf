// Offer and answer (RFC 3264) for one audio stream; every other stream is refused.

/// The three steps of offer and answer, as functions of values.
public enum AudioNegotiation {
    private static let transports = ["RTP/AVP", "RTP/AVPF"]

    /// Our answer to `offer`. The codec is the first of the offer that we have; other media lines get port 0
    /// (RFC 3264, section 6).
    public static func answer(
        offer: SessionDescription, local: LocalAudio
    ) throws(SDPError) -> (answer: SessionDescription, agreement: AudioAgreement) {
        guard let index = offer.media.firstIndex(where: isUsable) else { throw SDPError(.noAudio) }
        let theirs = try RemoteAudio(offer.media[index], in: offer)
        guard let chosen = theirs.formats.first(where: { local.codecs.contains($0.codec) }) else {
            throw SDPError(.noCommonCodec, line: offer.media[index].line)
        }
        let agreement = theirs.agreement(
            sends: chosen, receives: [chosen], eventReceived: theirs.telephoneEvent,
            direction: theirs.direction.reversed.limited(to: local.direction), mux: theirs.offersRTCPMux)
        var answer = SessionDescription()
        answer.origin = local.origin
        answer.connection = local.connection
        for (position, media) in offer.media.enumerated() {
            if position == index {
                answer.media.append(
                    line(
                        local, transport: media.transport, formats: [chosen], event: theirs.telephoneEvent,
                        direction: agreement.direction, mux: agreement.usesRTCPMux))
            } else {
                answer.media.append(
                    SessionDescription.Media(kind: media.kind, port: 0, transport: media.transport, formats: media.formats))
            }
        }
        return (answer, agreement)
    }

    /// Our offer: both laws in the order of preference, telephone-events, RTCP on the next port or multiplexed.
    public static func makeOffer(local: LocalAudio) -> SessionDescription {
        var offer = SessionDescription()
        offer.origin = local.origin
        offer.connection = local.connection
        let formats = local.codecs.map { AudioAgreement.Format(codec: $0, payloadType: $0.staticPayloadType) }
        offer.media = [
            line(
                local, transport: "RTP/AVP", formats: formats, event: local.telephoneEvent, direction: local.direction,
                mux: true)
        ]
        return offer
    }

    /// What the other side's `answer` to our `offer` means.
    public static func complete(
        offer: SessionDescription, answer: SessionDescription
    ) throws(SDPError) -> AudioAgreement {
        guard answer.media.count == offer.media.count else { throw SDPError(.answerDoesNotMatchOffer) }
        guard let index = offer.media.firstIndex(where: isUsable) else { throw SDPError(.noAudio) }
        let media = answer.media[index]
        guard media.kind == offer.media[index].kind else { throw SDPError(.answerDoesNotMatchOffer, line: media.line) }
        guard media.port != 0 else { throw SDPError(.audioRefused, line: media.line) }
        let ours = try RemoteAudio(offer.media[index], in: offer)
        let theirs = try RemoteAudio(media, in: answer)
        guard let chosen = theirs.formats.first(where: { format in ours.formats.contains { $0.codec == format.codec } })
        else { throw SDPError(.noCommonCodec, line: media.line) }
        return theirs.agreement(
            sends: chosen, receives: ours.formats, eventReceived: theirs.telephoneEvent == nil ? nil : ours.telephoneEvent,
            direction: theirs.direction.reversed.limited(to: ours.direction),
            mux: theirs.offersRTCPMux && ours.offersRTCPMux)
    }

    private static func isUsable(_ media: SessionDescription.Media) -> Bool {
        media.kind == "audio" && media.port != 0 && transports.contains(media.transport)
    }

    private static func line(
        _ local: LocalAudio, transport: String, formats: [AudioAgreement.Format], event: UInt8?,
        direction: MediaDirection, mux: Bool
    ) -> SessionDescription.Media {
        var media = SessionDescription.Media(
            kind: "audio", port: local.port, transport: transport, formats: formats.map { String($0.payloadType) })
        media.attributes = formats.map { .init("rtpmap", "\($0.payloadType) \($0.codec.rawValue)/8000") }
        if let event {
            media.formats.append(String(event))
            media.attributes += [.init("rtpmap", "\(event) telephone-event/8000"), .init("fmtp", "\(event) 0-15")]
        }
        media.attributes += [.init("ptime", "20"), .init(direction.rawValue)]
        if mux { media.attributes.append(.init("rtcp-mux")) }
        return media
    }
}
