// What the process under test uses: CPU time of all its threads, and memory.
#pragma once
#include <stdint.h>

/// User and system time in nanoseconds, threads that have ended included; 0 if `pid` is 0, exits if there is no such process.
uint64_t process_cpu(int pid);
/// Resident memory in KiB; 0 if `pid` is 0.
long process_resident(int pid);
