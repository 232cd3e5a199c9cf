#define _GNU_SOURCE
#include "voices.h"

#include "clock.h"
#include "desks.h"
#include "process.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { HEADER_BYTES = 12, SLOTS = 20, MAGIC = 0x564F4943, PCMA = 8, OPUS = 111, PACKET_BYTES_MAX = 512 };

static const uint64_t late_after = 50 * MILLISECOND, drain = 300 * MILLISECOND;

/// In front of the sound of a G.711 packet; who passes the sound on as it is passes it on, too.
struct stamp {
    uint64_t sent_at;
    uint32_t voice, magic;
};

struct voices voices_new(const struct speech *speech, struct voice *all, int count, int pid) {
    struct voices voices = {
        .speech = speech, .all = all, .count = count, .pid = pid, .slot_due = now(), .measured_from = NEVER,
        .measured_to = NEVER};
    for (int i = 0; i < count; i++) all[i].peer = -1;
    return voices;
}

static int is_measured(const struct voices *voices, uint64_t time) {
    return time >= voices->measured_from && time < voices->measured_to;
}

static void send_packet(struct voices *voices, int index) {
    static unsigned char packet[PACKET_BYTES_MAX + CWEBRTC_TRAILER_BYTES];
    struct voice *voice = &voices->all[index];
    int payload_type = voice->browser != NULL ? voice->browser->payload_type : PCMA, bytes = SPEECH_SAMPLES;
    struct stamp stamp = {now(), (uint32_t)index, MAGIC};
    packet[0] = 0x80;
    packet[1] = (unsigned char)payload_type;
    packet[2] = (unsigned char)(voice->sequence >> 8), packet[3] = (unsigned char)voice->sequence;
    for (int i = 0; i < 4; i++) {
        packet[4 + i] = (unsigned char)(voice->timestamp >> (24 - 8 * i));
        packet[8 + i] = (unsigned char)((0x10000u + (uint32_t)index) >> (24 - 8 * i));
    }
    if (payload_type == OPUS) {
        bytes = voices->speech->opus_bytes[voice->frame];
        memcpy(packet + HEADER_BYTES, voices->speech->opus[voice->frame], (size_t)bytes);
    } else {
        memcpy(packet + HEADER_BYTES, voices->speech->law[voice->frame], SPEECH_SAMPLES);
        if (!voices->is_transcoded) memcpy(packet + HEADER_BYTES, &stamp, sizeof stamp);
    }
    bytes += HEADER_BYTES;
    voice->sequence++;
    voice->timestamp += payload_type == OPUS ? 960 : 160;
    voice->frame = (voice->frame + 1) % SPEECH_FRAMES;
    // Counted before it is known to have left: what the kernel refuses is lost as well.
    voices->sent += (uint64_t)is_measured(voices, stamp.sent_at);
    if (voice->browser == NULL) {
        send(voice->source.descriptor, packet, (size_t)bytes, 0);
    } else if (cwebrtc_srtp_protect(voice->browser->outbound, packet, &bytes) == CWEBRTC_SRTP_DONE) {
        send(voice->browser->source.descriptor, packet, (size_t)bytes, 0);
    }
}

uint64_t voices_serve(struct voices *voices) {
    for (uint64_t time = now(); voices->slot_due <= time; time = now()) {
        if (voices->cpu_from == 0 && voices->slot_due >= voices->measured_from)
            voices->cpu_from = process_cpu(voices->pid) + 1;
        if (voices->cpu_to == 0 && voices->slot_due >= voices->measured_to) voices->cpu_to = process_cpu(voices->pid) + 1;
        if (is_measured(voices, voices->slot_due) && time - voices->slot_due > voices->slip_max)
            voices->slip_max = time - voices->slot_due;
        for (int i = voices->slot; i < voices->count; i += SLOTS)
            if (voices->all[i].is_speaking) send_packet(voices, i);
        voices->slot = (voices->slot + 1) % SLOTS;
        voices->slot_due += MILLISECOND;
    }
    return voices->slot_due;
}

void voices_hear(struct voices *voices, int index, const unsigned char *packet, int bytes) {
    struct voice *voice = &voices->all[index];
    struct stamp stamp;
    uint64_t time = now();
    int payload_type = packet[1] & 0x7F;
    if (voices->measured_from == NEVER || bytes <= HEADER_BYTES) return;
    if (voices->is_transcoded) {
        // What comes in the measured time stands for what was sent in it.
        int expected = voice->browser != NULL ? OPUS : PCMA;
        if (payload_type == expected && is_measured(voices, time)) voices->received++;
        return;
    }
    if (bytes != HEADER_BYTES + SPEECH_SAMPLES || payload_type != PCMA) return;
    memcpy(&stamp, packet + HEADER_BYTES, sizeof stamp);
    if (stamp.magic != MAGIC || !is_measured(voices, stamp.sent_at)) return;
    if (voice->peer < 0) voice->peer = (int)stamp.voice;
    uint64_t delay = time - stamp.sent_at;
    voices->received++;
    voices->crossed += voice->peer != (int)stamp.voice;
    voices->late += delay > late_after;
    samples_add(&voices->delays, delay);
}

static uint64_t running_until;

static int is_over(void) { return now() >= running_until; }

void voices_run(struct voices *voices, double warmup, double seconds, uint64_t (*serve)(uint64_t now)) {
    source_look_only_when_due(1);
    voices->delays = samples_new((size_t)(voices->count * 50 * (seconds + 1)));
    voices->measured_from = now() + (uint64_t)(warmup * 1e9);
    voices->measured_to = voices->measured_from + (uint64_t)(seconds * 1e9);
    running_until = voices->measured_to + drain;
    wait_until(is_over, warmup + seconds + 5, "the measurement", serve);
    source_look_only_when_due(0);
}

void voices_print(struct voices *v) {
    double sent = (double)(v->sent > 0 ? v->sent : 1), received = (double)(v->received > 0 ? v->received : 1);
    uint64_t in_time = v->received - v->late;
    printf("sent_packets: %lu\nrelayed_packets: %lu\n", (unsigned long)v->sent, (unsigned long)v->received);
    if (v->delays.count > 0) {
        printf("delay_ms_p50: %.3f\n", samples_percentile(&v->delays, 0.5));
        printf("delay_ms_p99: %.3f\n", samples_percentile(&v->delays, 0.99));
        printf("crossed_packets: %lu\n", (unsigned long)v->crossed);
    }
    printf("loss_pct: %.4f\n", in_time < v->sent ? 100 * ((double)v->sent - (double)in_time) / sent : 0);
    printf("slip_ms_max: %.2f\n", (double)v->slip_max / 1e6);
    printf("us_per_packet: %.3f\n", (double)(v->cpu_to - v->cpu_from) / 1e3 / received);
}
