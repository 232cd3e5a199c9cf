#define _GNU_SOURCE
#include "digest.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void md5(char hexadecimal[33], const char *text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    EVP_Digest(text, strlen(text), digest, &length, EVP_md5(), NULL);
    for (unsigned int i = 0; i < 16; i++) snprintf(hexadecimal + 2 * i, 3, "%02x", digest[i]);
}

static int quoted_value(char *value, size_t size, const char *challenge, const char *name) {
    const char *start = strcasestr(challenge, name);
    if (start == NULL) return 0;
    start += strlen(name);
    size_t length = strcspn(start, "\"\r\n");
    if (length >= size) return 0;
    memcpy(value, start, length);
    value[length] = 0;
    return 1;
}

int digest_authorization(
    char *line, size_t size, const char *challenge, const char *user, const char *password, const char *method,
    const char *uri) {
    char realm[128], nonce[256], opaque[256], text[1024], a1[33], a2[33], response[33];
    if (strcasestr(challenge, "SHA-") != NULL) return 0;
    if (!quoted_value(realm, sizeof realm, challenge, "realm=\"") || !quoted_value(nonce, sizeof nonce, challenge, "nonce=\""))
        return 0;
    snprintf(text, sizeof text, "%s:%s:%s", user, realm, password);
    md5(a1, text);
    snprintf(text, sizeof text, "%s:%s", method, uri);
    md5(a2, text);
    snprintf(text, sizeof text, "%s:%s:00000001:0a4f113b:auth:%s", a1, nonce, a2);
    md5(response, text);
    int has_opaque = quoted_value(opaque, sizeof opaque, challenge, "opaque=\"");
    int length = snprintf(
        line, size,
        "Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\", qop=auth, "
        "nc=00000001, cnonce=\"0a4f113b\", algorithm=MD5%s%s%s\r\n",
        user, realm, nonce, uri, response, has_opaque ? ", opaque=\"" : "", has_opaque ? opaque : "", has_opaque ? "\"" : "");
    return length > 0 && (size_t)length < size;
}

void digest_secret(char hexadecimal[33], const char *user, const char *realm, const char *password) {
    char text[512];
    snprintf(text, sizeof text, "%s:%s:%s", user, realm, password);
    md5(hexadecimal, text);
}
