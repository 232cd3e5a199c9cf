// Bridged calls with RTP from both ends, and the same packets through the bare relay.

#include "clock.h"
#include "datagram.h"
#include "loop.h"
#include "modes.h"
#include "stream.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

enum { CALLS_MAX = 2000 };

static const struct options *o;
static struct callers callers;
static struct legs legs;
static uint64_t start;
static long begun, callers_ended, legs_up, legs_ended;
static int is_closing;

static void caller_ended(int index, const char *failure, uint64_t now) {
    (void)now;
    if (!is_closing || failure != NULL)
        fprintf(stderr, "call %d: %s\n", index, failure != NULL ? failure : "ended by the daemon");
    callers_ended++;
}

static void leg_offered(int index, uint64_t now) {
    (void)now;
    legs.all[index].media_port = o->media_port + 2 * index;
}

static void leg_up(int index, uint64_t now) {
    (void)index, (void)now;
    legs_up++;
}

static void leg_ended(int index, uint64_t now) {
    (void)index, (void)now;
    legs_ended++;
}

static uint64_t set_up(uint64_t time) {
    for (; begun < o->calls && time >= start + (uint64_t)((double)begun / o->rate * 1e9); begun++)
        callers_invite(&callers, (int)begun, time);
    int up = 0;
    for (int i = 0; i < o->calls; i++) up += callers.all[i].state == CALLER_UP;
    uint64_t deadline = start + (uint64_t)((double)o->calls / o->rate * 1e9) + 12 * SECOND;
    return (up == o->calls && legs_up == o->calls) || time > deadline || callers_ended > 0 ? 0 : time + MILLISECOND;
}

static uint64_t tear_down(uint64_t time) {
    static int next;
    if (!is_closing) {
        is_closing = 1;
        start = time;
    }
    // Spread over time: a thousand BYEs at once would be a test of something else.
    for (; next < o->calls && time >= start + (uint64_t)((double)next / o->rate * 1e9); next++)
        if (callers.all[next].state == CALLER_UP) callers_hang_up(&callers, next, time);
    int is_over = callers_ended >= begun && legs_live(&legs) == 0;
    return is_over || time > start + (uint64_t)((double)o->calls / o->rate * 1e9) + 12 * SECOND ? 0 : time + MILLISECOND;
}

static void serve_sip(uint64_t time) {
    static int turn;
    // Nothing is expected; every 16th slot is often enough to see a call that ends by itself.
    if (turn++ % 16 != 0) return;
    callers_receive(&callers, time);
    legs_receive(&legs, time);
}

int run_media(const struct options *options) {
    static struct stream_end ends[2 * CALLS_MAX];
    o = options;
    if (o->calls > CALLS_MAX) return 2;
    callers = callers_open(o, o->calls);
    legs = legs_open(o, o->calls);
    callers.ended = caller_ended;
    legs.offered = leg_offered, legs.up = leg_up, legs.ended = leg_ended;
    for (int i = 0; i < o->calls; i++) {
        callers.all[i].media_port = o->media_port + 2 * i;
        // For RTCP: nobody reads it, but a closed port would be answered with errors.
        datagram_socket(o->caller_host, o->media_port + 2 * i + 1, 0);
        datagram_socket(o->answerer_host, o->media_port + 2 * i + 1, 0);
    }
    start = now() + 10 * MILLISECOND;
    loop_run(&callers, &legs, set_up);
    int count = 0;
    for (int i = 0; i < o->calls; i++) {
        struct caller *caller = &callers.all[i];
        struct leg *leg = &legs.all[i];
        if (caller->state != CALLER_UP || leg->state != LEG_UP) continue;
        if (caller->media.sin_port == 0 || leg->media.sin_port == 0) continue;
        ends[count++].descriptor = stream_socket(o->caller_host, caller->media_port, &caller->media);
        ends[count++].descriptor = stream_socket(o->answerer_host, leg->media_port, &leg->media);
    }
    printf("calls: %d\nbridged_calls: %ld\n", o->calls, legs_up);
    if (count == 0) return 1;
    struct stream_result result = stream_run(o, ends, count, serve_sip);
    long lost_calls = callers_ended + legs_ended;
    stream_print(o, &result);
    printf("calls_lost: %ld\n", lost_calls);
    loop_run(&callers, &legs, tear_down);
    return legs_up == o->calls && lost_calls == 0 ? 0 : 1;
}

int run_relay(const struct options *options) {
    static struct stream_end ends[2 * CALLS_MAX];
    o = options;
    if (o->calls > CALLS_MAX) return 2;
    for (int i = 0; i < 2 * o->calls; i++) {
        struct sockaddr_in remote = o->daemon;
        remote.sin_port = htons((uint16_t)(ntohs(remote.sin_port) + i));
        ends[i].descriptor = stream_socket(o->caller_host, o->media_port + i, &remote);
    }
    struct stream_result result = stream_run(o, ends, 2 * o->calls, NULL);
    printf("calls: %d\n", o->calls);
    stream_print(o, &result);
    return 0;
}
