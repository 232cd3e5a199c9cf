/* DTLS 1.2 (RFC 6347) with OpenSSL over datagrams that are handed in and taken out, and the keys for SRTP (RFC 5764). */
#include "internal.h"
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define DATAGRAM_BYTES_MAX 1200
/* A flight is five datagrams at most; more means that nobody takes them. */
#define OUTPUT_DATAGRAMS_MAX 16
#define TIMEOUT_FIRST_MICROSECONDS 100000
#define TIMEOUT_LONGEST_MICROSECONDS 2000000

struct cwebrtc_identity {
  SSL_CTX *context;
  uint8_t fingerprint[CWEBRTC_FINGERPRINT_BYTES];
};

struct datagram {
  struct datagram *next;
  int count;
  uint8_t bytes[];
};

struct cwebrtc_dtls {
  SSL *ssl;
  /* The one datagram that is being processed. */
  const uint8_t *input;
  int input_count;
  struct datagram *first, *last, *taken;
  int waiting;
  uint32_t dropped;
  int is_client, is_connected;
};

/* The BIO: a memory BIO would lose the borders of the datagrams. */

static int bio_write(BIO *bio, const char *bytes, int count) {
  cwebrtc_dtls *dtls = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  struct datagram *datagram = NULL;
  if (dtls && count > 0 && dtls->waiting < OUTPUT_DATAGRAMS_MAX) datagram = malloc(sizeof *datagram + (size_t)count);
  if (!datagram) {
    /* As a network would. */
    if (dtls) dtls->dropped++;
    return count;
  }
  datagram->next = NULL;
  datagram->count = count;
  memcpy(datagram->bytes, bytes, (size_t)count);
  if (dtls->last) dtls->last->next = datagram; else dtls->first = datagram;
  dtls->last = datagram;
  dtls->waiting++;
  return count;
}

static int bio_read(BIO *bio, char *bytes, int count) {
  cwebrtc_dtls *dtls = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  if (!dtls || !dtls->input) {
    BIO_set_retry_read(bio);
    return -1;
  }
  int taken = dtls->input_count < count ? dtls->input_count : count;
  memcpy(bytes, dtls->input, (size_t)taken);
  dtls->input = NULL;
  dtls->input_count = 0;
  return taken;
}

static long bio_control(BIO *bio, int command, long number, void *pointer) {
  (void)bio; (void)pointer;
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU: return DATAGRAM_BYTES_MAX;
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD: return 28;
    case BIO_CTRL_DGRAM_SET_MTU: return number;
    default: return 0;
  }
}

static int bio_create(BIO *bio) {
  BIO_set_init(bio, 1);
  return 1;
}

static BIO_METHOD *bio_method(void) {
  static BIO_METHOD *method;
  if (method) return method;
  BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
  if (!made) return NULL;
  BIO_meth_set_write(made, bio_write);
  BIO_meth_set_read(made, bio_read);
  BIO_meth_set_ctrl(made, bio_control);
  BIO_meth_set_create(made, bio_create);
  method = made;
  return method;
}

/* The certificate */

static X509 *make_certificate(EVP_PKEY *key) {
  X509 *certificate = X509_new();
  if (!certificate) return NULL;
  uint64_t serial = 0;
  X509_NAME *name = X509_get_subject_name(certificate);
  int done = RAND_bytes((unsigned char *)&serial, sizeof serial) == 1
    && X509_set_version(certificate, 2)
    && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1)
    /* Who else's clock is a day behind still sees it as valid. */
    && X509_gmtime_adj(X509_getm_notBefore(certificate), -86400)
    && X509_gmtime_adj(X509_getm_notAfter(certificate), 3650 * 86400L)
    && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"switchboard", -1, -1, 0)
    && X509_set_issuer_name(certificate, name)
    && X509_set_pubkey(certificate, key)
    && X509_sign(certificate, key, EVP_sha256());
  if (done) return certificate;
  X509_free(certificate);
  return NULL;
}

/* Nobody signs a browser's certificate: what counts is its fingerprint, which cwebrtc_dtls_keys compares. */
static int accept_any(int is_fine, X509_STORE_CTX *store) {
  (void)is_fine; (void)store;
  return 1;
}

