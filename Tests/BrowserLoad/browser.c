#define _GNU_SOURCE
#include "browser.h"

#include "clock.h"
#include "datagram.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { DATAGRAM_BYTES_MAX = 2048, SOCKET_BYTES = 1 << 18 };

/// A check is repeated after this, and sent again for consent after that (RFC 7675, section 5.1).
static const uint64_t check_repeated = 100 * MILLISECOND, consent_interval = 2500 * MILLISECOND;

_Noreturn static void give_up(const struct browser *browser, const char *what, const char *detail) {
    fprintf(stderr, "browser of agent %d: %s\n%.400s\n", browser->desk->agent, what, detail);
    exit(1);
}

static void release(struct browser *browser) {
    if (browser->dtls != NULL) cwebrtc_dtls_free(browser->dtls);
    if (browser->inbound != NULL) cwebrtc_srtp_free(browser->inbound);
    if (browser->outbound != NULL) cwebrtc_srtp_free(browser->outbound);
    browser->dtls = NULL;
    browser->inbound = browser->outbound = NULL;
    browser->handshake_due = browser->next_check = NEVER;
}

void browser_offer(struct browser *browser, cwebrtc_identity *identity, int holds, uint64_t now) {
    char sdp[2048], fingerprint[3 * CWEBRTC_FINGERPRINT_BYTES + 1];
    uint8_t digest[CWEBRTC_FINGERPRINT_BYTES];
    release(browser);
    browser->identity = identity;
    browser->holds = holds;
    snprintf(browser->fragment, sizeof browser->fragment, "b%04dg%u", browser->desk->agent, ++browser->generation % 100000);
    cwebrtc_identity_fingerprint(identity, digest);
    for (int i = 0; i < CWEBRTC_FINGERPRINT_BYTES; i++)
        snprintf(fingerprint + 3 * i, 4, i + 1 < CWEBRTC_FINGERPRINT_BYTES ? "%02X:" : "%02X", digest[i]);
    // What Chromium writes, without the codecs that no one takes.
    snprintf(
        sdp, sizeof sdp,
        ",\"sdp\":\"v=0\\r\\no=- 4611733054762223410 %u IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\na=group:BUNDLE 0\\r\\n"
        "a=extmap-allow-mixed\\r\\na=msid-semantic: WMS bench\\r\\nm=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126\\r\\n"
        "c=IN IP4 0.0.0.0\\r\\na=rtcp:9 IN IP4 0.0.0.0\\r\\na=ice-ufrag:%s\\r\\na=ice-pwd:benchbenchbenchbenchbench\\r\\n"
        "a=ice-options:trickle\\r\\na=fingerprint:sha-256 %s\\r\\na=setup:actpass\\r\\na=mid:0\\r\\na=sendrecv\\r\\n"
        "a=msid:bench voice\\r\\na=rtcp-mux\\r\\na=rtpmap:111 opus/48000/2\\r\\na=fmtp:111 minptime=10;useinbandfec=1\\r\\n"
        "a=rtpmap:9 G722/8000\\r\\na=rtpmap:0 PCMU/8000\\r\\na=rtpmap:8 PCMA/8000\\r\\na=rtpmap:110 telephone-event/48000\\r\\n"
        "a=rtpmap:126 telephone-event/8000\\r\\na=ssrc:%d cname:bench\\r\\n\"",
        browser->generation, browser->fragment, fingerprint, 0x10000 + browser->desk->agent);
    browser->state = BROWSER_OFFERED;
    browser->offered_at = now;
    desk_send(browser->desk, "media.offer", sdp);
}

/// Copies what stands behind `name` up to the end of the line, in a JSON text whose line ends are escaped.
static int line_value(const char *text, const char *name, char *value, size_t size) {
    const char *start = strstr(text, name);
    if (start == NULL) return 0;
    start += strlen(name);
    size_t length = strcspn(start, "\\\"");
    if (length >= size) return 0;
    memcpy(value, start, length);
    value[length] = 0;
    return 1;
}

static void send_check(struct browser *browser, uint64_t now) {
    unsigned char check[STUN_BYTES_MAX];
    char username[96];
    for (int i = 0; i < STUN_TRANSACTION_BYTES; i++) browser->transaction[i] = (unsigned char)random();
    snprintf(username, sizeof username, "%s:%s", browser->remote_fragment, browser->fragment);
    size_t length = stun_check(check, browser->transaction, username, browser->remote_password);
    send(browser->source.descriptor, check, length, 0);
    browser->next_check = now + (browser->state == BROWSER_CHECKING ? check_repeated : consent_interval);
}

