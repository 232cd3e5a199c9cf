#define _GNU_SOURCE
#include "legs.h"

#include "clock.h"
#include "datagram.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const uint64_t patience = 10 * SECOND;

struct legs legs_open(const struct options *options, int capacity) {
    struct legs legs = {.options = options, .capacity = capacity, .all = calloc((size_t)capacity, sizeof(struct leg))};
    legs.descriptor = datagram_socket(options->answerer_host, options->answerer_port, SIP_BUFFER_BYTES);
    if (legs.all == NULL) exit(1);
    for (int i = 0; i < capacity; i++) legs.all[i].media_port = options->media_port;
    return legs;
}

int legs_live(const struct legs *legs) {
    int live = 0;
    for (int i = 0; i < legs->used; i++) live += legs->all[i].state != LEG_FREE;
    return live;
}

static void write_tag(char tag[LEG_TAG_MAX], const struct legs *legs, int index) {
    snprintf(tag, LEG_TAG_MAX, "leg%d-%u", index, legs->all[index].generation);
}

/// The leg named by our tag in that header; -1 for one that is over.
static int tagged(const struct legs *legs, const struct sip_message *message, const char *header) {
    char value[SIP_FIELD_MAX];
    int index;
    unsigned generation;
    if (!sip_header(message, header, value, sizeof value)) return -1;
    const char *tag = strstr(value, ";tag=leg");
    if (tag == NULL || sscanf(tag, ";tag=leg%d-%u", &index, &generation) != 2) return -1;
    if (index < 0 || index >= legs->capacity || legs->all[index].generation != generation) return -1;
    return legs->all[index].state == LEG_FREE ? -1 : index;
}

static void respond(
    const struct legs *legs, const struct sip_message *request, const char *status, const char *tag, int media_port) {
    char text[SIP_BYTES_MAX];
    size_t length = sip_response_head(text, sizeof text, request, status, tag);
    const struct options *o = legs->options;
    length += (size_t)snprintf(
        text + length, sizeof text - length, "Contact: <sip:load@%s:%d>\r\n", o->answerer_host, o->answerer_port);
    if (media_port != 0) length += sip_description(text + length, sizeof text - length, o->answerer_host, media_port);
    else length += (size_t)snprintf(text + length, sizeof text - length, "Content-Length: 0\r\n\r\n");
    datagram_send(legs->descriptor, text, length, &request->source);
}

static int agent_of(const struct legs *legs, const struct sip_message *request) {
    size_t length = strlen(legs->options->agent_prefix);
    const char *user = strstr(request->text, "sip:");
    if (user == NULL || strncmp(user + 4, legs->options->agent_prefix, length) != 0) return -1;
    return atoi(user + 4 + length);
}

/// A new leg, or the one that this INVITE made when it came first; -1 when none is free.
static int leg_for(struct legs *legs, const struct sip_message *request, int *is_new) {
    char call_id[SIP_FIELD_MAX];
    int free = legs->used < legs->capacity ? legs->used : -1;
    sip_header(request, "Call-ID", call_id, sizeof call_id);
    *is_new = 0;
    for (int i = legs->used - 1; i >= 0; i--) {
        if (legs->all[i].state == LEG_FREE) {
            free = i;
        } else if (strcmp(legs->all[i].call_id, call_id) == 0) {
            return i;
        }
    }
    if (free >= 0) {
        *is_new = 1;
        if (free == legs->used) legs->used++;
        strcpy(legs->all[free].call_id, call_id);
    }
    return free;
}

