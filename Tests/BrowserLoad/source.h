// One thread that waits for many descriptors, each with what is to be done when it can be read.
#pragma once
#include <stdint.h>

/// The first member of whatever has a descriptor. It must stay where it is, also after it was forgotten.
struct source {
    /// -1: none.
    int descriptor;
    void (*ready)(struct source *source, uint64_t now);
};

/// Exits if the kernel has no room.
void source_watch(struct source *source);
/// Closes the descriptor; nothing comes of it any more, not even what was told already.
void source_close(struct source *source);
/// Waits until `due` at the latest, exactly, and serves what can be read.
void source_turn(uint64_t due);
/// From now on `source_turn` looks only at `due` whether anything can be read. Whoever sends to a sleeper on the same machine
/// pays for waking it, which can cost more than all that is measured, and over a network nobody pays it.
void source_look_only_when_due(int is_wanted);
