#define _GNU_SOURCE
#include "telephones.h"

#include "clock.h"
#include "datagram.h"
#include "source.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { DATAGRAM_BYTES_MAX = 2048 };

static const struct settings *s;
static struct callers callers;
static struct voices *voices;
static struct source sip;
static uint64_t call_start, end_start;
static int called, ended_by_us;
static long ended, lost;

static void readable(struct source *source, uint64_t now) {
    static unsigned char packet[DATAGRAM_BYTES_MAX];
    (void)now;
    ssize_t count = recv(source->descriptor, packet, sizeof packet, 0);
    if (count > 12) voices_hear(voices, (int)((struct voice *)source - voices->all), packet, (int)count);
}

void telephones_connect(struct voice *voice, const char *host, int port, const struct sockaddr_in *remote) {
    voice->source = (struct source){.descriptor = datagram_socket(host, port, 0), .ready = readable};
    if (connect(voice->source.descriptor, (const struct sockaddr *)remote, sizeof *remote) != 0) {
        perror("connect");
        exit(1);
    }
    source_watch(&voice->source);
    voice->is_speaking = 1;
}

static void caller_up(int index, uint64_t now) {
    (void)now;
    const struct caller *caller = &callers.all[index];
    telephones_connect(&voices->all[2 * index], s->calls.caller_host, caller->media_port, &caller->media);
}

static void caller_ended(int index, const char *failure, uint64_t now) {
    (void)now;
    int is_wanted = end_start != 0 && failure == NULL;
    if (!is_wanted) fprintf(stderr, "call %d: %s\n", index, failure != NULL ? failure : "ended by the daemon");
    voices->all[2 * index].is_speaking = 0;
    ended++;
    lost += !is_wanted;
}

static void sip_readable(struct source *source, uint64_t now) {
    (void)source;
    callers_receive(&callers, now);
}

void telephones_prepare(const struct settings *settings, struct voices *all_voices) {
    s = settings;
    voices = all_voices;
    callers = callers_open(&s->calls, s->agents);
    callers.up = caller_up, callers.ended = caller_ended;
    for (int i = 0; i < s->agents; i++) {
        callers.all[i].media_port = s->calls.media_port + 2 * i;
        // For RTCP: nobody reads it, but a closed port would be answered with errors.
        datagram_socket(s->calls.caller_host, s->calls.media_port + 2 * i + 1, 0);
    }
    sip = (struct source){.descriptor = callers.descriptor, .ready = sip_readable};
    source_watch(&sip);
}

void telephones_tick(uint64_t now) { callers_tick(&callers, now); }

static int due_since(uint64_t start, uint64_t now) {
    double due = (double)(now - start) / 1e9 * s->calls.rate + 1;
    return due < s->agents ? (int)due : s->agents;
}

int telephones_call(uint64_t now) {
    if (call_start == 0) call_start = now;
    for (; called < due_since(call_start, now); called++) callers_invite(&callers, called, now);
    for (int i = 0; i < s->agents; i++)
        if (callers.all[i].state != CALLER_UP) return 0;
    return 1;
}

int telephones_hang_up(uint64_t now) {
    if (end_start == 0) end_start = now;
    for (; ended_by_us < due_since(end_start, now); ended_by_us++)
        if (callers.all[ended_by_us].state == CALLER_UP) callers_hang_up(&callers, ended_by_us, now);
    return ended >= s->agents;
}

long telephones_lost(void) { return lost; }
