/* Functions and hooks of the library that this module replaces: name look-up (T2) and the clock (T4). */
#include "internal.h"
#include <netdb.h>
#include <sofia-sip/su_addrinfo.h>
#include <sofia-sip/su_time.h>
#include <time.h>

static uint64_t lookups;

uint64_t csofia_lookups(void) { return lookups; }

/* The library answers requests that it refuses early to the host named in Via, through a blocking getaddrinfo: one
   datagram would stop the loop for seconds. It calls this through its PLT, so ours is taken: numeric addresses only. */
int su_getaddrinfo(char const *node, char const *service, su_addrinfo_t const *hints, su_addrinfo_t **result) {
    su_addrinfo_t numeric = { 0 };
    if (hints) numeric = *hints;
    numeric.ai_flags |= AI_NUMERICHOST | AI_NUMERICSERV;
    lookups++;
    return getaddrinfo(node, service, &numeric, result);
}

/* A hook "for testing" that the library exports without a header. Its timers run on the wall clock: a step back would
   stop every retransmission. With the hook they see the wall time at our start plus the monotonic time since. */
extern void (*_su_time)(su_time_t *);
static su_time_t wall;
static struct timespec start;

static void monotonic(su_time_t *time) {
    struct timespec now;
    if (!time) return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long seconds = now.tv_sec - start.tv_sec;
    long microseconds = (now.tv_nsec - start.tv_nsec) / 1000 + (long)wall.tv_usec;
    while (microseconds < 0) { microseconds += 1000000; seconds--; }
    while (microseconds >= 1000000) { microseconds -= 1000000; seconds++; }
    time->tv_sec = wall.tv_sec + (unsigned long)seconds;
    time->tv_usec = (unsigned long)microseconds;
}

static void sentinel(su_time_t *time) { if (time) { time->tv_sec = 12345; time->tv_usec = 678; } }

/* Installs the clock once for the process. False if the hook has no effect. */
bool clock_install(void) {
    static bool installed;
    if (installed) return true;
    su_time_t seen = { 0 };
    su_time(&wall);
    clock_gettime(CLOCK_MONOTONIC, &start);
    _su_time = sentinel;
    su_time(&seen);
    _su_time = monotonic;
    return installed = seen.tv_sec == 12345 && seen.tv_usec == 678;
}

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
