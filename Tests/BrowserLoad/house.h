// Where the daemon's HTTP is, and with what one signs in there.
#pragma once
#include <netinet/in.h>

struct house {
    struct sockaddr_in address;
    /// As it stands in Host and Origin.
    char authority[32];
    /// Agents are this with four digits from 0001.
    const char *agent_prefix;
    /// Of every agent.
    const char *password;
    /// A bearer token.
    const char *token;
};
