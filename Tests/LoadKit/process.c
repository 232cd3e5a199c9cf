#define _GNU_SOURCE
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

uint64_t process_cpu(int pid) {
    clockid_t clock;
    struct timespec time;
    if (pid == 0) return 0;
    // The process clock counts nanoseconds; /proc/PID/stat would count ticks of 10 ms.
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) {
        fprintf(stderr, "process %d is gone\n", pid);
        exit(1);
    }
    return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

long process_resident(int pid) {
    char path[64];
    long total = 0, resident = 0;
    if (pid == 0) return 0;
    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    if (fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}
