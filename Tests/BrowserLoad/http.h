// The little of HTTP/1.1 that the load needs: requests without surprises, responses with a length.
#pragma once
#include "connection.h"
#include "house.h"

struct http_response {
    int status;
    /// Head and body; 0: not all of it is there yet.
    size_t bytes;
    /// Offset of the body.
    size_t body;
};

/// The response at the beginning of what came.
struct http_response http_response(const struct connection *connection);
/// GET with the bearer token.
void http_get(const struct connection *connection, const struct house *house, const char *path);
/// Copies the value of a field of the head up to `end`; returns 0 if there is none or it is too long.
int http_field(const struct connection *connection, const char *name, char end, char *value, size_t size);
