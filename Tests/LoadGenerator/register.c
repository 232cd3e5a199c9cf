// REGISTER of the bench's agents: all from one socket, each with a Contact of its own.

#define _GNU_SOURCE
#include "clock.h"
#include "datagram.h"
#include "digest.h"
#include "legs.h"
#include "modes.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AT_ONCE_MAX = 16, EXPIRES_SECONDS = 3600 };

static void send_register(const struct options *o, const struct legs *legs, int agent, int sequence, const char *challenge) {
    char text[SIP_BYTES_MAX], user[64], uri[64], authorization[1024] = "";
    const char *domain = o->agent_domain != NULL ? o->agent_domain : o->daemon_text;
    snprintf(user, sizeof user, "%s%04d", o->agent_prefix, agent);
    snprintf(uri, sizeof uri, "sip:%s", domain);
    if (challenge != NULL &&
        !digest_authorization(authorization, sizeof authorization, challenge, user, o->agent_password, "REGISTER", uri)) {
        fprintf(stderr, "the daemon offers no MD5 digest: %s\n", challenge);
        exit(1);
    }
    int length = snprintf(
        text, sizeof text,
        "REGISTER %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;branch=z9hG4bKr%d-%d-%d;rport\r\nMax-Forwards: 70\r\n"
        "From: <sip:%s@%s>;tag=r%d\r\nTo: <sip:%s@%s>\r\nCall-ID: r%d-%d@load\r\nCSeq: %d REGISTER\r\n"
        "Contact: <sip:%s@%s:%d>\r\nExpires: %d\r\n%sContent-Length: 0\r\n\r\n",
        uri, o->answerer_host, o->answerer_port, agent, sequence, getpid(), user, domain, agent, user, domain, agent, getpid(),
        sequence, user, o->answerer_host, o->answerer_port, EXPIRES_SECONDS, authorization);
    datagram_send(legs->descriptor, text, (size_t)length, &o->daemon);
}

/// Returns whether that agent is registered now.
static int handle(const struct options *o, const struct legs *legs, const struct sip_message *response) {
    char call_id[SIP_FIELD_MAX], challenge[1024], sequence[64];
    int agent;
    if (!sip_is_for(response, "REGISTER") || response->status < 200 ||
        !sip_header(response, "Call-ID", call_id, sizeof call_id) || sscanf(call_id, "r%d-", &agent) != 1)
        return 0;
    if (response->status == 200) return 1;
    if (response->status == 401 && sip_header(response, "CSeq", sequence, sizeof sequence) && atoi(sequence) == 1) {
        // Several challenges: MD5 is looked for in each, because carriers' phones know no other.
        const char *line = response->text;
        while ((line = strcasestr(line, "\nWWW-Authenticate:")) != NULL) {
            line += 18;
            snprintf(challenge, sizeof challenge, "%.*s", (int)strcspn(line, "\r\n"), line);
            if (strcasestr(challenge, "SHA-") == NULL) break;
        }
        send_register(o, legs, agent, 2, challenge);
        return 0;
    }
    fprintf(stderr, "REGISTER of agent %d: %d\n", agent, response->status);
    exit(1);
}

void register_agents(const struct options *options, const struct legs *legs) {
    static struct sip_message message;
    int sent = 0, registered = 0;
    uint64_t deadline = now() + 10 * SECOND;
    while (registered < options->agents) {
        while (sent < options->agents && sent - registered < AT_ONCE_MAX) send_register(options, legs, ++sent, 1, NULL);
        struct pollfd descriptor = {.fd = legs->descriptor, .events = POLLIN};
        poll(&descriptor, 1, 1000);
        socklen_t length = sizeof message.source;
        ssize_t bytes = recvfrom(
            legs->descriptor, message.text, SIP_BYTES_MAX, 0, (struct sockaddr *)&message.source, &length);
        if (bytes > 0 && sip_parse(&message, (size_t)bytes) && handle(options, legs, &message)) {
            registered++;
            deadline = now() + 10 * SECOND;
        }
        if (now() > deadline) {
            fprintf(stderr, "only %d of %d agents could be registered\n", registered, options->agents);
            exit(1);
        }
    }
    if (options->agents > 0) printf("registered_agents: %d\n", registered);
}
