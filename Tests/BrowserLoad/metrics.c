#include "metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lag lag_parse(const char *text, const char *name) {
    struct lag lag = {0};
    char start[128];
    snprintf(start, sizeof start, "\n%s_bucket{le=\"", name);
    for (const char *line = strstr(text, start); line != NULL && lag.slots < LAG_SLOTS_MAX; line = strstr(line, start)) {
        char *end;
        line += strlen(start);
        lag.borders[lag.slots] = strtod(line, &end);
        end = strchr(line, '}');
        if (end == NULL) break;
        lag.counts[lag.slots++] = strtod(end + 1, NULL);
        line = end;
    }
    if (lag.slots == 0) {
        fprintf(stderr, "/metrics has no %s\n", name);
        exit(1);
    }
    return lag;
}

double lag_count(const struct lag *from, const struct lag *to) {
    return to->counts[to->slots - 1] - from->counts[to->slots - 1];
}

double lag_percentile(const struct lag *from, const struct lag *to, double fraction) {
    double count = lag_count(from, to);
    if (count <= 0) return NAN;
    for (int i = 0; i < to->slots; i++)
        if (to->counts[i] - from->counts[i] >= fraction * count) return to->borders[i] * 1e3;
    return INFINITY;
}