static int configure(SSL_CTX *context, EVP_PKEY *key, X509 *certificate, const char *profiles) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
  SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);
  return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION)
    && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20")
    && SSL_CTX_use_certificate(context, certificate) == 1
    && SSL_CTX_use_PrivateKey(context, key) == 1
    /* This one returns 0 on success. */
    && SSL_CTX_set_tlsext_use_srtp(context, profiles) == 0;
}

cwebrtc_identity *cwebrtc_identity_new(const char *profiles) {
  cwebrtc_identity *identity = calloc(1, sizeof *identity);
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = key ? make_certificate(key) : NULL;
  unsigned count = CWEBRTC_FINGERPRINT_BYTES;
  int done = 0;
  if (identity && certificate) {
    identity->context = SSL_CTX_new(DTLS_method());
    done = identity->context && configure(identity->context, key, certificate, profiles)
      && X509_digest(certificate, EVP_sha256(), identity->fingerprint, &count);
  }
  X509_free(certificate);
  EVP_PKEY_free(key);
  if (done) return identity;
  if (identity) cwebrtc_identity_free(identity);
  return NULL;
}

void cwebrtc_identity_free(cwebrtc_identity *identity) {
  SSL_CTX_free(identity->context);
  free(identity);
}

void cwebrtc_identity_fingerprint(const cwebrtc_identity *identity, uint8_t *fingerprint) {
  memcpy(fingerprint, identity->fingerprint, CWEBRTC_FINGERPRINT_BYTES);
}

/* The association */

/* OpenSSL would wait 1 s, and it doesn't answer a repeated ClientHello: one lost flight would cost that second. */
static unsigned next_timeout(SSL *ssl, unsigned microseconds) {
  (void)ssl;
  if (microseconds == 0) return TIMEOUT_FIRST_MICROSECONDS;
  unsigned doubled = microseconds * 2;
  return doubled > TIMEOUT_LONGEST_MICROSECONDS ? TIMEOUT_LONGEST_MICROSECONDS : doubled;
}

cwebrtc_dtls *cwebrtc_dtls_new(cwebrtc_identity *identity, int is_client) {
  ERR_clear_error();
  BIO_METHOD *method = bio_method();
  cwebrtc_dtls *dtls = calloc(1, sizeof *dtls);
  BIO *bio = method ? BIO_new(method) : NULL;
  SSL *ssl = SSL_new(identity->context);
  if (!dtls || !bio || !ssl) {
    BIO_free(bio);
    SSL_free(ssl);
    free(dtls);
    return NULL;
  }
  dtls->ssl = ssl;
  dtls->is_client = is_client;
  BIO_set_data(bio, dtls);
  SSL_set_bio(ssl, bio, bio);
  DTLS_set_link_mtu(ssl, DATAGRAM_BYTES_MAX);
  DTLS_set_timer_cb(ssl, next_timeout);
  if (is_client) SSL_set_connect_state(ssl); else SSL_set_accept_state(ssl);
  return dtls;
}

void cwebrtc_dtls_free(cwebrtc_dtls *dtls) {
  SSL_free(dtls->ssl);
  while (dtls->first) {
    struct datagram *next = dtls->first->next;
    free(dtls->first);
    dtls->first = next;
  }
  free(dtls->taken);
  free(dtls);
}

