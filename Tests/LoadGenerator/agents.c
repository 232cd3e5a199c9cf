// The bench's agents: all at one socket, each with a Contact of its own.

#define _GNU_SOURCE
#include "agents.h"
#include "clock.h"
#include "datagram.h"
#include "digest.h"
#include "sip.h"
#include "usage.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AT_ONCE_MAX = 16, EXPIRES_SECONDS = 3600 };

/// An agent whose turn is under way, and its request that waits for an answer. It is repeated as RFC 3261 section 17.1 says:
/// one lost datagram is no reason to end a bench.
static struct pending {
    /// 0: nobody's.
    int agent;
    /// The second request, with the password, is out.
    int challenged;
    size_t length;
    uint64_t next_send, interval;
    char text[SIP_BYTES_MAX];
} pending[AT_ONCE_MAX];

static struct pending *pending_of(int agent) {
    for (int i = 0; i < AT_ONCE_MAX; i++)
        if (pending[i].agent == agent) return &pending[i];
    return NULL;
}

static void send_request(const struct options *o, const struct legs *legs, int agent, const char *text, size_t length) {
    struct pending *slot = pending_of(agent);
    datagram_send(legs->descriptor, text, length, &o->daemon);
    if (slot == NULL) return;
    memcpy(slot->text, text, length);
    slot->length = length;
    slot->interval = 500 * MILLISECOND;
    slot->next_send = now() + slot->interval;
}

static void repeat_requests(const struct options *o, const struct legs *legs) {
    for (int i = 0; i < AT_ONCE_MAX; i++) {
        if (pending[i].agent == 0 || pending[i].next_send > now()) continue;
        datagram_send(legs->descriptor, pending[i].text, pending[i].length, &o->daemon);
        pending[i].interval *= 2;
        pending[i].next_send = now() + pending[i].interval;
    }
}

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
    send_request(o, legs, agent, text, (size_t)length);
}

/// The first challenge for MD5: all telephones know it.
static int md5_challenge(const struct sip_message *response, char *challenge, size_t size) {
    const char *line = response->text;
    while ((line = strcasestr(line, "-Authenticate:")) != NULL) {
        line += strlen("-Authenticate:");
        snprintf(challenge, size, "%.*s", (int)strcspn(line, "\r\n"), line);
        if (strcasestr(challenge, "SHA-") == NULL) return 1;
    }
    return 0;
}

/// INVITE, ACK and BYE of an agent who dials a feature code. `response` is NULL for the first INVITE.
static void send_dialled(
    const struct options *o, const struct legs *legs, int agent, const char *method, int sequence,
    const struct sip_message *response) {
    char text[SIP_BYTES_MAX], user[64], uri[SIP_FIELD_MAX], to[SIP_FIELD_MAX], target[SIP_FIELD_MAX] = "";
    char challenge[1024], authorization[1024] = "";
    int is_invite = strcmp(method, "INVITE") == 0, is_answered = response != NULL && response->status < 300;
    const char *domain = o->agent_domain != NULL ? o->agent_domain : o->daemon_text;
    snprintf(user, sizeof user, "%s%04d", o->agent_prefix, agent);
    snprintf(uri, sizeof uri, "sip:%s@%s", o->sign_in, domain);
    snprintf(to, sizeof to, "<%s>", uri);
    if (response != NULL && !is_invite) sip_header(response, "To", to, sizeof to);
    if (is_answered) sip_header_uri(response, "Contact", target, sizeof target);
    if (is_invite && response != NULL && md5_challenge(response, challenge, sizeof challenge)) {
        size_t prefix = response->status == 407 ? (size_t)snprintf(authorization, sizeof authorization, "Proxy-") : 0;
        digest_authorization(
            authorization + prefix, sizeof authorization - prefix, challenge, user, o->agent_password, "INVITE", uri);
    }
    size_t length = (size_t)snprintf(
        text, sizeof text,
        "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;branch=z9hG4bKs%d-%d-%d%s;rport\r\nMax-Forwards: 70\r\n"
        "From: <sip:%s@%s>;tag=s%d\r\nTo: %s\r\nCall-ID: s%d-%d@load\r\nCSeq: %d %s\r\nContact: <sip:%s@%s:%d>\r\n%s",
        method, target[0] != 0 ? target : uri, o->answerer_host, o->answerer_port, agent, sequence, getpid(),
        is_answered ? method : "", user, domain, agent, to, agent, getpid(), sequence, method, user, o->answerer_host,
        o->answerer_port, authorization);
    if (is_invite) length += sip_description(text + length, sizeof text - length, o->answerer_host, o->media_port);
    else length += (size_t)snprintf(text + length, sizeof text - length, "Content-Length: 0\r\n\r\n");
    // An ACK is sent again when the response comes again.
    if (strcmp(method, "ACK") == 0) datagram_send(legs->descriptor, text, length, &o->daemon);
    else send_request(o, legs, agent, text, length);
}

_Noreturn static void refused(const char *what, int agent, int status) {
    fprintf(stderr, "%s of agent %d: %d\n", what, agent, status);
    exit(1);
}

static int sequence_of(const struct sip_message *message) {
    char value[64];
    return sip_header(message, "CSeq", value, sizeof value) ? atoi(value) : 0;
}

