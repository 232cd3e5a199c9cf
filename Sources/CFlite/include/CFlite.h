/* flite with the voice cmu_us_slt. flite has global state and makes no promise about threads: one caller at a time. */
#pragma once
#include <stdint.h>

/* Sets up flite and the voice; 0 if it worked, also when it had before. */
int cflite_start(void);

/* Speaks `text` (ASCII, ending with 0). Returns mono samples, to be given to cflite_free, or NULL. */
int16_t *cflite_speak(const char *text, int32_t *sample_count, int32_t *samples_per_second);

void cflite_free(int16_t *samples);
