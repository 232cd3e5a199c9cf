#include "speech.h"

#include "CWebRTC.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/// What the daemon encodes with, and browsers are asked for.
enum { BITS_PER_SECOND = 16000, COMPLEXITY = 5, EXPECTED_LOSS_PERCENT = 5, RATE = 8000 };

/// ITU-T G.711, table 1a, with the even bits inverted.
static uint8_t a_law(int16_t sample) {
    int sign = sample >= 0 ? 0x80 : 0, level = (sample >= 0 ? sample : -(sample + 1)) >> 3, segment = 0;
    for (int rest = level >> 5; rest > 0; rest >>= 1) segment++;
    int step = segment < 2 ? level >> 1 : level >> segment;
    return (uint8_t)((sign | segment << 4 | (step & 0x0F)) ^ 0x55);
}

/// Syllables, four in a second: harmonics of a gliding pitch under two formants, then a hiss, then a little silence. Silence
/// alone would cost the encoder nothing, and a tone next to nothing.
static int16_t sample(int place) {
    static double phase;
    static uint32_t noise = 1;
    double time = (double)place / RATE, syllable = fmod(time * 4, 1), sum = 0;
    double pitch = 130 + 30 * sin(2 * M_PI * 0.7 * time), first = 500 + 250 * sin(2 * M_PI * 1.3 * time);
    noise = noise * 1664525 + 1013904223;
    double hiss = (double)(int32_t)noise / INT32_MAX;
    phase += pitch / RATE;
    if (syllable < 0.65) {
        for (int number = 1; number * pitch < 3400; number++) {
            double below = (number * pitch - first) / 150, above = (number * pitch - 1800) / 250;
            sum += (exp(-below * below) + 0.4 * exp(-above * above) + 0.02) * sin(2 * M_PI * number * phase);
        }
        sum *= sin(M_PI * syllable / 0.65);
        sum += 0.01 * hiss;
    } else {
        sum = (syllable < 0.85 ? 0.3 : 0.01) * hiss;
    }
    return (int16_t)(5000 * fmax(-6, fmin(6, sum)));
}

void speech_make(struct speech *speech) {
    int16_t pcm[SPEECH_SAMPLES];
    cwebrtc_encoder *encoder = cwebrtc_encoder_new(BITS_PER_SECOND, COMPLEXITY, EXPECTED_LOSS_PERCENT);
    if (encoder == NULL) {
        fprintf(stderr, "no Opus encoder\n");
        exit(1);
    }
    for (int frame = 0; frame < SPEECH_FRAMES; frame++) {
        for (int i = 0; i < SPEECH_SAMPLES; i++) {
            pcm[i] = sample(frame * SPEECH_SAMPLES + i);
            speech->law[frame][i] = a_law(pcm[i]);
        }
        speech->opus_bytes[frame] =
            cwebrtc_encoder_encode(encoder, pcm, SPEECH_SAMPLES, speech->opus[frame], SPEECH_OPUS_BYTES_MAX);
        if (speech->opus_bytes[frame] <= 0) {
            fprintf(stderr, "Opus refuses a frame\n");
            exit(1);
        }
    }
    cwebrtc_encoder_free(encoder);
}
