// Durations, gathered without allocation while the clock runs, and their percentiles.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct samples {
    uint32_t *microseconds;
    size_t count, capacity;
};

struct samples samples_new(size_t capacity);
void samples_add(struct samples *samples, uint64_t nanoseconds);
/// In milliseconds; sorts. `fraction` 0.99 is the 99th percentile (nearest rank), 1 the maximum. NAN without samples.
double samples_percentile(struct samples *samples, double fraction);
