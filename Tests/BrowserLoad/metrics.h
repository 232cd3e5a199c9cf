// What the daemon says of its loop in /metrics.
#pragma once
#include "connection.h"
#include "house.h"

enum { LAG_SLOTS_MAX = 32 };

/// A Prometheus histogram: how many times were at most as long as each border.
struct lag {
    int slots;
    double borders[LAG_SLOTS_MAX], counts[LAG_SLOTS_MAX];
};

/// Reads the histogram `name` out of the text of /metrics; exits if it is not there.
struct lag lag_parse(const char *text, const char *name);
/// How many were noted between the two.
double lag_count(const struct lag *from, const struct lag *to);
/// The upper border, in milliseconds, of the slot in which that share of those between the two is reached; NAN without any.
double lag_percentile(const struct lag *from, const struct lag *to, double fraction);
