// The baseline of `webrtc`: the same telephones, bridged with telephones at another trunk.

#include "clock.h"
#include "datagram.h"
#include "desks.h"
#include "legs.h"
#include "telephones.h"
#include <stdio.h>

static const struct settings *s;
static struct speech speech;
static struct voice ends[2 * AGENTS_MAX];
static struct voices voices;
static struct legs legs;
static struct source sip;
static long up, lost;
static int is_closing;

static void sip_readable(struct source *source, uint64_t now) {
    (void)source;
    legs_receive(&legs, now);
}

static uint64_t serve(uint64_t time) {
    legs_tick(&legs, time);
    telephones_tick(time);
    return voices_serve(&voices);
}

static void leg_offered(int index, uint64_t now) {
    (void)now;
    legs.all[index].media_port = s->calls.media_port + 2 * index;
}

static void leg_up(int index, uint64_t now) {
    (void)now;
    const struct leg *leg = &legs.all[index];
    telephones_connect(&ends[2 * index + 1], s->calls.answerer_host, leg->media_port, &leg->media);
    up++;
}

static void leg_ended(int index, uint64_t now) {
    (void)now;
    ends[2 * index + 1].is_speaking = 0;
    lost += !is_closing;
}

static int are_bridged(void) { return telephones_call(now()) && up == s->agents; }
static int are_ended(void) { return telephones_hang_up(now()) && legs_live(&legs) == 0; }

int run_plain(const struct settings *settings) {
    s = settings;
    double patience = (double)s->agents / s->calls.rate + 10;
    speech_make(&speech);
    voices = voices_new(&speech, ends, 2 * s->agents, s->pid);
    telephones_prepare(s, &voices);
    legs = legs_open(&s->calls, s->agents);
    legs.offered = leg_offered, legs.up = leg_up, legs.ended = leg_ended;
    for (int i = 0; i < s->agents; i++) datagram_socket(s->calls.answerer_host, s->calls.media_port + 2 * i + 1, 0);
    sip = (struct source){.descriptor = legs.descriptor, .ready = sip_readable};
    source_watch(&sip);
    wait_until(are_bridged, patience, "all calls are bridged", serve);
    voices_run(&voices, s->warmup, s->seconds, serve);
    voices_print(&voices);
    is_closing = 1;
    wait_until(are_ended, patience, "all calls have ended", serve);
    printf("calls: %d\ncalls_lost: %ld\n", s->agents, lost + telephones_lost());
    return lost + telephones_lost() == 0 ? 0 : 1;
}
