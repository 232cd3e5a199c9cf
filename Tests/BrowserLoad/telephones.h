// The callers at the trunk, with a voice each.
#pragma once
#include "callers.h"
#include "settings.h"
#include "voices.h"

/// Callers are the even ends.
void telephones_prepare(const struct settings *settings, struct voices *voices);
/// A telephone's end at host:port, which talks with `remote`. Exits if that cannot be.
void telephones_connect(struct voice *voice, const char *host, int port, const struct sockaddr_in *remote);
void telephones_tick(uint64_t now);
/// Begins the calls that are due, at the rate of the settings from the first time on. Returns whether all are up.
int telephones_call(uint64_t now);
/// Ends them likewise. Returns whether all are over.
int telephones_hang_up(uint64_t now);
/// Calls that ended before that.
long telephones_lost(void);
