#pragma once
/* Only what needs no fax: `spandsp.h` would want libtiff's headers. The order is the library's own. */
#include <stdint.h>
#include <stdlib.h>
#include <inttypes.h>
#include <stdbool.h>
#include <spandsp/telephony.h>
#include <spandsp/fast_convert.h>
#include <spandsp/logging.h>
#include <spandsp/complex.h>
#include <spandsp/dds.h>
#include <spandsp/tone_generate.h>
#include <spandsp/super_tone_rx.h>
#include <spandsp/queue.h>
#include <spandsp/dtmf.h>
#include <spandsp/plc.h>
#include <spandsp/g722.h>
