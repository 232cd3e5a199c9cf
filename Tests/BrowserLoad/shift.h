// The agents of a run: desk and voice of each, and what the house says of them.
#pragma once
#include "browser.h"
#include "desks.h"
#include "voices.h"

/// An agent at work.
struct agent {
    /// What the house says of the voice.
    int is_audio_connected;
    int is_talking;
    /// The last of our frames that was carried out, and the one that we wait for.
    long done, awaited;
};

struct shift {
    const struct settings *settings;
    struct desks desks;
    struct browser *browsers;
    struct agent *agents;
    /// Where the browsers are the odd ends; NULL: nobody speaks.
    struct voices *voices;
    /// Conversations that ended or were lost while we did not want that.
    long calls_lost;
    int is_closing;
    /// Called while something is waited for; it calls `shift_tick`.
    uint64_t (*serve)(uint64_t now);
};

/// There is one.
extern struct shift shift;

void shift_prepare(const struct settings *settings, struct voices *voices, uint64_t (*serve)(uint64_t now));
/// The voices of all agents from the first to the last connect at once, as of reloaded pages; ends when all desks know.
void shift_connect(int first, int last);
/// The same, but DTLS waits until every check has passed. Returns milliseconds of the daemon's CPU per handshake.
double shift_handshake(void);
void shift_become_available(void);
int shift_is_talking(void);
int shift_is_silent(void);
void shift_sign_out(void);
void shift_tick(uint64_t now);
/// Lets time pass.
void shift_rest(uint64_t duration);