void browser_answered(struct browser *browser, const char *text, uint64_t now) {
    char fingerprint[3 * CWEBRTC_FINGERPRINT_BYTES + 1], candidate[128], media[128], host[64];
    struct sockaddr_in target = {.sin_family = AF_INET};
    int port = 0, has_candidate = 0;
    if (browser->state != BROWSER_OFFERED) give_up(browser, "an answer that was not asked for", text);
    if (!line_value(text, "a=ice-ufrag:", browser->remote_fragment, sizeof browser->remote_fragment) ||
        !line_value(text, "a=ice-pwd:", browser->remote_password, sizeof browser->remote_password) ||
        !line_value(text, "a=fingerprint:sha-256 ", fingerprint, sizeof fingerprint) ||
        !line_value(text, "m=audio ", media, sizeof media))
        give_up(browser, "an answer that lacks something", text);
    for (int i = 0; i < CWEBRTC_FINGERPRINT_BYTES; i++)
        browser->remote_fingerprint[i] = (uint8_t)strtoul(fingerprint + 3 * i, NULL, 16);
    if (sscanf(media, "%*d UDP/TLS/RTP/SAVPF %d", &browser->payload_type) != 1) give_up(browser, "no codec", text);
    if (line_value(text, "a=candidate:", candidate, sizeof candidate))
        has_candidate = sscanf(candidate, "%*s %*s %*s %*s %63s %d typ host", host, &port) == 2;
    if (!has_candidate || inet_pton(AF_INET, host, &target.sin_addr) != 1) give_up(browser, "no candidate", text);
    target.sin_port = htons((uint16_t)port);
    if (connect(browser->source.descriptor, (struct sockaddr *)&target, sizeof target) != 0)
        give_up(browser, "the candidate cannot be reached", text);
    browser->state = BROWSER_CHECKING;
    send_check(browser, now);
}

static void flush(struct browser *browser, uint64_t now) {
    const uint8_t *bytes;
    int count;
    while ((count = cwebrtc_dtls_output(browser->dtls, &bytes)) > 0)
        send(browser->source.descriptor, bytes, (size_t)count, 0);
    int64_t wait = cwebrtc_dtls_wait(browser->dtls);
    browser->handshake_due = wait < 0 ? NEVER : now + (uint64_t)wait * 1000;
}

void browser_begin(struct browser *browser, uint64_t now) {
    browser->state = BROWSER_HANDSHAKING;
    browser->dtls = cwebrtc_dtls_new(browser->identity, 1);
    if (browser->dtls == NULL || cwebrtc_dtls_begin(browser->dtls) == CWEBRTC_DTLS_FAILED)
        give_up(browser, "DTLS cannot begin", "");
    flush(browser, now);
}

static void take_handshake(struct browser *browser, const unsigned char *bytes, int count, uint64_t time) {
    // Goodbyes of the association before come in between.
    if (browser->dtls == NULL) return;
    int state = cwebrtc_dtls_input(browser->dtls, bytes, count);
    flush(browser, time);
    if (state == CWEBRTC_DTLS_FAILED || state == CWEBRTC_DTLS_CLOSED) give_up(browser, "DTLS failed or was closed", "");
    if (state != CWEBRTC_DTLS_CONNECTED || browser->state != BROWSER_HANDSHAKING) return;
    if (cwebrtc_dtls_keys(browser->dtls, browser->remote_fingerprint, &browser->inbound, &browser->outbound) < 0)
        give_up(browser, "no keys: the certificate is not the answer's, or no profile was agreed", "");
    browser->state = BROWSER_CONNECTED;
    browser->connected_at = now();
    browser->handshake_due = NEVER;
    browser->next_check = time + consent_interval;
}

static void take(struct browser *browser, unsigned char *bytes, int count, uint64_t now) {
    if (bytes[0] < 4) {
        if (browser->state != BROWSER_CHECKING || !stun_is_success(bytes, (size_t)count, browser->transaction)) return;
        browser->state = BROWSER_CHECKED;
        browser->next_check = now + consent_interval;
        if (!browser->holds) browser_begin(browser, now);
    } else if (bytes[0] >= 20 && bytes[0] < 64) {
        take_handshake(browser, bytes, count, now);
    } else if (bytes[0] >= 128 && bytes[0] < 192 && browser->inbound != NULL && browser->heard != NULL) {
        // RTCP is let by (RFC 7983): what it says is not measured here.
        if (count < 12 || (bytes[1] >= 192 && bytes[1] < 224)) return;
        if (cwebrtc_srtp_unprotect(browser->inbound, bytes, &count) == CWEBRTC_SRTP_DONE)
            browser->heard(browser, bytes, count);
    }
}

static void readable(struct source *source, uint64_t now) {
    static unsigned char datagram[DATAGRAM_BYTES_MAX];
    ssize_t count = recv(source->descriptor, datagram, sizeof datagram, 0);
    if (count > 0) take((struct browser *)source, datagram, (int)count, now);
}

void browser_prepare(struct browser *browser, struct desk *desk, const char *host) {
    browser->desk = desk;
    if (!cwebrtc_start()) give_up(browser, "no SRTP", "");
    browser->source.descriptor = datagram_socket(host, 0, SOCKET_BYTES);
    browser->source.ready = readable;
    browser->handshake_due = browser->next_check = NEVER;
    source_watch(&browser->source);
}

void browser_tick(struct browser *browser, uint64_t now) {
    if (browser->next_check <= now) send_check(browser, now);
    if (browser->handshake_due > now) return;
    if (cwebrtc_dtls_timeout(browser->dtls) == CWEBRTC_DTLS_FAILED) give_up(browser, "DTLS got no answer", "");
    flush(browser, now);
}

void browser_leave(struct browser *browser) {
    if (browser->state == BROWSER_CONNECTED) {
        cwebrtc_dtls_close(browser->dtls);
        flush(browser, now());
    }
    release(browser);
    browser->state = BROWSER_IDLE;
}
