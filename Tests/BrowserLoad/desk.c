#define _GNU_SOURCE
#include "desk.h"

#include "clock.h"
#include "http.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_BYTES_MAX = 16 << 10, MASK = 0x5A };

static const char cookie_name[] = "switchboard-agent=";
static const uint64_t alive_interval = 5 * SECOND;

_Noreturn static void give_up(const struct desk *desk, const char *what) {
    fprintf(stderr, "agent %d: %s\n%.300s\n", desk->agent, what, desk->connection.count > 0 ? desk->connection.bytes : "");
    exit(1);
}

static void ended(struct connection *connection, uint64_t now) {
    (void)now;
    struct desk *desk = (struct desk *)connection;
    give_up(desk, "the daemon closed the connection");
}

void desk_prepare(struct desk *desk, const struct house *house, int agent) {
    desk->house = house;
    desk->agent = agent;
    desk->connection.source.descriptor = -1;
    desk->connection.ended = ended;
}

// Sign-in and sign-out

static void sign_in_answered(struct connection *connection, uint64_t now) {
    struct desk *desk = (struct desk *)connection;
    struct http_response response = http_response(connection);
    if (response.bytes == 0) return;
    if (response.status != 201) give_up(desk, "the sign-in was refused");
    if (!http_field(connection, "set-cookie", ';', desk->cookie, sizeof desk->cookie) ||
        strncmp(desk->cookie, cookie_name, strlen(cookie_name)) != 0)
        give_up(desk, "the sign-in set no cookie");
    desk->sign_in_took = now - desk->asked_at;
    desk->state = DESK_SIGNED_IN;
    // An upgrade is looked for in the first request of a connection only.
    connection_close(connection);
}

void desk_sign_in(struct desk *desk, uint64_t now) {
    char body[256], text[1024];
    int length = snprintf(
        body, sizeof body, "{\"name\":\"%s%04d\",\"password\":\"%s\"}", desk->house->agent_prefix, desk->agent,
        desk->house->password);
    length = snprintf(
        text, sizeof text,
        "POST /v1/agent-sessions HTTP/1.1\r\nHost: %s\r\nX-Requested-With: switchboard\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s",
        desk->house->authority, length, body);
    connection_open(&desk->connection, &desk->house->address);
    desk->connection.received = sign_in_answered;
    desk->state = DESK_SIGNING_IN;
    desk->asked_at = now;
    connection_send(&desk->connection, text, (size_t)length);
}

static void sign_out_answered(struct connection *connection, uint64_t now) {
    (void)now;
    struct desk *desk = (struct desk *)connection;
    struct http_response response = http_response(connection);
    if (response.bytes == 0) return;
    if (response.status != 204) give_up(desk, "the sign-out was refused");
    desk->state = DESK_SIGNED_OUT;
    connection_close(connection);
}

void desk_sign_out(struct desk *desk) {
    char text[1024];
    connection_close(&desk->connection);
    connection_open(&desk->connection, &desk->house->address);
    desk->connection.received = sign_out_answered;
    desk->state = DESK_SIGNING_OUT;
    int length = snprintf(
        text, sizeof text,
        "DELETE /v1/agent-sessions HTTP/1.1\r\nHost: %s\r\nX-Requested-With: switchboard\r\nCookie: %s\r\n\r\n",
        desk->house->authority, desk->cookie);
    connection_send(&desk->connection, text, (size_t)length);
}

// Frames

enum opcode { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };

static void send_frame(const struct desk *desk, enum opcode opcode, const char *text, size_t length) {
    // Clients mask (RFC 6455, section 5.3); against whom they do so is no matter here.
    static unsigned char frame[FRAME_BYTES_MAX + 8];
    size_t head = 2;
    if (length > FRAME_BYTES_MAX) give_up(desk, "a frame that is too long");
    frame[0] = 0x80 | (unsigned char)opcode;
    frame[1] = 0x80 | (unsigned char)(length < 126 ? length : 126);
    if (length >= 126) {
        uint16_t count = htons((uint16_t)length);
        memcpy(frame + head, &count, 2);
        head += 2;
    }
    memset(frame + head, MASK, 4);
    head += 4;
    for (size_t i = 0; i < length; i++) frame[head + i] = (unsigned char)text[i] ^ MASK;
    connection_send(&desk->connection, frame, head + length);
}

