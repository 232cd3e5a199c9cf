// Calls at a steady rate: INVITE, answer, hold, BYE.

#include "agents.h"
#include "clock.h"
#include "datagram.h"
#include "loop.h"
#include "modes.h"
#include "process.h"
#include "samples.h"
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { CAPACITY = 4096, SAMPLES_MAX = 1 << 20 };

static const struct options *o;
static struct callers callers;
static struct legs legs;
static struct samples set_up;
/// Per caller slot: when its key is pressed.
static uint64_t press_at[CAPACITY];
static int media_descriptor;
static uint64_t start, measured_from, measured_to, slip_max, cpu_from, cpu_to;
static long resident_from, resident_to, started, measured, ended, failed, legs_up, dropped;
static char first_failure[64];

static int is_measured(uint64_t time) { return time >= measured_from && time < measured_to; }

static void fail(const char *reason) {
    if (failed++ == 0) snprintf(first_failure, sizeof first_failure, "%s", reason);
}

static void caller_up(int index, uint64_t now) {
    struct caller *caller = &callers.all[index];
    if (is_measured(caller->invited_at)) samples_add(&set_up, now - caller->invited_at);
    if (!o->answerer_ends) caller->hang_up_at = now + (uint64_t)o->hold_ms * MILLISECOND;
    press_at[index] = o->key != 0 ? now + (uint64_t)o->press_after_ms * MILLISECOND : NEVER;
}

static void caller_ended(int index, const char *failure, uint64_t now) {
    (void)now;
    press_at[index] = NEVER;
    ended++;
    if (failure != NULL) fail(failure);
}

static void leg_up(int index, uint64_t now) {
    legs_up++;
    if (o->answerer_ends) legs.all[index].hang_up_at = now + (uint64_t)o->hold_ms * MILLISECOND;
}

/// One RFC 4733 event of 100 ms, its packets at once: the time of a key is told by their timestamps, not by their arrival.
static void press(const struct sockaddr_in *to) {
    unsigned char packet[16] = {0x80, 0x80 | 101, 0, 0, 0, 0, 0x10, 0, 0x4C, 0x4F, 0x41, 0x44, 0, 10, 0, 160};
    const char *keys = "0123456789*#", *key = strchr(keys, o->key);
    packet[12] = (unsigned char)(key != NULL ? key - keys : 0);
    for (int i = 0; i < 5; i++) {
        packet[3] = (unsigned char)i;
        sendto(media_descriptor, packet, sizeof packet, 0, (const struct sockaddr *)to, sizeof *to);
        packet[1] = 101;
        if (i >= 1) packet[13] = 0x80 | 10, packet[14] = 800 >> 8, packet[15] = 800 & 0xFF;
    }
}

static uint64_t due_of(long call) { return start + (uint64_t)((double)call / o->rate * 1e9); }

static void begin_calls(uint64_t time) {
    for (; due_of(started) <= time && due_of(started) < measured_to; started++) {
        int index = callers_idle(&callers);
        uint64_t late = now() - due_of(started);
        if (late > slip_max) slip_max = late;
        if (index < 0) {
            dropped++;
            continue;
        }
        uint64_t sent_at = now();
        callers_invite(&callers, index, sent_at);
        measured += is_measured(sent_at);
    }
}

static uint64_t serve(uint64_t time) {
    begin_calls(time);
    for (int i = 0; i < callers.used && o->key != 0; i++) {
        if (press_at[i] > time || callers.all[i].state != CALLER_UP) continue;
        press_at[i] = NEVER;
        if (callers.all[i].media.sin_port != 0) press(&callers.all[i].media);
    }
    if (cpu_from == 0 && time >= measured_from) {
        cpu_from = process_cpu(o->pid) + 1;
        resident_from = process_resident(o->pid);
    }
    if (cpu_to == 0 && time >= measured_to) {
        cpu_to = process_cpu(o->pid) + 1;
        resident_to = process_resident(o->pid);
    }
    int is_quiet = ended + dropped == started && legs_live(&legs) == 0;
    int is_over = time >= measured_to && (is_quiet || time > measured_to + 15 * SECOND);
    return is_over ? 0 : earlier(due_of(started) < measured_to ? due_of(started) : NEVER, time + MILLISECOND);
}

int run_calls(const struct options *options) {
    o = options;
    callers = callers_open(o, CAPACITY);
    legs = legs_open(o, CAPACITY);
    callers.up = caller_up, callers.ended = caller_ended;
    legs.up = leg_up;
    set_up = samples_new(SAMPLES_MAX);
    media_descriptor = datagram_sinks(o->caller_host, o->answerer_host, o->media_port);
    for (int i = 0; i < CAPACITY; i++) press_at[i] = NEVER;
    agents_prepare(o, &legs);
    start = now() + 10 * MILLISECOND;
    measured_from = start + (uint64_t)(o->warmup * 1e9);
    measured_to = measured_from + (uint64_t)(o->seconds * 1e9);
    loop_run(&callers, &legs, serve);
    for (int i = 0; i < CAPACITY; i++)
        if (callers.all[i].state != CALLER_IDLE) fail("not ended");
    // Answered to the caller, but never bridged to the far end: no less a failure.
    long not_bridged = started - dropped - legs_up;
    if (not_bridged > failed) failed = not_bridged;
    printf("calls: %ld\nbridged_calls: %ld\n", started, legs_up);
    printf("measured_calls: %ld\nfailed_calls: %ld\n", measured, failed + dropped);
    if (failed > 0) printf("first_failure: %s\n", first_failure[0] != 0 ? first_failure : "not bridged");
    printf("setup_ms_p50: %.2f\nsetup_ms_p99: %.2f\n", samples_percentile(&set_up, 0.5), samples_percentile(&set_up, 0.99));
    printf("retransmissions: %ld\nrepeated_invites: %ld\n", callers.retransmissions + legs.retransmissions, legs.repeated);
    printf("slip_ms_max: %.2f\n", (double)slip_max / 1e6);
    if (o->pid != 0) {
        printf("cpu_ms_per_call: %.3f\n", (double)(cpu_to - cpu_from) / 1e6 / (double)(measured > 0 ? measured : 1));
        printf("resident_kb_from: %ld\nresident_kb_to: %ld\n", resident_from, resident_to);
    }
    return failed + dropped == 0 ? 0 : 1;
}
