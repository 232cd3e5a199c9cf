// Phones of conferences on a thread of their own, and the least that mixing could cost.
#pragma once
#include <stdint.h>

enum { ROOM_PARTIES_MAX = 128, ROOM_FRAME = 160 };

/// Opens a socket for each party on `host` and returns 0; its port is `room_port`. Exits where that fails.
void room_open(const char *host, int parties);
int room_port(int party);
/// Where each party sends to.
void room_aim(int party, const char *host, int port);
/// Each party sends A-law noise of its own every 20 ms, in slots of 1 ms, and reads what comes, until `room_stop`.
void room_start(void);
void room_stop(void);
/// Packets that came since the start.
uint64_t room_heard(void);

/// The processor's time of this thread, in microseconds.
double thread_microseconds(void);
/// Until `descriptor` is readable or `nanoseconds` have passed.
void wait_readable(int descriptor, uint64_t nanoseconds);

/// For `seconds` every packet of the phones goes back where it came from, by epoll, recv and send alone. Microseconds of this
/// thread for each.
double plain_echo(const char *host, double seconds);

/// `rounds` times: every party's 160 bytes decoded by a table, added, its own taken off, saturated, encoded by a table.
/// Microseconds of this thread for one party and round.
double plain_mix(int parties, int rounds);
