// The command line, the same for all modes.
#pragma once
#include "house.h"
#include "options.h"

enum { AGENTS_MAX = 400 };

struct settings {
    const char *mode;
    struct house house;
    /// Where the browsers' sockets are.
    char browser_host[16];
    /// What the daemon is configured to speak with browsers: `pcma` or `opus`.
    const char *codec;
    /// A path with a token, for `api`.
    const char *path, *second_path;
    /// The agents are `agents` from this number on.
    int first_agent, agents, waves, handshake_waves, connections, pid;
    double seconds, warmup;
    /// For the callers.
    struct options calls;
};

/// Exits with a usage text where the line is wrong.
struct settings settings_read(int argc, char **argv);
/// Prints the usage and exits.
_Noreturn void settings_refuse(void);

int run_webrtc(const struct settings *settings);
int run_plain(const struct settings *settings);
int run_memory(const struct settings *settings);
int run_api(const struct settings *settings);
