#define _GNU_SOURCE
#include "callers.h"

#include "clock.h"
#include "datagram.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const uint64_t patience = 10 * SECOND;
/// How long a call may ring or wait unanswered.
static const uint64_t ringing_patience = 120 * SECOND;

struct callers callers_open(const struct options *options, int capacity) {
    struct callers callers = {.options = options, .capacity = capacity, .all = calloc((size_t)capacity, sizeof(struct caller))};
    callers.descriptor = datagram_socket(options->caller_host, options->caller_port, SIP_BUFFER_BYTES);
    if (callers.all == NULL) exit(1);
    for (int i = 0; i < capacity; i++) callers.all[i].media_port = options->media_port;
    return callers;
}

int callers_idle(const struct callers *callers) {
    for (int i = 0; i < callers->capacity; i++)
        if (callers->all[i].state == CALLER_IDLE) return i;
    return -1;
}

/// Request line and the headers that all requests of a call share. As long as there is no target, ACK is that of a refusal and
/// has the branch of the INVITE (RFC 3261 section 17.1.1.3).
static size_t head(const struct callers *callers, int index, char *text, size_t size, const char *method, int sequence) {
    const struct options *o = callers->options;
    const struct caller *caller = &callers->all[index];
    int is_of_invite = caller->target[0] == 0;
    char uri[SIP_FIELD_MAX], to[SIP_FIELD_MAX];
    snprintf(uri, sizeof uri, "sip:%s@%s", o->number, o->daemon_text);
    snprintf(to, sizeof to, "<%s>", uri);
    return (size_t)snprintf(
        text, size,
        "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;branch=z9hG4bKc%d-%u-%d%s;rport\r\nMax-Forwards: 70\r\n"
        "From: <sip:%s%04d@%s>;tag=%d-%u\r\nTo: %s\r\nCall-ID: c%d-%u-%d@load\r\nCSeq: %d %s\r\n"
        "Contact: <sip:%s@%s:%d>\r\n",
        method, is_of_invite ? uri : caller->target, o->caller_host, o->caller_port, index, caller->generation, getpid(),
        is_of_invite ? "" : method, o->caller_name, index, o->caller_host, index, caller->generation,
        caller->to[0] != 0 ? caller->to : to, index, caller->generation, getpid(), sequence, method, o->caller_name,
        o->caller_host, o->caller_port);
}

static void send_invite(struct callers *callers, int index) {
    char text[SIP_BYTES_MAX];
    size_t length = head(callers, index, text, sizeof text, "INVITE", 1);
    length += sip_description(
        text + length, sizeof text - length, callers->options->caller_host, callers->all[index].media_port);
    datagram_send(callers->descriptor, text, length, &callers->options->daemon);
}

static void send_plain(struct callers *callers, int index, const char *method, int sequence) {
    char text[SIP_BYTES_MAX];
    size_t length = head(callers, index, text, sizeof text, method, sequence);
    length += (size_t)snprintf(text + length, sizeof text - length, "Content-Length: 0\r\n\r\n");
    datagram_send(callers->descriptor, text, length, &callers->all[index].next_hop);
}

void callers_invite(struct callers *callers, int index, uint64_t now) {
    struct caller *caller = &callers->all[index];
    if (index >= callers->used) callers->used = index + 1;
    caller->state = CALLER_INVITING;
    caller->generation++;
    caller->is_provisional = 0;
    caller->to[0] = caller->target[0] = 0;
    caller->next_hop = callers->options->daemon;
    caller->interval = 500 * MILLISECOND;
    caller->next_send = now + caller->interval;
    caller->deadline = now + patience;
    caller->hang_up_at = NEVER;
    caller->invited_at = now;
    send_invite(callers, index);
}

void callers_hang_up(struct callers *callers, int index, uint64_t now) {
    struct caller *caller = &callers->all[index];
    caller->state = CALLER_ENDING;
    caller->hang_up_at = NEVER;
    caller->interval = 500 * MILLISECOND;
    caller->next_send = now + caller->interval;
    caller->deadline = now + patience;
    send_plain(callers, index, "BYE", 2);
}

static void end(struct callers *callers, int index, const char *failure, uint64_t now) {
    callers->all[index].state = CALLER_IDLE;
    if (callers->ended != NULL) callers->ended(index, failure, now);
}

