// The called side: agents and the far trunk, answering at once, many calls on one socket.
#pragma once
#include "options.h"
#include "sip.h"
#include <stdint.h>

enum { LEG_TAG_MAX = 32 };

enum leg_state { LEG_FREE, LEG_ANSWERED, LEG_UP, LEG_ENDING };

struct leg {
    enum leg_state state;
    unsigned generation;
    /// Number behind the agent prefix in the Request-URI; -1 for other users.
    int agent, media_port;
    uint64_t answered_at, next_send, interval, deadline, hang_up_at;
    char call_id[SIP_FIELD_MAX], from[SIP_FIELD_MAX], to[SIP_FIELD_MAX], target[SIP_FIELD_MAX];
    struct sockaddr_in next_hop, media;
};

struct legs {
    const struct options *options;
    int descriptor, capacity;
    /// Slots from here on were never taken: not looked at, so that the daemon keeps its caches.
    int used;
    struct leg *all;
    /// Each of these may be NULL. INVITE came in; 180 and 200 go out after it.
    void (*offered)(int index, uint64_t now);
    /// ACK came in.
    void (*up)(int index, uint64_t now);
    void (*ended)(int index, uint64_t now);
    /// Our BYE is about to go out.
    void (*goodbye)(int index);
    /// How late a BYE went out that was due by `hang_up_at`, in nanoseconds.
    uint64_t slip_max;
    /// INVITEs that came again, BYEs that we repeated.
    long repeated, retransmissions;
    /// Calls for which no slot was left, and BYEs without response.
    long refused, unanswered;
};

struct legs legs_open(const struct options *options, int capacity);
void legs_hang_up(struct legs *legs, int index, uint64_t now);
void legs_receive(struct legs *legs, uint64_t now);
void legs_tick(struct legs *legs, uint64_t now);
int legs_live(const struct legs *legs);
