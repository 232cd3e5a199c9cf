#define _GNU_SOURCE
#include "shift.h"

#include "clock.h"
#include "process.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shift shift;
/// Which agents the present wait is about.
static int first, last;
static enum browser_state wanted;
static uint64_t deadline;

static void frame(struct desk *desk, const char *type, const char *text, uint64_t now) {
    int index = (int)(desk - shift.desks.all);
    struct agent *agent = &shift.agents[index];
    const char *field;
    if (strcmp(type, "done") == 0) {
        if ((field = strstr(text, "\"id\":")) != NULL) agent->done = atol(field + 5);
    } else if (strcmp(type, "media.answer") == 0) {
        browser_answered(&shift.browsers[index], text, now);
    } else if (strcmp(type, "audio") == 0) {
        agent->is_audio_connected = strstr(text, "\"connected\":true") != NULL;
    } else if (strcmp(type, "offer") == 0) {
        char more[64];
        field = strstr(text, "\"offer\":");
        snprintf(more, sizeof more, ",\"offer\":%ld", field != NULL ? atol(field + 8) : 0);
        desk_send(desk, "accept", more);
    } else if (strcmp(type, "call") == 0) {
        agent->is_talking = strstr(text, "\"state\":\"talking\"") != NULL;
        shift.calls_lost += !agent->is_talking;
        if (shift.voices != NULL) shift.voices->all[2 * index + 1].is_speaking = 1;
    } else if (strcmp(type, "call.ended") == 0) {
        agent->is_talking = 0;
        shift.calls_lost += !shift.is_closing;
        if (shift.voices != NULL) shift.voices->all[2 * index + 1].is_speaking = 0;
    } else if (strcmp(type, "refused") == 0) {
        fprintf(stderr, "agent %d: %s\n", desk->agent, text);
        exit(1);
    }
}

static void heard(struct browser *browser, unsigned char *packet, int bytes) {
    if (shift.voices != NULL) voices_hear(shift.voices, 2 * (int)(browser - shift.browsers) + 1, packet, bytes);
}

void shift_prepare(const struct settings *settings, struct voices *voices, uint64_t (*serve)(uint64_t now)) {
    size_t count = (size_t)settings->agents;
    shift = (struct shift){
        .settings = settings, .desks = desks_prepare(settings), .browsers = calloc(count, sizeof(struct browser)),
        .agents = calloc(count, sizeof(struct agent)), .voices = voices, .serve = serve};
    if (shift.browsers == NULL || shift.agents == NULL) exit(1);
    for (int i = 0; i < settings->agents; i++) {
        shift.desks.all[i].frame = frame;
        browser_prepare(&shift.browsers[i], &shift.desks.all[i], settings->browser_host);
        shift.browsers[i].heard = heard;
        if (voices != NULL) voices->all[2 * i + 1].browser = &shift.browsers[i];
    }
}

void shift_tick(uint64_t now) {
    desks_tick(&shift.desks, now);
    for (int i = 0; i < shift.desks.count; i++) browser_tick(&shift.browsers[i], now);
}

// Connecting

static int are_as_wanted(void) {
    for (int i = first; i <= last; i++)
        if (shift.browsers[i].state != wanted) return 0;
    return 1;
}

static int are_told(void) {
    for (int i = first; i <= last; i++)
        if (!shift.agents[i].is_audio_connected) return 0;
    return 1;
}

static int is_over(void) { return now() >= deadline; }

void shift_rest(uint64_t duration) {
    deadline = now() + duration;
    wait_until(is_over, 60, "a rest", shift.serve);
}

/// All of them come with a new certificate.
static void offer(int holds) {
    static cwebrtc_identity *identity;
    // The associations that it made keep what they need of the former one.
    if (identity != NULL) cwebrtc_identity_free(identity);
    identity = cwebrtc_identity_new("SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80");
    if (identity == NULL) exit(1);
    for (int i = first; i <= last; i++) {
        shift.agents[i].is_audio_connected = 0;
        browser_offer(&shift.browsers[i], identity, holds, now());
    }
}

static void check_codec(void) {
    const char *codec = shift.settings->codec;
    for (int i = first; i <= last; i++) {
        if (shift.browsers[i].payload_type == (strcmp(codec, "opus") == 0 ? 111 : 8)) continue;
        fprintf(stderr, "the daemon chose another codec than %s\n", codec);
        exit(1);
    }
}

void shift_connect(int from, int to) {
    first = from, last = to, wanted = BROWSER_CONNECTED;
    offer(0);
    wait_until(are_as_wanted, 20, "all voices are connected", shift.serve);
    check_codec();
    wait_until(are_told, 5, "all desks know of their voice", shift.serve);
}

double shift_handshake(void) {
    first = 0, last = shift.desks.count - 1, wanted = BROWSER_CHECKED;
    offer(1);
    wait_until(are_as_wanted, 20, "all checks have passed", shift.serve);
    shift_rest(200 * MILLISECOND);
    uint64_t cpu = process_cpu(shift.settings->pid);
    for (int i = first; i <= last; i++) browser_begin(&shift.browsers[i], now());
    wanted = BROWSER_CONNECTED;
    wait_until(are_as_wanted, 20, "all voices are connected", shift.serve);
    cpu = process_cpu(shift.settings->pid) - cpu;
    wait_until(are_told, 5, "all desks know of their voice", shift.serve);
    return (double)cpu / 1e6 / shift.desks.count;
}

// Working

static int are_done(void) {
    for (int i = 0; i < shift.desks.count; i++)
        if (shift.agents[i].done < shift.agents[i].awaited) return 0;
    return 1;
}

void shift_become_available(void) {
    for (int i = 0; i < shift.desks.count; i++)
        shift.agents[i].awaited = desk_send(&shift.desks.all[i], "presence", ",\"presence\":\"available\"");
    wait_until(are_done, 10, "all agents are available", shift.serve);
}

int shift_is_talking(void) {
    for (int i = 0; i < shift.desks.count; i++)
        if (!shift.agents[i].is_talking) return 0;
    return 1;
}

int shift_is_silent(void) {
    for (int i = 0; i < shift.desks.count; i++)
        if (shift.agents[i].is_talking) return 0;
    return 1;
}

void shift_sign_out(void) {
    for (int i = 0; i < shift.desks.count; i++) browser_leave(&shift.browsers[i]);
    desks_sign_out(&shift.desks);
}
