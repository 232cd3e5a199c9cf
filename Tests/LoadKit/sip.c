#define _GNU_SOURCE
#include "sip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int sip_parse(struct sip_message *message, size_t bytes) {
    message->text[bytes] = 0;
    message->status = 0;
    message->method[0] = 0;
    if (strncmp(message->text, "SIP/2.0 ", 8) == 0) {
        message->status = atoi(message->text + 8);
        return message->status >= 100;
    }
    size_t length = strcspn(message->text, " \r\n");
    if (length == 0 || length >= sizeof message->method || message->text[length] != ' ') return 0;
    memcpy(message->method, message->text, length);
    message->method[length] = 0;
    return 1;
}

/// The start of the header line that follows `from`, or NULL at the end of the head.
static const char *header_line(const char *from, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(from, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (line[0] == '\r') return NULL;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') return line;
    }
    return NULL;
}

int sip_header(const struct sip_message *message, const char *name, char *value, size_t size) {
    const char *line = header_line(message->text, name);
    value[0] = 0;
    if (line == NULL) return 0;
    line += strlen(name) + 1;
    line += strspn(line, " \t");
    size_t length = strcspn(line, "\r\n");
    if (length >= size) return 0;
    memcpy(value, line, length);
    value[length] = 0;
    return 1;
}

int sip_header_uri(const struct sip_message *message, const char *name, char *uri, size_t size) {
    char value[SIP_FIELD_MAX];
    if (!sip_header(message, name, value, sizeof value)) return 0;
    const char *open = strchr(value, '<');
    const char *start = open != NULL ? open + 1 : value;
    size_t length = strcspn(start, open != NULL ? ">" : ";");
    if (length >= size) return 0;
    memcpy(uri, start, length);
    uri[length] = 0;
    return 1;
}

int sip_is_for(const struct sip_message *message, const char *method) {
    char value[64];
    if (!sip_header(message, "CSeq", value, sizeof value)) return 0;
    const char *space = strchr(value, ' ');
    return space != NULL && strcmp(space + 1, method) == 0;
}

int sip_media_address(const struct sip_message *message, struct sockaddr_in *address) {
    const char *body = strstr(message->text, "\r\n\r\n");
    const char *connection = body != NULL ? strstr(body, "c=IN IP4 ") : NULL;
    const char *media = body != NULL ? strstr(body, "m=audio ") : NULL;
    char host[INET_ADDRSTRLEN];
    if (connection == NULL || media == NULL) return 0;
    connection += 9;
    size_t length = strcspn(connection, "\r\n/");
    if (length >= sizeof host) return 0;
    memcpy(host, connection, length);
    host[length] = 0;
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(media + 8))};
    return inet_pton(AF_INET, host, &address->sin_addr) == 1 && address->sin_port != 0;
}

int sip_uri_address(const char *uri, struct sockaddr_in *address) {
    const char *at = strchr(uri, '@'), *colon = strchr(uri, ':');
    const char *start = at != NULL ? at + 1 : colon != NULL ? colon + 1 : uri;
    char host[INET_ADDRSTRLEN];
    size_t length = strcspn(start, ":;>?");
    if (length >= sizeof host) return 0;
    memcpy(host, start, length);
    host[length] = 0;
    int port = start[length] == ':' ? atoi(start + length + 1) : 5060;
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

static size_t append(char *text, size_t length, size_t size, const char *more, size_t bytes) {
    if (length + bytes >= size) return length;
    memcpy(text + length, more, bytes);
    return length + bytes;
}

size_t sip_response_head(
    char *text, size_t size, const struct sip_message *request, const char *status_line, const char *to_tag) {
    static const char *const copied[] = {"Via", "Record-Route", "From", "To", "Call-ID", "CSeq"};
    size_t length = (size_t)snprintf(text, size, "SIP/2.0 %s\r\n", status_line);
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        const char *line = header_line(request->text, copied[i]);
        while (line != NULL) {
            size_t bytes = strcspn(line, "\r\n");
            length = append(text, length, size, line, bytes);
            if (strcmp(copied[i], "To") == 0 && to_tag != NULL && memmem(line, bytes, ";tag=", 5) == NULL) {
                length = append(text, length, size, ";tag=", 5);
                length = append(text, length, size, to_tag, strlen(to_tag));
            }
            length = append(text, length, size, "\r\n", 2);
            line = header_line(line + bytes - 1, copied[i]);
        }
    }
    return length;
}

size_t sip_description(char *text, size_t size, const char *host, int port) {
    char body[512];
    int bytes = snprintf(
        body, sizeof body,
        "v=0\r\no=load 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n",
        host, host, port);
    return (size_t)snprintf(text, size, "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", bytes, body);
}
