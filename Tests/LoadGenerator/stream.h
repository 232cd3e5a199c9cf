// RTP from many ends at once: 50 packets a second each, phases spread, delay and loss measured.
#pragma once
#include "options.h"
#include "samples.h"

/// One RTP socket, connected to where it sends.
struct stream_end {
    int descriptor;
    uint16_t sequence;
    /// Which end's packets come in here; -1 before the first. All others are `crossed`.
    int peer;
};

struct stream_result {
    /// Of packets sent within the measured time.
    uint64_t sent, received, late, crossed;
    uint64_t slip_max, cpu;
    struct samples delays;
};

/// A socket at host:port, connected to `remote`; exits if that cannot be.
int stream_socket(const char *host, int port, const struct sockaddr_in *remote);
/// Sends for warm-up plus measured time. `serve_sip` is called about every millisecond; may be NULL.
struct stream_result stream_run(
    const struct options *options, struct stream_end *ends, int count, void (*serve_sip)(uint64_t now));
void stream_print(const struct options *options, struct stream_result *result);
