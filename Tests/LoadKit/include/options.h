// What both generators are told: who calls whom, how often and for how long.
#pragma once
#include <netinet/in.h>

struct options {
    /// What of the generator is run.
    const char *mode;
    /// SIP of the daemon, or the first port of the relay.
    struct sockaddr_in daemon;
    char daemon_text[32];
    /// Our two sides: who calls, and who is called (agents and the far trunk).
    char caller_host[16], answerer_host[16];
    int caller_port, answerer_port;
    /// First RTP port of each side.
    int media_port;
    const char *number, *caller_name, *agent_prefix, *agent_password, *agent_domain, *sign_in;
    /// CPU and memory of this process are measured; 0: of none.
    int pid;
    double rate, seconds, warmup;
    int calls, agents, waiting, hold_ms, press_after_ms;
    /// Pressed after the answer; 0: none.
    char key;
    /// Who says goodbye: the answering side (queue) or the caller (transfer).
    int answerer_ends;
};
