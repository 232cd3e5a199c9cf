#include "desks.h"

#include "clock.h"
#include "samples.h"
#include <stdio.h>
#include <stdlib.h>

/// The daemon lets 128 wait for their turn.
enum { AT_ONCE_MAX = 100 };

/// What `is_all` looks at.
static struct {
    struct desks *desks;
    int first, last;
    enum desk_state wanted;
} waiting;

struct desks desks_prepare(const struct settings *settings) {
    struct desks desks = {.all = calloc((size_t)settings->agents, sizeof(struct desk)), .count = settings->agents};
    if (desks.all == NULL) exit(1);
    for (int i = 0; i < desks.count; i++) desk_prepare(&desks.all[i], &settings->house, settings->first_agent + i);
    return desks;
}

void desks_tick(struct desks *desks, uint64_t now) {
    for (int i = 0; i < desks->count; i++) desk_tick(&desks->all[i], now);
}

void wait_until(int (*is_done)(void), double seconds, const char *what, uint64_t (*serve)(uint64_t now)) {
    uint64_t deadline = now() + (uint64_t)(seconds * 1e9);
    while (!is_done()) {
        uint64_t time = now(), due = time + MILLISECOND;
        if (time > deadline) {
            fprintf(stderr, "no more patience: %s\n", what);
            exit(1);
        }
        if (serve != NULL) due = earlier(due, serve(time));
        source_turn(due);
    }
}

static int is_all(void) {
    for (int i = waiting.first; i <= waiting.last; i++)
        if (waiting.desks->all[i].state != waiting.wanted) return 0;
    return 1;
}

static void wait_for(struct desks *desks, int first, int last, enum desk_state wanted, double seconds, const char *what) {
    waiting.desks = desks, waiting.first = first, waiting.last = last, waiting.wanted = wanted;
    wait_until(is_all, seconds, what, NULL);
}

void desks_sign_in(struct desks *desks) {
    struct samples took = samples_new((size_t)desks->count);
    for (int from = 0; from < desks->count; from += AT_ONCE_MAX) {
        int to = from + AT_ONCE_MAX < desks->count ? from + AT_ONCE_MAX - 1 : desks->count - 1;
        for (int i = from; i <= to; i++) desk_sign_in(&desks->all[i], now());
        wait_for(desks, from, to, DESK_SIGNED_IN, 60, "all have signed in");
    }
    for (int i = 0; i < desks->count; i++) samples_add(&took, desks->all[i].sign_in_took);
    printf("signin_ms_p50: %.1f\nsignin_ms_p99: %.1f\n", samples_percentile(&took, 0.5), samples_percentile(&took, 0.99));
}

void desks_open(struct desks *desks, int first, int last) {
    for (int i = first; i <= last; i++) desk_open(&desks->all[i]);
    wait_for(desks, first, last, DESK_OPEN, 10, "all desks are open");
}

void desks_sign_out(struct desks *desks) {
    for (int i = 0; i < desks->count; i++) desk_sign_out(&desks->all[i]);
    wait_for(desks, 0, desks->count - 1, DESK_SIGNED_OUT, 10, "all have signed out");
}
