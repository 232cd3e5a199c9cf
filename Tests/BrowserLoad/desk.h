// An agent's page without the page: sign-in, and the desk's frames over WebSocket (RFC 6455).
#pragma once
#include "connection.h"
#include "house.h"

enum desk_state { DESK_SIGNED_OUT, DESK_SIGNING_IN, DESK_SIGNED_IN, DESK_UPGRADING, DESK_OPEN, DESK_SIGNING_OUT };

struct desk {
    struct connection connection;
    const struct house *house;
    enum desk_state state;
    int agent;
    /// Of the session, with its name.
    char cookie[160];
    uint64_t asked_at, next_alive;
    /// Of our last frame.
    long id;
    /// Frames that the daemon refused, and the first one's text.
    long refused;
    char first_refusal[256];
    /// From the request to the response of the sign-in.
    uint64_t sign_in_took;
    /// One frame of the house; `text` ends with a zero byte.
    void (*frame)(struct desk *desk, const char *type, const char *text, uint64_t now);
};

void desk_prepare(struct desk *desk, const struct house *house, int agent);
/// POST /v1/agent-sessions; then DESK_SIGNED_IN.
void desk_sign_in(struct desk *desk, uint64_t now);
/// The WebSocket; then DESK_OPEN.
void desk_open(struct desk *desk);
/// Closes the WebSocket and DELETEs the session; then DESK_SIGNED_OUT.
void desk_sign_out(struct desk *desk);
/// Sends `{"id":n,"type":"TYPE"MORE}`; `more` is empty or begins with a comma. Returns the id.
long desk_send(struct desk *desk, const char *type, const char *more);
/// The frame that a page's worker sends every 5 s.
void desk_tick(struct desk *desk, uint64_t now);
