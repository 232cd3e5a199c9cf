// The calling side: INVITE, ACK, BYE for many calls on one socket.
#pragma once
#include "options.h"
#include "sip.h"
#include <stdint.h>

enum caller_state { CALLER_IDLE, CALLER_INVITING, CALLER_UP, CALLER_ENDING };

struct caller {
    enum caller_state state;
    unsigned generation;
    int is_provisional, media_port;
    uint64_t invited_at, up_at, next_send, interval, deadline;
    /// When BYE goes out by itself; NEVER: only on demand.
    uint64_t hang_up_at;
    char to[SIP_FIELD_MAX], target[SIP_FIELD_MAX];
    struct sockaddr_in next_hop, media;
};

struct callers {
    const struct options *options;
    int descriptor, capacity;
    /// Slots from here on were never taken: not looked at, so that the daemon keeps its caches.
    int used;
    struct caller *all;
    /// Each of these may be NULL. The 200 came in and ACK went out.
    void (*up)(int index, uint64_t now);
    /// `failure` is NULL where the call was up and ended well.
    void (*ended)(int index, const char *failure, uint64_t now);
    long retransmissions;
};

struct callers callers_open(const struct options *options, int capacity);
/// A slot without call, or -1.
int callers_idle(const struct callers *callers);
void callers_invite(struct callers *callers, int index, uint64_t now);
void callers_hang_up(struct callers *callers, int index, uint64_t now);
/// Reads everything that waits.
void callers_receive(struct callers *callers, uint64_t now);
/// Repeats, gives up, hangs up; called about every millisecond.
void callers_tick(struct callers *callers, uint64_t now);
