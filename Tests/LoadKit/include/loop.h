// One thread that waits for SIP on both sides and for the next thing to do.
#pragma once
#include "callers.h"
#include "legs.h"

/// Runs until `serve` returns 0; otherwise it returns when it wants to be called next (at the latest a millisecond later).
void loop_run(struct callers *callers, struct legs *legs, uint64_t (*serve)(uint64_t now));
/// Waits until `due` at the latest, exactly. Returns the number of events.
struct epoll_event;
int loop_wait(int poller, struct epoll_event *events, int events_max, uint64_t due);
/// Room for sockets, and memory that is never paged out or in.
void loop_prepare(void);
