// All desks of a run, and waiting until all of them are as far.
#pragma once
#include "desk.h"
#include "settings.h"

struct desks {
    struct desk *all;
    int count;
};

struct desks desks_prepare(const struct settings *settings);
/// Runs until `is_done`; exits where that takes more than `seconds`, and says what was waited for. Between the things that come
/// in, `serve` is called, at least every millisecond; it returns when it wants to be called next. It may be NULL.
void wait_until(int (*is_done)(void), double seconds, const char *what, uint64_t (*serve)(uint64_t now));
/// All at once, or in groups where they are more than may wait; prints how long it took each.
void desks_sign_in(struct desks *desks);
/// From the first to the last of these.
void desks_open(struct desks *desks, int first, int last);
void desks_sign_out(struct desks *desks);
void desks_tick(struct desks *desks, uint64_t now);
