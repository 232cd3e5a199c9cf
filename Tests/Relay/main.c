// The baseline of `Scripts/bench media`: the least that a relay of RTP can do. One UDP socket per leg, level-triggered epoll,
// recvfrom and sendto; legs 2n and 2n+1 are a pair, each leg's far end is whoever sent to it last.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_MAX = 512, DATAGRAM_BYTES_MAX = 2048, LEGS_MAX = 10000 };

struct leg {
    int descriptor;
    struct sockaddr_in far_end;
};

static int bound_socket(const char *host, int port) {
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &local.sin_addr) != 1) return -1;
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 && bind(descriptor, (struct sockaddr *)&local, sizeof local) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

static void relay(struct leg *legs, int poller) {
    static struct epoll_event events[EVENTS_MAX];
    static char datagram[DATAGRAM_BYTES_MAX];
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            struct leg *from = &legs[events[i].data.u32], *to = &legs[events[i].data.u32 ^ 1];
            socklen_t length = sizeof from->far_end;
            ssize_t bytes =
                recvfrom(from->descriptor, datagram, sizeof datagram, 0, (struct sockaddr *)&from->far_end, &length);
            if (bytes > 0 && to->far_end.sin_port != 0)
                sendto(to->descriptor, datagram, (size_t)bytes, 0, (struct sockaddr *)&to->far_end, sizeof to->far_end);
        }
    }
}

int main(int argc, char **argv) {
    int port = argc == 4 ? atoi(argv[2]) : 0, count = argc == 4 ? atoi(argv[3]) : 0;
    if (port <= 0 || count <= 0 || count > LEGS_MAX || count % 2 != 0) {
        fprintf(stderr, "Relay HOST PORT LEGS: relays between HOST:PORT+2n and HOST:PORT+2n+1; LEGS is even\n");
        return 2;
    }
    struct rlimit limit = {LEGS_MAX + 64, LEGS_MAX + 64};
    setrlimit(RLIMIT_NOFILE, &limit);
    struct leg *legs = calloc((size_t)count, sizeof *legs);
    int poller = epoll_create1(0);
    if (legs == NULL || poller < 0) return 1;
    for (int i = 0; i < count; i++) {
        legs[i].descriptor = bound_socket(argv[1], port + i);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        if (legs[i].descriptor < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, legs[i].descriptor, &event) != 0) {
            perror("Relay: port");
            return 1;
        }
    }
    puts("ready");
    fflush(stdout);
    relay(legs, poller);
}
