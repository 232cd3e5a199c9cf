#define _GNU_SOURCE
#include "source.h"

#include "clock.h"
#include "loop.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_MAX = 256 };

static int poller = -1;
static int looks_only_when_due;

void source_watch(struct source *source) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
    if (poller < 0) poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller >= 0 && epoll_ctl(poller, EPOLL_CTL_ADD, source->descriptor, &event) == 0) return;
    perror("epoll");
    exit(1);
}

void source_close(struct source *source) {
    if (source->descriptor >= 0) close(source->descriptor);
    source->descriptor = -1;
}

void source_look_only_when_due(int is_wanted) { looks_only_when_due = is_wanted; }

void source_turn(uint64_t due) {
    struct epoll_event events[EVENTS_MAX];
    if (looks_only_when_due) {
        struct timespec time = {(time_t)(due / SECOND), (long)(due % SECOND)};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
    }
    int count = loop_wait(poller, events, EVENTS_MAX, due);
    for (int i = 0; i < count; i++) {
        struct source *source = events[i].data.ptr;
        if (source->descriptor >= 0) source->ready(source, now());
    }
}
