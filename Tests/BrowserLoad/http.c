#define _GNU_SOURCE
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_response http_response(const struct connection *connection) {
    struct http_response response = {0};
    const char *end = strstr(connection->bytes, "\r\n\r\n");
    char length[24];
    if (connection->count == 0 || end == NULL) return response;
    response.body = (size_t)(end - connection->bytes) + 4;
    response.status = atoi(connection->bytes + strcspn(connection->bytes, " "));
    size_t body = http_field(connection, "content-length", '\r', length, sizeof length) ? strtoul(length, NULL, 10) : 0;
    if (connection->count >= response.body + body) response.bytes = response.body + body;
    return response;
}

void http_get(const struct connection *connection, const struct house *house, const char *path) {
    char text[1024];
    int length = snprintf(
        text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", path, house->authority,
        house->token);
    connection_send(connection, text, (size_t)length);
}

int http_field(const struct connection *connection, const char *name, char end, char *value, size_t size) {
    const char *head_end = strstr(connection->bytes, "\r\n\r\n");
    size_t length = strlen(name);
    for (const char *line = strstr(connection->bytes, "\r\n"); line != NULL && line < head_end; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':') continue;
        line += length + 1;
        line += strspn(line, " ");
        size_t count = 0;
        while (line[count] != end && line[count] != '\r') count++;
        if (count >= size) return 0;
        memcpy(value, line, count);
        value[count] = 0;
        return 1;
    }
    return 0;
}
