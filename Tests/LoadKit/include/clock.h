// Time in nanoseconds of CLOCK_MONOTONIC.
#pragma once
#include <stdint.h>
#include <time.h>

#define MILLISECOND 1000000ull
#define SECOND 1000000000ull
#define NEVER UINT64_MAX

static inline uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static inline uint64_t earlier(uint64_t a, uint64_t b) { return a < b ? a : b; }
