// A browser's connectivity checks (RFC 8445, section 7.2; RFC 8489).
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { STUN_BYTES_MAX = 256, STUN_TRANSACTION_BYTES = 12 };

/// A nominating Binding request of the controlling side. `check` has room for STUN_BYTES_MAX. Returns its length.
size_t stun_check(
    unsigned char *check, const unsigned char transaction[STUN_TRANSACTION_BYTES], const char *username, const char *password);
/// Whether these bytes are the success response to that transaction.
int stun_is_success(const unsigned char *bytes, size_t count, const unsigned char transaction[STUN_TRANSACTION_BYTES]);
