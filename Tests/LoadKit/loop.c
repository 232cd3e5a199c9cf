#define _GNU_SOURCE
#include "loop.h"

#include "clock.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 16384 };

void loop_prepare(void) {
    struct rlimit limit = {DESCRIPTORS_MAX, DESCRIPTORS_MAX};
    // Without the right to lock memory the run is only a little less exact; the slips will say so.
    setrlimit(RLIMIT_NOFILE, &limit);
    mlockall(MCL_CURRENT | MCL_FUTURE);
}

int loop_wait(int poller, struct epoll_event *events, int events_max, uint64_t due) {
    uint64_t time = now(), wait = due > time ? due - time : 0;
    struct timespec timeout = {(time_t)(wait / SECOND), (long)(wait % SECOND)};
    return epoll_pwait2(poller, events, events_max, &timeout, NULL);
}

void loop_run(struct callers *callers, struct legs *legs, uint64_t (*serve)(uint64_t now)) {
    int poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[2], of_callers = {.events = EPOLLIN}, of_legs = {.events = EPOLLIN};
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, callers->descriptor, &of_callers) != 0 ||
        epoll_ctl(poller, EPOLL_CTL_ADD, legs->descriptor, &of_legs) != 0) {
        perror("epoll");
        exit(1);
    }
    uint64_t due = now();
    while (due != 0) {
        loop_wait(poller, events, 2, due);
        legs_receive(legs, now());
        callers_receive(callers, now());
        uint64_t time = now();
        callers_tick(callers, time);
        legs_tick(legs, time);
        due = serve(time);
        if (due != 0) due = earlier(due, time + MILLISECOND);
    }
    close(poller);
}
