// Digest answers for REGISTER (RFC 3261 section 22; MD5, qop=auth).
#pragma once
#include <stddef.h>

/// Writes a whole Authorization line. `challenge` is the value of WWW-Authenticate. Returns 0 if it offers no MD5.
int digest_authorization(
    char *line, size_t size, const char *challenge, const char *user, const char *password, const char *method,
    const char *uri);
/// HA1: the MD5 of user:realm:password in hexadecimal.
void digest_secret(char hexadecimal[33], const char *user, const char *realm, const char *password);
