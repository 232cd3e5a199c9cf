// A browser's voice connection: offer and answer over the desk, checks, DTLS as the client, SRTP.
#pragma once
#include "CWebRTC.h"
#include "desk.h"
#include "stun.h"

enum browser_state {
    BROWSER_IDLE,
    /// media.offer is out.
    BROWSER_OFFERED,
    BROWSER_CHECKING,
    /// A check has passed, and DTLS waits for `browser_begin`.
    BROWSER_CHECKED,
    BROWSER_HANDSHAKING,
    BROWSER_CONNECTED
};

struct browser {
    /// Its UDP socket.
    struct source source;
    struct desk *desk;
    enum browser_state state;
    cwebrtc_dtls *dtls;
    cwebrtc_srtp *inbound, *outbound;
    /// ICE credentials: ours, which change with every offer, and the daemon's.
    unsigned generation;
    char fragment[16], remote_fragment[64], remote_password[64];
    uint8_t remote_fingerprint[CWEBRTC_FINGERPRINT_BYTES];
    unsigned char transaction[STUN_TRANSACTION_BYTES];
    /// As in the answer: 8 PCMA, 111 Opus.
    int payload_type;
    /// DTLS waits for `browser_begin`.
    int holds;
    cwebrtc_identity *identity;
    uint64_t offered_at, connected_at, next_check, handshake_due;
    /// A voice packet, in the clear.
    void (*heard)(struct browser *browser, unsigned char *packet, int bytes);
};

/// A socket at that address; `desk` stands.
void browser_prepare(struct browser *browser, struct desk *desk, const char *host);
/// A page that comes anew: with another identity than the last time, the daemon drops what it had and begins again.
void browser_offer(struct browser *browser, cwebrtc_identity *identity, int holds, uint64_t now);
/// Called with the text of a media.answer.
void browser_answered(struct browser *browser, const char *text, uint64_t now);
/// Begins DTLS where it waits.
void browser_begin(struct browser *browser, uint64_t now);
/// Checks and repetitions that are due.
void browser_tick(struct browser *browser, uint64_t now);
/// Says goodbye by DTLS and lets go of everything but the socket.
void browser_leave(struct browser *browser);