/// Returns whether that agent is registered now.
static int registering(const struct options *o, const struct legs *legs, const struct sip_message *response, int agent) {
    char challenge[1024];
    if (!sip_is_for(response, "REGISTER") || response->status < 200) return 0;
    if (response->status == 200) return 1;
    // The answer to a request that was repeated while it was on its way.
    if (response->status == 401 && sequence_of(response) == 1 && pending_of(agent)->challenged) return 0;
    if (response->status != 401 || sequence_of(response) != 1 || !md5_challenge(response, challenge, sizeof challenge))
        refused("REGISTER", agent, response->status);
    pending_of(agent)->challenged = 1;
    send_register(o, legs, agent, 2, challenge);
    return 0;
}

/// Returns whether that agent's call to the feature code is over.
static int dialling(const struct options *o, const struct legs *legs, const struct sip_message *message, int agent) {
    if (message->status == 0) {
        // The daemon may end the call before we do.
        char text[SIP_BYTES_MAX];
        size_t length = sip_response_head(text, sizeof text, message, "200 OK", NULL);
        length += (size_t)snprintf(text + length, sizeof text - length, "Content-Length: 0\r\n\r\n");
        if (strcmp(message->method, "ACK") != 0) datagram_send(legs->descriptor, text, length, &message->source);
        return 0;
    }
    if (message->status < 200) {
        // RFC 3261 section 17.1.1.2: whoever says that it has the INVITE need not have it again.
        pending_of(agent)->next_send = NEVER;
        return 0;
    }
    if (sip_is_for(message, "BYE")) return 1;
    if (!sip_is_for(message, "INVITE")) return 0;
    int sequence = sequence_of(message);
    send_dialled(o, legs, agent, "ACK", sequence, message);
    if (message->status < 300) {
        send_dialled(o, legs, agent, "BYE", sequence + 1, message);
    } else if (sequence == 1 && (message->status == 401 || message->status == 407)) {
        if (pending_of(agent)->challenged) return 0;
        pending_of(agent)->challenged = 1;
        send_dialled(o, legs, agent, "INVITE", 2, message);
    } else {
        refused(o->sign_in, agent, message->status);
    }
    return 0;
}

/// Lets all agents do the same, a few at a time. Call-IDs begin with `mark` and the agent's number.
static void for_all(
    const struct options *o, const struct legs *legs, char mark,
    void (*begin)(const struct options *, const struct legs *, int),
    int (*handle)(const struct options *, const struct legs *, const struct sip_message *, int)) {
    static struct sip_message message;
    char call_id[SIP_FIELD_MAX], found;
    int sent = 0, finished = 0, agent;
    uint64_t deadline = now() + 10 * SECOND;
    while (finished < o->agents) {
        while (sent < o->agents && sent - finished < AT_ONCE_MAX) {
            *pending_of(0) = (struct pending){.agent = ++sent, .next_send = NEVER};
            begin(o, legs, sent);
        }
        struct pollfd descriptor = {.fd = legs->descriptor, .events = POLLIN};
        poll(&descriptor, 1, 50);
        repeat_requests(o, legs);
        socklen_t length = sizeof message.source;
        ssize_t bytes = recvfrom(
            legs->descriptor, message.text, SIP_BYTES_MAX, 0, (struct sockaddr *)&message.source, &length);
        if (bytes > 0 && sip_parse(&message, (size_t)bytes) && sip_header(&message, "Call-ID", call_id, sizeof call_id) &&
            sscanf(call_id, "%c%d-", &found, &agent) == 2 && found == mark && agent > 0 &&
            pending_of(agent) != NULL && handle(o, legs, &message, agent)) {
            pending_of(agent)->agent = 0;
            finished++;
            deadline = now() + 10 * SECOND;
        }
        if (now() > deadline) {
            fprintf(stderr, "only %d of %d agents could be made ready\n", finished, o->agents);
            exit(1);
        }
    }
}

static void begin_register(const struct options *o, const struct legs *legs, int agent) {
    send_register(o, legs, agent, 1, NULL);
}

static void begin_dial(const struct options *o, const struct legs *legs, int agent) {
    send_dialled(o, legs, agent, "INVITE", 1, NULL);
}

void agents_prepare(const struct options *options, const struct legs *legs) {
    if (options->agents == 0) return;
    for_all(options, legs, 'r', begin_register, registering);
    printf("registered_agents: %d\n", options->agents);
    if (options->sign_in == NULL) return;
    for_all(options, legs, 's', begin_dial, dialling);
    printf("signed_in_agents: %d\n", options->agents);
}

int agents_configuration(const struct options *o) {
    if (o->agent_domain == NULL) options_refuse();
    puts("agents:");
    for (int agent = 1; agent <= o->agents; agent++) {
        char user[64], hash[33];
        snprintf(user, sizeof user, "%s%04d", o->agent_prefix, agent);
        digest_secret(hash, user, o->agent_domain, o->agent_password);
        printf("  %s: {devices: {%s: {ha1: \"%s:%s:%s\"}}}\n", user, user, user, o->agent_domain, hash);
    }
    return 0;
}
