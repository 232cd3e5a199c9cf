// The way from a waiting caller to an agent's phone, and from one conversation to the next.

#include "agents.h"
#include "clock.h"
#include "datagram.h"
#include "loop.h"
#include "modes.h"
#include "process.h"
#include "samples.h"
#include <stdio.h>
#include <stdlib.h>

enum { CAPACITY = 2048, AGENTS_MAX = 10000, SAMPLES_MAX = 1 << 20 };

static const struct options *o;
static struct callers callers;
static struct legs legs;
static struct samples durations;
static uint64_t start, next_due, slip_max, cpu_from;
static long begun, ended, failed, offers, unknown_agents;
/// arrival: when the one waiting caller's INVITE went out, 0 when it has been offered.
static uint64_t invited_at;
/// arrival: when the last INVITE went out, for the limit of the whole call.
static uint64_t last_invited_at;
/// freed: per agent, when its BYE went out; 0: it has been offered a call since.
static uint64_t freed_at[AGENTS_MAX + 1];

static void open_sides(const struct options *options) {
    o = options;
    callers = callers_open(o, CAPACITY);
    legs = legs_open(o, CAPACITY);
    durations = samples_new(SAMPLES_MAX);
    datagram_sinks(o->caller_host, o->answerer_host, o->media_port);
    if (o->agents > AGENTS_MAX) exit(2);
    agents_prepare(o, &legs);
}

static void caller_ended(int index, const char *failure, uint64_t now) {
    (void)index, (void)now;
    ended++;
    if (failure != NULL && failed++ == 0) printf("first_failure: %s\n", failure);
}

/// The first call at a time at which something was due; how late that was is the generator's own slip.
static void invite(uint64_t due) {
    int index = callers_idle(&callers);
    uint64_t time = now();
    if (time - due > slip_max) slip_max = time - due;
    if (index < 0) return;
    begun++;
    invited_at = last_invited_at = time;
    callers_invite(&callers, index, time);
}

static int report(const char *name) {
    if (legs.slip_max > slip_max) slip_max = legs.slip_max;
    printf("calls: %ld\nfailed_calls: %ld\noffers: %ld\nsamples: %zu\n", begun, failed, offers, durations.count);
    printf("%s_p50: %.3f\n", name, samples_percentile(&durations, 0.5));
    printf("%s_p99: %.3f\n", name, samples_percentile(&durations, 0.99));
    printf("retransmissions: %ld\nslip_ms_max: %.2f\n", callers.retransmissions + legs.retransmissions, (double)slip_max / 1e6);
    if (unknown_agents > 0) printf("offers_to_unknown_agents: %ld\n", unknown_agents);
    if (o->pid != 0) printf("cpu_ms: %.1f\n", (double)(process_cpu(o->pid) - cpu_from) / 1e6);
    return failed == 0 && durations.count > 0 ? 0 : 1;
}

static void arrival_offered(int index, uint64_t now) {
    offers++;
    if (legs.all[index].agent < 0) unknown_agents++;
    if (invited_at != 0) samples_add(&durations, now - invited_at);
    invited_at = 0;
}

static void arrival_up(int index, uint64_t now) { legs.all[index].hang_up_at = now + (uint64_t)o->hold_ms * MILLISECOND; }

/// The next caller comes 20 ms after everything about the last one is over.
static uint64_t arrival_serve(uint64_t time) {
    const uint64_t rest = 20 * MILLISECOND;
    int is_idle = begun == ended && legs_live(&legs) == 0;
    // Without an offer, or with one whose call then never ends on both sides.
    uint64_t limit = (invited_at != 0 ? 10 : 45) * SECOND + (invited_at != 0 ? 0 : (uint64_t)o->hold_ms * MILLISECOND);
    if (!is_idle && time > last_invited_at + limit) {
        failed++;
        return 0;
    }
    if (begun > ended) {
        next_due = NEVER;
    } else if (is_idle) {
        if (begun >= o->calls) return 0;
        if (next_due == NEVER) next_due = time + rest;
        if (next_due <= time) invite(next_due);
    }
    return next_due;
}

int run_arrival(const struct options *options) {
    open_sides(options);
    callers.ended = caller_ended;
    legs.offered = arrival_offered, legs.up = arrival_up;
    next_due = now() + 10 * MILLISECOND;
    cpu_from = process_cpu(o->pid);
    loop_run(&callers, &legs, arrival_serve);
    return report("arrival_to_offer_ms");
}

static void freed_offered(int index, uint64_t now) {
    int agent = legs.all[index].agent;
    offers++;
    if (agent < 1 || agent > o->agents) {
        unknown_agents++;
        return;
    }
    if (freed_at[agent] != 0 && now > start + (uint64_t)(o->warmup * 1e9)) samples_add(&durations, now - freed_at[agent]);
    freed_at[agent] = 0;
}

/// Conversations of unequal length, so that agents are freed one by one.
static void freed_up(int index, uint64_t now) {
    legs.all[index].hang_up_at = now + (uint64_t)(o->hold_ms / 2 + random() % (o->hold_ms + 1)) * MILLISECOND;
}

static void freed_goodbye(int index) {
    int agent = legs.all[index].agent;
    if (agent >= 1 && agent <= o->agents) freed_at[agent] = now();
}

/// Keeps as many callers as agents and waiting places together, new ones at most one per 1/rate seconds.
static uint64_t freed_serve(uint64_t time) {
    uint64_t end = start + (uint64_t)((o->warmup + o->seconds) * 1e9);
    if (time >= end + 10 * SECOND) return 0;
    if (time >= end) {
        for (int i = 0; i < CAPACITY; i++)
            if (callers.all[i].state == CALLER_UP) callers_hang_up(&callers, i, time);
        return begun == ended && legs_live(&legs) == 0 ? 0 : time + MILLISECOND;
    }
    if (begun - ended < o->agents + o->waiting && next_due <= time) {
        invite(time);
        next_due = time + (uint64_t)(1e9 / o->rate);
    }
    return next_due;
}

int run_freed(const struct options *options) {
    open_sides(options);
    callers.ended = caller_ended;
    legs.offered = freed_offered, legs.up = freed_up, legs.goodbye = freed_goodbye;
    start = next_due = now() + 10 * MILLISECOND;
    cpu_from = process_cpu(o->pid);
    loop_run(&callers, &legs, freed_serve);
    return report("freed_to_next_offer_ms");
}
