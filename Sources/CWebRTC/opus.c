/* Opus (RFC 6716) at 8000 samples per second: no resampling between a browser and a telephone line. */
#include "CWebRTC.h"
#include <opus/opus.h>

#define SAMPLE_RATE 8000

static OpusEncoder *encoder(cwebrtc_encoder *pointer) { return (OpusEncoder *)pointer; }
static OpusDecoder *decoder(cwebrtc_decoder *pointer) { return (OpusDecoder *)pointer; }

cwebrtc_encoder *cwebrtc_encoder_new(int bits_per_second, int complexity, int expected_loss_percent) {
  int error = OPUS_OK;
  OpusEncoder *made = opus_encoder_create(SAMPLE_RATE, 1, OPUS_APPLICATION_VOIP, &error);
  if (!made || error != OPUS_OK) return 0;
  if (opus_encoder_ctl(made, OPUS_SET_BITRATE(bits_per_second)) == OPUS_OK
      && opus_encoder_ctl(made, OPUS_SET_COMPLEXITY(complexity)) == OPUS_OK
      && opus_encoder_ctl(made, OPUS_SET_INBAND_FEC(1)) == OPUS_OK
      && opus_encoder_ctl(made, OPUS_SET_PACKET_LOSS_PERC(expected_loss_percent)) == OPUS_OK) {
    return (cwebrtc_encoder *)made;
  }
  opus_encoder_destroy(made);
  return 0;
}

int cwebrtc_encoder_encode(cwebrtc_encoder *pointer, const int16_t *pcm, int samples, uint8_t *bytes, int bytes_max) {
  return opus_encode(encoder(pointer), pcm, samples, bytes, bytes_max);
}

void cwebrtc_encoder_free(cwebrtc_encoder *pointer) { opus_encoder_destroy(encoder(pointer)); }

cwebrtc_decoder *cwebrtc_decoder_new(void) {
  int error = OPUS_OK;
  OpusDecoder *made = opus_decoder_create(SAMPLE_RATE, 1, &error);
  return error == OPUS_OK ? (cwebrtc_decoder *)made : 0;
}

int cwebrtc_decoder_decode(
  cwebrtc_decoder *pointer, const uint8_t *bytes, int count, int16_t *pcm, int samples_max, int is_redundancy) {
  return opus_decode(decoder(pointer), bytes, bytes ? count : 0, pcm, samples_max, is_redundancy);
}

void cwebrtc_decoder_free(cwebrtc_decoder *pointer) { opus_decoder_destroy(decoder(pointer)); }