long desk_send(struct desk *desk, const char *type, const char *more) {
    static char text[FRAME_BYTES_MAX];
    int length = snprintf(text, sizeof text, "{\"id\":%ld,\"type\":\"%s\"%s}", ++desk->id, type, more);
    if (length >= (int)sizeof text) give_up(desk, "a frame that is too long");
    send_frame(desk, TEXT, text, (size_t)length);
    return desk->id;
}

static void take_text(struct desk *desk, char *text, uint64_t now) {
    char type[32];
    const char *start = strstr(text, "\"type\":\"");
    if (start == NULL) give_up(desk, "a frame without a type");
    start += strlen("\"type\":\"");
    size_t length = strcspn(start, "\"");
    if (length >= sizeof type) return;
    memcpy(type, start, length);
    type[length] = 0;
    if (strcmp(type, "refused") == 0 && desk->refused++ == 0)
        snprintf(desk->first_refusal, sizeof desk->first_refusal, "%s", text);
    if (desk->frame != NULL) desk->frame(desk, type, text, now);
}

/// Takes one frame; returns 0 if it has not all come yet.
static int take_frame(struct desk *desk, uint64_t now) {
    struct connection *connection = &desk->connection;
    const unsigned char *bytes = (const unsigned char *)connection->bytes;
    size_t head = 2, length;
    if (connection->count < head) return 0;
    length = bytes[1] & 0x7F;
    if (length == 126) head += 2;
    if (length == 127) head += 8;
    if (connection->count < head) return 0;
    if (head > 2) {
        length = 0;
        for (size_t i = 2; i < head; i++) length = length << 8 | bytes[i];
    }
    if (connection->count < head + length) return 0;
    char *payload = connection->bytes + head, behind = payload[length];
    switch (bytes[0] & 0x0F) {
    case TEXT:
        payload[length] = 0;
        take_text(desk, payload, now);
        payload[length] = behind;
        break;
    case PING: send_frame(desk, PONG, payload, length); break;
    case CLOSE: give_up(desk, "the daemon closed the desk");
    default: break;
    }
    connection_take(connection, head + length);
    return 1;
}

static void frames_came(struct connection *connection, uint64_t now) {
    struct desk *desk = (struct desk *)connection;
    while (desk->state == DESK_OPEN && connection->count > 0 && take_frame(desk, now)) {}
}

static void upgrade_answered(struct connection *connection, uint64_t now) {
    struct desk *desk = (struct desk *)connection;
    struct http_response response = http_response(connection);
    if (response.body == 0) return;
    if (response.status != 101) give_up(desk, "the desk was refused");
    desk->state = DESK_OPEN;
    desk->next_alive = now + alive_interval;
    connection->received = frames_came;
    connection_take(connection, response.body);
    frames_came(connection, now);
}

void desk_open(struct desk *desk) {
    char text[1024];
    connection_open(&desk->connection, &desk->house->address);
    desk->connection.received = upgrade_answered;
    desk->state = DESK_UPGRADING;
    int length = snprintf(
        text, sizeof text,
        "GET /v1/desk?tab=bench%d HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nCookie: %s\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        desk->agent, desk->house->authority, desk->house->authority, desk->cookie);
    connection_send(&desk->connection, text, (size_t)length);
}

void desk_tick(struct desk *desk, uint64_t now) {
    if (desk->state != DESK_OPEN || now < desk->next_alive) return;
    desk->next_alive += alive_interval;
    desk_send(desk, "alive", ",\"visible\":true");
}
