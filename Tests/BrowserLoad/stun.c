#include "stun.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum { HEADER_BYTES = 20, INTEGRITY_BYTES = 20, FINGERPRINT_BYTES = 4 };
enum {
    USERNAME = 0x0006, MESSAGE_INTEGRITY = 0x0008, PRIORITY = 0x0024, USE_CANDIDATE = 0x0025, FINGERPRINT = 0x8028,
    CONTROLLING = 0x802A
};

static void put(unsigned char *at, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++) at[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
}

/// Appends an attribute, padded to four bytes; returns the new length.
static size_t append(unsigned char *message, size_t length, int type, const void *value, size_t bytes) {
    put(message + length, (uint32_t)type, 2);
    put(message + length + 2, (uint32_t)bytes, 2);
    memset(message + length + 4, 0, (bytes + 3) & ~(size_t)3);
    if (bytes > 0) memcpy(message + length + 4, value, bytes);
    return length + 4 + ((bytes + 3) & ~(size_t)3);
}

/// The header's length counts what the last attribute covers, and that attribute (RFC 8489, section 14.5).
static void set_length(unsigned char *message, size_t length) { put(message + 2, (uint32_t)(length - HEADER_BYTES), 2); }

/// CRC-32 of ITU-T V.42.
static uint32_t checksum(const unsigned char *bytes, size_t count) {
    uint32_t sum = 0xFFFFFFFF;
    for (size_t i = 0; i < count; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (0xEDB88320 & (0 - (sum & 1)));
    }
    return ~sum;
}

size_t stun_check(
    unsigned char *check, const unsigned char transaction[STUN_TRANSACTION_BYTES], const char *username, const char *password) {
    // Binding request, magic cookie.
    static const unsigned char head[] = {0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42};
    static const unsigned char tie_breaker[8] = {1, 2, 3, 4, 5, 6, 7, 8}, priority[4] = {0x6E, 0x7F, 0xFF, 0xFF};
    unsigned char digest[INTEGRITY_BYTES], sum[FINGERPRINT_BYTES];
    unsigned int digest_bytes = 0;
    memcpy(check, head, sizeof head);
    memcpy(check + sizeof head, transaction, STUN_TRANSACTION_BYTES);
    size_t length = HEADER_BYTES;
    length = append(check, length, USERNAME, username, strlen(username));
    length = append(check, length, PRIORITY, priority, sizeof priority);
    length = append(check, length, CONTROLLING, tie_breaker, sizeof tie_breaker);
    length = append(check, length, USE_CANDIDATE, NULL, 0);
    set_length(check, length + 4 + INTEGRITY_BYTES);
    HMAC(EVP_sha1(), password, (int)strlen(password), check, length, digest, &digest_bytes);
    length = append(check, length, MESSAGE_INTEGRITY, digest, INTEGRITY_BYTES);
    set_length(check, length + 4 + FINGERPRINT_BYTES);
    put(sum, checksum(check, length) ^ 0x5354554E, FINGERPRINT_BYTES);
    return append(check, length, FINGERPRINT, sum, FINGERPRINT_BYTES);
}

int stun_is_success(const unsigned char *bytes, size_t count, const unsigned char transaction[STUN_TRANSACTION_BYTES]) {
    if (count < HEADER_BYTES || bytes[0] != 1 || bytes[1] != 1) return 0;
    return memcmp(bytes + 8, transaction, STUN_TRANSACTION_BYTES) == 0;
}
