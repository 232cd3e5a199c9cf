/* SRTP and SRTCP (RFC 3711, RFC 7714) with libsrtp2. */
#include "internal.h"
#include <openssl/srtp.h>
#include <pthread.h>
#include <srtp2/srtp.h>
#include <stdlib.h>
#include <string.h>

/* Packets that may come in the wrong order. */
#define REPLAY_WINDOW_PACKETS 1024

_Static_assert(SRTP_MAX_TRAILER_LEN + 4 <= CWEBRTC_TRAILER_BYTES, "room behind a packet");

struct cwebrtc_srtp {
  srtp_t session;
};

static int started;

static void start(void) { started = srtp_init() == srtp_err_status_ok; }

int cwebrtc_start(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start);
  return started;
}

cwebrtc_srtp *cwebrtc_srtp_new(int profile, const uint8_t *key, int is_inbound) {
  srtp_policy_t policy;
  memset(&policy, 0, sizeof policy);
  switch (profile) {
    case SRTP_AES128_CM_SHA1_80:
      srtp_crypto_policy_set_rtp_default(&policy.rtp);
      srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
      break;
    case SRTP_AEAD_AES_128_GCM:
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
      break;
    case SRTP_AEAD_AES_256_GCM:
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
      break;
    default: return NULL;
  }
  policy.ssrc.type = is_inbound ? ssrc_any_inbound : ssrc_any_outbound;
  policy.key = (unsigned char *)key;
  policy.window_size = REPLAY_WINDOW_PACKETS;
  cwebrtc_srtp *srtp = calloc(1, sizeof *srtp);
  if (srtp && srtp_create(&srtp->session, &policy) == srtp_err_status_ok) return srtp;
  free(srtp);
  return NULL;
}

void cwebrtc_srtp_free(cwebrtc_srtp *srtp) {
  srtp_dealloc(srtp->session);
  free(srtp);
}

static int result(srtp_err_status_t status) {
  switch (status) {
    case srtp_err_status_ok: return CWEBRTC_SRTP_DONE;
    case srtp_err_status_replay_fail:
    case srtp_err_status_replay_old: return CWEBRTC_SRTP_REPLAYED;
    case srtp_err_status_auth_fail: return CWEBRTC_SRTP_NOT_AUTHENTIC;
    default: return CWEBRTC_SRTP_FAILED;
  }
}

int cwebrtc_srtp_protect(cwebrtc_srtp *srtp, void *packet, int *count) {
  return result(srtp_protect(srtp->session, packet, count));
}
int cwebrtc_srtp_unprotect(cwebrtc_srtp *srtp, void *packet, int *count) {
  return result(srtp_unprotect(srtp->session, packet, count));
}
int cwebrtc_srtp_protect_rtcp(cwebrtc_srtp *srtp, void *packet, int *count) {
  return result(srtp_protect_rtcp(srtp->session, packet, count));
}
int cwebrtc_srtp_unprotect_rtcp(cwebrtc_srtp *srtp, void *packet, int *count) {
  return result(srtp_unprotect_rtcp(srtp->session, packet, count));
}
