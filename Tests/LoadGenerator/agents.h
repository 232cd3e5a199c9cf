// The bench's agents: their configuration, registration and sign-in.
#pragma once
#include "legs.h"
#include "options.h"

/// REGISTERs all agents from the called side's socket, with digest where asked, and dials `sign_in` from each if it is given.
/// Exits if one is refused.
void agents_prepare(const struct options *options, const struct legs *legs);
/// Prints `agents.yaml` for the daemon: as many agents, each with one device, in the realm `agent_domain`.
int agents_configuration(const struct options *options);
