#define _GNU_SOURCE
#include "datagram.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int datagram_socket(const char *host, int port, int buffer_bytes) {
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (inet_pton(AF_INET, host, &local.sin_addr) != 1 || descriptor < 0 ||
        bind(descriptor, (struct sockaddr *)&local, sizeof local) != 0) {
        fprintf(stderr, "cannot bind %s:%d\n", host, port);
        exit(1);
    }
    if (buffer_bytes > 0) setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    return descriptor;
}

int datagram_sinks(const char *caller_host, const char *answerer_host, int port) {
    int first = datagram_socket(caller_host, port, 0);
    datagram_socket(caller_host, port + 1, 0);
    datagram_socket(answerer_host, port, 0);
    datagram_socket(answerer_host, port + 1, 0);
    return first;
}

void datagram_send(int descriptor, const char *text, size_t bytes, const struct sockaddr_in *to) {
    // A datagram that cannot be sent is a lost one: the timers of SIP are there for it.
    sendto(descriptor, text, bytes, 0, (const struct sockaddr *)to, sizeof *to);
}
