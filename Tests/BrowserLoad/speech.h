// Something like speech, encoded once and replayed.
#pragma once
#include <stdint.h>

enum { SPEECH_FRAMES = 150, SPEECH_SAMPLES = 160, SPEECH_OPUS_BYTES_MAX = 320 };

/// Frames of 20 ms.
struct speech {
    /// G.711 A-law.
    uint8_t law[SPEECH_FRAMES][SPEECH_SAMPLES];
    /// Of as many bytes as stand in `opus_bytes`.
    uint8_t opus[SPEECH_FRAMES][SPEECH_OPUS_BYTES_MAX];
    int opus_bytes[SPEECH_FRAMES];
};

/// Exits if the encoder refuses.
void speech_make(struct speech *speech);
