// The voices of both ends: 50 packets a second each, phases spread; delay, loss and CPU measured.
#pragma once
#include "browser.h"
#include "samples.h"
#include "speech.h"

/// One end of a call: a browser, or a telephone with its own RTP socket.
struct voice {
    /// The telephone's; unused at a browser's end.
    struct source source;
    /// NULL: a telephone.
    struct browser *browser;
    int is_speaking;
    uint16_t sequence;
    uint32_t timestamp;
    /// Of the speech.
    int frame;
    /// Whose packets are heard here; -1 before the first.
    int peer;
};

struct voices {
    const struct speech *speech;
    struct voice *all;
    int count, slot;
    uint64_t slot_due;
    /// Packets sent within this time are measured; NEVER: not yet.
    uint64_t measured_from, measured_to;
    /// Browsers speak Opus: the sound has no stamp, and there is neither a delay nor who is heard.
    int is_transcoded;
    int pid;
    uint64_t cpu_from, cpu_to, slip_max;
    uint64_t sent, received, late, crossed;
    struct samples delays;
};

struct voices voices_new(const struct speech *speech, struct voice *all, int count, int pid);
/// Counts for that many seconds after the warm-up, and then waits for what is on its way. `serve` calls `voices_serve`. The
/// voices have to be known by then.
void voices_run(struct voices *voices, double warmup, double seconds, uint64_t (*serve)(uint64_t now));
/// Sends what is due; returns when it wants to be called next.
uint64_t voices_serve(struct voices *voices);
/// A packet in the clear that came to that end.
void voices_hear(struct voices *voices, int index, const unsigned char *packet, int bytes);
/// Prints the rows.
void voices_print(struct voices *voices);
