// A TCP connection to the daemon's HTTP port.
#pragma once
#include "source.h"
#include <netinet/in.h>
#include <stddef.h>

struct connection {
    struct source source;
    /// What came and was not taken yet, with a zero byte behind it.
    char *bytes;
    size_t count;
    /// More came. It may close the connection.
    void (*received)(struct connection *connection, uint64_t now);
    /// The daemon closed it; it is closed on our side already.
    void (*ended)(struct connection *connection, uint64_t now);
};

/// Exits if the daemon does not take it.
void connection_open(struct connection *connection, const struct sockaddr_in *to);
/// Exits if the daemon does not read: what we send is small.
void connection_send(const struct connection *connection, const void *bytes, size_t count);
/// Forgets that many of the first bytes.
void connection_take(struct connection *connection, size_t count);
void connection_close(struct connection *connection);
