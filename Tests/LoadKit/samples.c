#include "samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct samples samples_new(size_t capacity) {
    struct samples samples = {calloc(capacity, sizeof(uint32_t)), 0, capacity};
    if (samples.microseconds == NULL) {
        fprintf(stderr, "no memory for samples\n");
        exit(1);
    }
    return samples;
}

void samples_add(struct samples *samples, uint64_t nanoseconds) {
    uint64_t microseconds = nanoseconds / 1000;
    if (samples->count < samples->capacity)
        samples->microseconds[samples->count++] = microseconds > UINT32_MAX ? UINT32_MAX : (uint32_t)microseconds;
}

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

double samples_percentile(struct samples *samples, double fraction) {
    if (samples->count == 0) return NAN;
    qsort(samples->microseconds, samples->count, sizeof(uint32_t), compare);
    size_t rank = (size_t)ceil(fraction * (double)samples->count);
    return samples->microseconds[rank == 0 ? 0 : rank - 1] / 1000.0;
}
