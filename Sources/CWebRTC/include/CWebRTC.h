#pragma once
/* DTLS, SRTP and Opus as Swift can call them: the libraries' own interfaces are made of macros and variadic functions.
   Nothing here waits, and nothing here knows a socket or a clock of ours. One thread. */
#include <stdint.h>

/* Starts libsrtp2; takes some 50 ms, because Debian's build loads NSS. Once, before anything is served. 0: failed. */
int cwebrtc_start(void);

/* A certificate made up for this process, and the settings that all its DTLS associations share. */
typedef struct cwebrtc_identity cwebrtc_identity;
#define CWEBRTC_FINGERPRINT_BYTES 32
/* `profiles` as OpenSSL writes them, e.g. "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80". NULL: failed. */
cwebrtc_identity *_Nullable cwebrtc_identity_new(const char *_Nonnull profiles);
void cwebrtc_identity_free(cwebrtc_identity *_Nonnull identity);
/* SHA-256 of the certificate. */
void cwebrtc_identity_fingerprint(const cwebrtc_identity *_Nonnull identity, uint8_t *_Nonnull fingerprint);

typedef struct cwebrtc_dtls cwebrtc_dtls;
enum cwebrtc_dtls_state {
  CWEBRTC_DTLS_FAILED = -1,
  CWEBRTC_DTLS_HANDSHAKING = 0,
  CWEBRTC_DTLS_CONNECTED = 1,
  CWEBRTC_DTLS_CLOSED = 2, /* the other side said close_notify */
};
cwebrtc_dtls *_Nullable cwebrtc_dtls_new(cwebrtc_identity *_Nonnull identity, int is_client);
void cwebrtc_dtls_free(cwebrtc_dtls *_Nonnull dtls);
/* The client's first flight. */
int cwebrtc_dtls_begin(cwebrtc_dtls *_Nonnull dtls);
/* One datagram that came in; returns a cwebrtc_dtls_state. */
int cwebrtc_dtls_input(cwebrtc_dtls *_Nonnull dtls, const uint8_t *_Nonnull bytes, int count);
/* Microseconds until cwebrtc_dtls_timeout is wanted, -1: never. Changes with every input. */
int64_t cwebrtc_dtls_wait(cwebrtc_dtls *_Nonnull dtls);
int cwebrtc_dtls_timeout(cwebrtc_dtls *_Nonnull dtls);
/* Says close_notify. */
void cwebrtc_dtls_close(cwebrtc_dtls *_Nonnull dtls);
/* The next datagram to be sent, valid until the next call with this `dtls`; 0: none is left. */
int cwebrtc_dtls_output(cwebrtc_dtls *_Nonnull dtls, const uint8_t *_Nullable *_Nonnull bytes);
/* Datagrams that were dropped because nobody took them. */
uint32_t cwebrtc_dtls_dropped(const cwebrtc_dtls *_Nonnull dtls);

typedef struct cwebrtc_srtp cwebrtc_srtp;
enum cwebrtc_keys {
  CWEBRTC_KEYS_WRONG_FINGERPRINT = -2,
  CWEBRTC_KEYS_FAILED = -1,
  /* Else the profile's number in the IANA registry: 1 AES128_CM_SHA1_80, 7 AEAD_AES_128_GCM, 8 AEAD_AES_256_GCM. */
};
/* Compares the other side's certificate with `fingerprint`, and only then derives keys (RFC 5764, section 4.2). */
int cwebrtc_dtls_keys(
  cwebrtc_dtls *_Nonnull dtls, const uint8_t *_Nonnull fingerprint, cwebrtc_srtp *_Nullable *_Nonnull inbound,
  cwebrtc_srtp *_Nullable *_Nonnull outbound);

enum cwebrtc_srtp_result {
  CWEBRTC_SRTP_DONE = 0,
  CWEBRTC_SRTP_REPLAYED = 1,
  CWEBRTC_SRTP_NOT_AUTHENTIC = 2,
  CWEBRTC_SRTP_FAILED = 3,
};
/* Room that protect needs behind the packet. */
#define CWEBRTC_TRAILER_BYTES 160
/* In place; *count is changed to the bytes of the result. */
int cwebrtc_srtp_protect(cwebrtc_srtp *_Nonnull srtp, void *_Nonnull packet, int *_Nonnull count);
int cwebrtc_srtp_unprotect(cwebrtc_srtp *_Nonnull srtp, void *_Nonnull packet, int *_Nonnull count);
int cwebrtc_srtp_protect_rtcp(cwebrtc_srtp *_Nonnull srtp, void *_Nonnull packet, int *_Nonnull count);
int cwebrtc_srtp_unprotect_rtcp(cwebrtc_srtp *_Nonnull srtp, void *_Nonnull packet, int *_Nonnull count);
void cwebrtc_srtp_free(cwebrtc_srtp *_Nonnull srtp);

/* Opus at 8000 samples per second, one channel, with redundancy against loss. */
typedef struct cwebrtc_encoder cwebrtc_encoder;
cwebrtc_encoder *_Nullable cwebrtc_encoder_new(int bits_per_second, int complexity, int expected_loss_percent);
/* `samples` is a frame that Opus has: 20, 40, 80, 160, 320 or 480 of 125 us. Bytes written; negative: failed. */
int cwebrtc_encoder_encode(
  cwebrtc_encoder *_Nonnull encoder, const int16_t *_Nonnull pcm, int samples, uint8_t *_Nonnull bytes, int bytes_max);
void cwebrtc_encoder_free(cwebrtc_encoder *_Nonnull encoder);

typedef struct cwebrtc_decoder cwebrtc_decoder;
cwebrtc_decoder *_Nullable cwebrtc_decoder_new(void);
/* `bytes` NULL: a lost packet is made up for. `is_redundancy`: the packet *before* `bytes` is read from what they repeat
   of it. For both, `samples_max` is the lost packet's length. Samples written; negative: failed. */
int cwebrtc_decoder_decode(
  cwebrtc_decoder *_Nonnull decoder, const uint8_t *_Nullable bytes, int count, int16_t *_Nonnull pcm, int samples_max,
  int is_redundancy);
void cwebrtc_decoder_free(cwebrtc_decoder *_Nonnull decoder);
