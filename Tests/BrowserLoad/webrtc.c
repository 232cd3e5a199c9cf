// A shift connects its voices and takes a call each from telephones at a trunk: the time, the CPU, the memory.

#include "clock.h"
#include "process.h"
#include "samples.h"
#include "shift.h"
#include "telephones.h"
#include <stdio.h>
#include <string.h>

static const struct settings *s;
static struct speech speech;
static struct voice ends[2 * AGENTS_MAX];
static struct voices voices;

static uint64_t serve(uint64_t time) {
    shift_tick(time);
    telephones_tick(time);
    return voices_serve(&voices);
}

/// All at once, some times over.
static void connect_agents(void) {
    struct samples took = samples_new((size_t)(s->agents * s->waves)), cpu = samples_new((size_t)s->handshake_waves + 1);
    for (int wave = 0; wave < s->waves; wave++) {
        shift_connect(0, s->agents - 1);
        for (int i = 0; i < s->agents; i++)
            samples_add(&took, shift.browsers[i].connected_at - shift.browsers[i].offered_at);
        shift_rest(100 * MILLISECOND);
    }
    printf("offer_to_connected_ms_p50: %.1f\n", samples_percentile(&took, 0.5));
    printf("offer_to_connected_ms_p99: %.1f\n", samples_percentile(&took, 0.99));
    if (s->handshake_waves == 0) return;
    source_look_only_when_due(1);
    for (int wave = 0; wave < s->handshake_waves; wave++)
        samples_add(&cpu, (uint64_t)(shift_handshake() * (double)MILLISECOND));
    source_look_only_when_due(0);
    printf("handshake_cpu_ms: %.3f\n", samples_percentile(&cpu, 0.5));
}

static int are_bridged(void) { return telephones_call(now()) && shift_is_talking(); }
static int are_ended(void) { return telephones_hang_up(now()) && shift_is_silent(); }

static void take_calls(void) {
    double patience = (double)s->agents / s->calls.rate + 10;
    shift_become_available();
    wait_until(are_bridged, patience, "all calls are bridged", serve);
    voices_run(&voices, s->warmup, s->seconds, serve);
    voices_print(&voices);
    shift.is_closing = 1;
    wait_until(are_ended, patience, "all calls have ended", serve);
    printf("calls: %d\ncalls_lost: %ld\n", s->agents, shift.calls_lost + telephones_lost());
}

int run_webrtc(const struct settings *settings) {
    s = settings;
    speech_make(&speech);
    voices = voices_new(&speech, ends, 2 * s->agents, s->pid);
    voices.is_transcoded = strcmp(s->codec, "opus") == 0;
    shift_prepare(s, &voices, serve);
    telephones_prepare(s, &voices);
    desks_sign_in(&shift.desks);
    desks_open(&shift.desks, 0, s->agents - 1);
    connect_agents();
    take_calls();
    shift_sign_out();
    return shift.calls_lost + telephones_lost() == 0 ? 0 : 1;
}

static uint64_t serve_idle(uint64_t time) {
    shift_tick(time);
    return time + MILLISECOND;
}

/// The second half's share: what the first half found free in the heap, the second does not.
int run_memory(const struct settings *settings) {
    s = settings;
    int half = s->agents / 2;
    shift_prepare(s, NULL, serve_idle);
    desks_sign_in(&shift.desks);
    desks_open(&shift.desks, 0, half - 1);
    shift_connect(0, half - 1);
    shift_rest(300 * MILLISECOND);
    long resident = process_resident(s->pid);
    desks_open(&shift.desks, half, s->agents - 1);
    shift_connect(half, s->agents - 1);
    shift_rest(300 * MILLISECOND);
    printf("resident_kb: %ld\n", process_resident(s->pid));
    printf("kb_per_agent: %.1f\n", (double)(process_resident(s->pid) - resident) / (s->agents - half));
    shift_sign_out();
    return 0;
}