/// Of the Call-ID; -1 for a call that is over.
static int index_of(const struct callers *callers, const struct sip_message *message) {
    char call_id[SIP_FIELD_MAX];
    int index, process;
    unsigned generation;
    if (!sip_header(message, "Call-ID", call_id, sizeof call_id)) return -1;
    if (sscanf(call_id, "c%d-%u-%d@", &index, &generation, &process) != 3 || process != getpid()) return -1;
    if (index < 0 || index >= callers->capacity || callers->all[index].generation != generation) return -1;
    return index;
}

static void invite_response(struct callers *callers, int index, const struct sip_message *response, uint64_t now) {
    struct caller *caller = &callers->all[index];
    if (response->status < 200) {
        caller->is_provisional = 1;
        if (response->status >= 180) caller->deadline = now + ringing_patience;
        return;
    }
    sip_header(response, "To", caller->to, sizeof caller->to);
    if (response->status >= 300) {
        send_plain(callers, index, "ACK", 1);
        if (caller->state == CALLER_INVITING) {
            char failure[32];
            snprintf(failure, sizeof failure, "status %d", response->status);
            end(callers, index, failure, now);
        }
        return;
    }
    sip_header_uri(response, "Contact", caller->target, sizeof caller->target);
    sip_uri_address(caller->target, &caller->next_hop);
    send_plain(callers, index, "ACK", 1);
    if (caller->state != CALLER_INVITING) return;
    if (!sip_media_address(response, &caller->media)) caller->media.sin_port = 0;
    caller->state = CALLER_UP;
    caller->up_at = now;
    if (callers->up != NULL) callers->up(index, now);
}

static void request(struct callers *callers, const struct sip_message *request, uint64_t now) {
    if (strcmp(request->method, "ACK") == 0) return;
    int index = index_of(callers, request);
    char text[SIP_BYTES_MAX];
    size_t length = sip_response_head(text, sizeof text, request, "200 OK", NULL);
    length += (size_t)snprintf(text + length, sizeof text - length, "Content-Length: 0\r\n\r\n");
    datagram_send(callers->descriptor, text, length, &request->source);
    if (index < 0 || strcmp(request->method, "BYE") != 0) return;
    enum caller_state state = callers->all[index].state;
    if (state == CALLER_UP || state == CALLER_ENDING) end(callers, index, NULL, now);
}

void callers_receive(struct callers *callers, uint64_t now) {
    static struct sip_message message;
    socklen_t length = sizeof message.source;
    ssize_t bytes;
    while ((bytes = recvfrom(
                callers->descriptor, message.text, SIP_BYTES_MAX, 0, (struct sockaddr *)&message.source, &length)) > 0) {
        length = sizeof message.source;
        if (!sip_parse(&message, (size_t)bytes)) continue;
        if (message.status == 0) {
            request(callers, &message, now);
            continue;
        }
        int index = index_of(callers, &message);
        if (index < 0) continue;
        if (sip_is_for(&message, "INVITE")) {
            invite_response(callers, index, &message, now);
        } else if (sip_is_for(&message, "BYE") && callers->all[index].state == CALLER_ENDING && message.status >= 200) {
            // 481: the daemon said goodbye at the same moment.
            end(callers, index, message.status == 200 || message.status == 481 ? NULL : "BYE refused", now);
        }
    }
}

void callers_tick(struct callers *callers, uint64_t now) {
    for (int i = 0; i < callers->used; i++) {
        struct caller *caller = &callers->all[i];
        if (caller->state == CALLER_IDLE) continue;
        if (caller->state == CALLER_UP) {
            if (caller->hang_up_at <= now) callers_hang_up(callers, i, now);
            continue;
        }
        if (caller->deadline <= now) {
            end(callers, i, caller->state == CALLER_INVITING ? "no answer" : "BYE without response", now);
        } else if (caller->next_send <= now && !(caller->state == CALLER_INVITING && caller->is_provisional)) {
            callers->retransmissions++;
            caller->interval *= 2;
            caller->next_send = now + caller->interval;
            if (caller->state == CALLER_INVITING) send_invite(callers, i);
            else send_plain(callers, i, "BYE", 2);
        }
    }
}