static void invited(struct legs *legs, const struct sip_message *request, uint64_t now) {
    char tag[LEG_TAG_MAX];
    int is_new, index = leg_for(legs, request, &is_new);
    if (index < 0) {
        legs->refused++;
        return respond(legs, request, "486 Busy Here", "full", 0);
    }
    struct leg *leg = &legs->all[index];
    if (!is_new) {
        // A repetition, or a re-INVITE: the same answer serves both.
        legs->repeated++;
        write_tag(tag, legs, index);
        return respond(legs, request, "200 OK", tag, leg->media_port);
    }
    leg->state = LEG_ANSWERED;
    leg->generation++;
    leg->agent = agent_of(legs, request);
    leg->answered_at = now;
    leg->hang_up_at = NEVER;
    leg->deadline = now + patience;
    write_tag(tag, legs, index);
    sip_header(request, "From", leg->from, sizeof leg->from);
    sip_header(request, "To", leg->to, sizeof leg->to - LEG_TAG_MAX - 5);
    strcat(strcat(leg->to, ";tag="), tag);
    sip_header_uri(request, "Contact", leg->target, sizeof leg->target);
    sip_uri_address(leg->target, &leg->next_hop);
    if (!sip_media_address(request, &leg->media)) leg->media.sin_port = 0;
    if (legs->offered != NULL) legs->offered(index, now);
    respond(legs, request, "180 Ringing", tag, 0);
    respond(legs, request, "200 OK", tag, leg->media_port);
}

static void send_bye(const struct legs *legs, int index) {
    const struct leg *leg = &legs->all[index];
    const struct options *o = legs->options;
    char text[SIP_BYTES_MAX];
    int length = snprintf(
        text, sizeof text,
        "BYE %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;branch=z9hG4bKleg%d-%u;rport\r\nMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\n"
        "Call-ID: %s\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n",
        leg->target, o->answerer_host, o->answerer_port, index, leg->generation, leg->to, leg->from, leg->call_id);
    datagram_send(legs->descriptor, text, (size_t)length, &leg->next_hop);
}

void legs_hang_up(struct legs *legs, int index, uint64_t now) {
    struct leg *leg = &legs->all[index];
    leg->state = LEG_ENDING;
    if (leg->hang_up_at <= now && now - leg->hang_up_at > legs->slip_max) legs->slip_max = now - leg->hang_up_at;
    leg->hang_up_at = NEVER;
    leg->interval = 500 * MILLISECOND;
    leg->next_send = now + leg->interval;
    leg->deadline = now + patience;
    if (legs->goodbye != NULL) legs->goodbye(index);
    send_bye(legs, index);
}

static void end(struct legs *legs, int index, uint64_t now) {
    legs->all[index].state = LEG_FREE;
    if (legs->ended != NULL) legs->ended(index, now);
}

static void request(struct legs *legs, const struct sip_message *message, uint64_t now) {
    if (strcmp(message->method, "INVITE") == 0) return invited(legs, message, now);
    int index = tagged(legs, message, "To");
    if (strcmp(message->method, "ACK") == 0) {
        if (index < 0 || legs->all[index].state != LEG_ANSWERED) return;
        legs->all[index].state = LEG_UP;
        if (legs->up != NULL) legs->up(index, now);
        return;
    }
    respond(legs, message, "200 OK", NULL, 0);
    if (index >= 0 && strcmp(message->method, "BYE") == 0) end(legs, index, now);
}

void legs_receive(struct legs *legs, uint64_t now) {
    static struct sip_message message;
    socklen_t length = sizeof message.source;
    ssize_t bytes;
    while ((bytes = recvfrom(
                legs->descriptor, message.text, SIP_BYTES_MAX, 0, (struct sockaddr *)&message.source, &length)) > 0) {
        length = sizeof message.source;
        if (!sip_parse(&message, (size_t)bytes)) continue;
        if (message.status == 0) {
            request(legs, &message, now);
        } else if (message.status >= 200 && sip_is_for(&message, "BYE")) {
            int index = tagged(legs, &message, "From");
            if (index >= 0 && legs->all[index].state == LEG_ENDING) end(legs, index, now);
        }
    }
}

void legs_tick(struct legs *legs, uint64_t now) {
    for (int i = 0; i < legs->used; i++) {
        struct leg *leg = &legs->all[i];
        int has_no_ack = leg->state == LEG_ANSWERED && leg->deadline <= now;
        if (has_no_ack || (leg->state == LEG_UP && leg->hang_up_at <= now)) legs_hang_up(legs, i, now);
        if (leg->state != LEG_ENDING) continue;
        if (leg->deadline <= now) {
            legs->unanswered++;
            end(legs, i, now);
        } else if (leg->next_send <= now) {
            legs->retransmissions++;
            leg->interval *= 2;
            leg->next_send = now + leg->interval;
            send_bye(legs, i);
        }
    }
}
