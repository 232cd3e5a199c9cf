/* Keeps flite's types and its voice away from Swift: text in, samples out. */
#include "CFlite.h"
#include <flite/flite.h>
#include <stdlib.h>
#include <string.h>

/* Exported by libflite_cmu_us_slt, declared in no header. */
cst_voice *register_cmu_us_slt(const char *voxdir);

static cst_voice *voice;

int cflite_start(void) {
    if (voice) return 0;
    flite_init();
    voice = register_cmu_us_slt(NULL);
    return voice ? 0 : -1;
}

int16_t *cflite_speak(const char *text, int32_t *sample_count, int32_t *samples_per_second) {
    *sample_count = *samples_per_second = 0;
    if (!voice) return NULL;
    cst_wave *wave = flite_text_to_wave(text, voice);
    if (!wave) return NULL;
    int16_t *samples = NULL;
    if (wave->num_channels == 1 && wave->num_samples > 0 && wave->sample_rate > 0) {
        size_t bytes = (size_t)wave->num_samples * sizeof(int16_t);
        samples = malloc(bytes);
        if (samples) {
            memcpy(samples, wave->samples, bytes);
            *sample_count = wave->num_samples;
            *samples_per_second = wave->sample_rate;
        }
    }
    delete_wave(wave);
    return samples;
}

void cflite_free(int16_t *samples) { free(samples); }
