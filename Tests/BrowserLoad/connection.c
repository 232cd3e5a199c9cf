#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAITING_BYTES_MAX = 128 << 10 };

_Noreturn static void give_up(const char *what) {
    perror(what);
    exit(1);
}

static void readable(struct source *source, uint64_t now) {
    struct connection *connection = (struct connection *)source;
    size_t room = WAITING_BYTES_MAX - connection->count;
    ssize_t count = recv(source->descriptor, connection->bytes + connection->count, room, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        source_close(source);
        if (connection->ended != NULL) connection->ended(connection, now);
        return;
    }
    connection->count += (size_t)count;
    connection->bytes[connection->count] = 0;
    connection->received(connection, now);
    if (connection->count == WAITING_BYTES_MAX) {
        fprintf(stderr, "an answer of more than %d bytes\n", WAITING_BYTES_MAX);
        exit(1);
    }
}

void connection_open(struct connection *connection, const struct sockaddr_in *to) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (descriptor < 0 || connect(descriptor, (const struct sockaddr *)to, sizeof *to) != 0) give_up("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    if (connection->bytes == NULL) connection->bytes = malloc(WAITING_BYTES_MAX + 1);
    if (connection->bytes == NULL) give_up("malloc");
    connection->count = 0;
    connection->source = (struct source){.descriptor = descriptor, .ready = readable};
    source_watch(&connection->source);
}

void connection_send(const struct connection *connection, const void *bytes, size_t count) {
    if (send(connection->source.descriptor, bytes, count, MSG_NOSIGNAL) != (ssize_t)count) give_up("send");
}

void connection_take(struct connection *connection, size_t count) {
    connection->count -= count;
    memmove(connection->bytes, connection->bytes + count, connection->count + 1);
}

void connection_close(struct connection *connection) { source_close(&connection->source); }