static int step(cwebrtc_dtls *dtls) {
  ERR_clear_error();
  if (!dtls->is_connected) {
    int result = SSL_do_handshake(dtls->ssl);
    if (result != 1) {
      int error = SSL_get_error(dtls->ssl, result);
      return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? CWEBRTC_DTLS_HANDSHAKING : CWEBRTC_DTLS_FAILED;
    }
    dtls->is_connected = 1;
  }
  /* Also after the handshake: reading is what repeats our last flight, should it have been lost. */
  uint8_t ignored[2048];
  int result;
  while ((result = SSL_read(dtls->ssl, ignored, sizeof ignored)) > 0) {}
  switch (SSL_get_error(dtls->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return CWEBRTC_DTLS_CONNECTED;
    case SSL_ERROR_ZERO_RETURN: return CWEBRTC_DTLS_CLOSED;
    default: return CWEBRTC_DTLS_FAILED;
  }
}

int cwebrtc_dtls_begin(cwebrtc_dtls *dtls) { return step(dtls); }

int cwebrtc_dtls_input(cwebrtc_dtls *dtls, const uint8_t *bytes, int count) {
  dtls->input = bytes;
  dtls->input_count = count;
  int state = step(dtls);
  dtls->input = NULL;
  dtls->input_count = 0;
  return state;
}

int64_t cwebrtc_dtls_wait(cwebrtc_dtls *dtls) {
  struct timeval left;
  if (!DTLSv1_get_timeout(dtls->ssl, &left)) return -1;
  return (int64_t)left.tv_sec * 1000000 + left.tv_usec;
}

int cwebrtc_dtls_timeout(cwebrtc_dtls *dtls) {
  ERR_clear_error();
  if (DTLSv1_handle_timeout(dtls->ssl) < 0) return CWEBRTC_DTLS_FAILED;
  return dtls->is_connected ? CWEBRTC_DTLS_CONNECTED : CWEBRTC_DTLS_HANDSHAKING;
}

void cwebrtc_dtls_close(cwebrtc_dtls *dtls) {
  ERR_clear_error();
  if (dtls->is_connected) SSL_shutdown(dtls->ssl);
}

int cwebrtc_dtls_output(cwebrtc_dtls *dtls, const uint8_t **bytes) {
  free(dtls->taken);
  dtls->taken = dtls->first;
  if (!dtls->taken) return 0;
  dtls->first = dtls->taken->next;
  if (!dtls->first) dtls->last = NULL;
  dtls->waiting--;
  *bytes = dtls->taken->bytes;
  return dtls->taken->count;
}

uint32_t cwebrtc_dtls_dropped(const cwebrtc_dtls *dtls) { return dtls->dropped; }

/* The keys */

static int has_fingerprint(cwebrtc_dtls *dtls, const uint8_t *fingerprint) {
  uint8_t found[EVP_MAX_MD_SIZE];
  unsigned count = 0;
  X509 *certificate = SSL_get1_peer_certificate(dtls->ssl);
  if (!certificate) return 0;
  int done = X509_digest(certificate, EVP_sha256(), found, &count);
  X509_free(certificate);
  return done && count == CWEBRTC_FINGERPRINT_BYTES && CRYPTO_memcmp(found, fingerprint, count) == 0;
}

int cwebrtc_dtls_keys(
  cwebrtc_dtls *dtls, const uint8_t *fingerprint, cwebrtc_srtp **inbound, cwebrtc_srtp **outbound) {
  static const char label[] = "EXTRACTOR-dtls_srtp";
  enum { KEY_MAX = 32, SALT_MAX = 14 };
  *inbound = NULL;
  *outbound = NULL;
  if (!dtls->is_connected) return CWEBRTC_KEYS_FAILED;
  if (!has_fingerprint(dtls, fingerprint)) return CWEBRTC_KEYS_WRONG_FINGERPRINT;
  SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(dtls->ssl);
  if (!profile) return CWEBRTC_KEYS_FAILED;
  size_t key = profile->id == SRTP_AEAD_AES_256_GCM ? 32 : 16;
  size_t salt = profile->id == SRTP_AES128_CM_SHA1_80 ? 14 : 12;
  uint8_t exported[2 * (KEY_MAX + SALT_MAX)], client[KEY_MAX + SALT_MAX], server[KEY_MAX + SALT_MAX];
  int done = SSL_export_keying_material(
    dtls->ssl, exported, 2 * (key + salt), label, sizeof label - 1, NULL, 0, 0) == 1;
  if (done) {
    /* Client key, server key, client salt, server salt. */
    memcpy(client, exported, key);
    memcpy(server, exported + key, key);
    memcpy(client + key, exported + 2 * key, salt);
    memcpy(server + key, exported + 2 * key + salt, salt);
    *inbound = cwebrtc_srtp_new((int)profile->id, dtls->is_client ? server : client, 1);
    *outbound = cwebrtc_srtp_new((int)profile->id, dtls->is_client ? client : server, 0);
    done = *inbound && *outbound;
  }
  OPENSSL_cleanse(exported, sizeof exported);
  OPENSSL_cleanse(client, sizeof client);
  OPENSSL_cleanse(server, sizeof server);
  if (done) return (int)profile->id;
  if (*inbound) cwebrtc_srtp_free(*inbound);
  if (*outbound) cwebrtc_srtp_free(*outbound);
  *inbound = NULL;
  *outbound = NULL;
  return CWEBRTC_KEYS_FAILED;
}
