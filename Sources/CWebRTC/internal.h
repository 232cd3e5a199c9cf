#pragma once
#include "CWebRTC.h"

/* `profile` is the IANA number, `key` the master key with the salt behind it. NULL: failed. */
cwebrtc_srtp *_Nullable cwebrtc_srtp_new(int profile, const uint8_t *_Nonnull key, int is_inbound);
