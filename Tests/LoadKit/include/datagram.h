// Bound UDP sockets.
#pragma once
#include <netinet/in.h>
#include <stddef.h>

enum { SIP_BUFFER_BYTES = 4 << 20 };

/// Exits if the port is taken. `buffer_bytes` 0 leaves the kernel's default.
int datagram_socket(const char *host, int port, int buffer_bytes);
/// Sockets at `port` and the one above it on both hosts, which nobody reads: a closed port would answer RTP and RTCP with
/// errors. Returns the caller's first one.
int datagram_sinks(const char *caller_host, const char *answerer_host, int port);
void datagram_send(int descriptor, const char *text, size_t bytes, const struct sockaddr_in *to);
