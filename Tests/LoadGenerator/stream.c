#define _GNU_SOURCE
#include "stream.h"

#include "clock.h"
#include "datagram.h"
#include "loop.h"
#include "process.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/// RTP header and 160 bytes of G.711; the first bytes of sound are the stamp.
enum { PACKET_BYTES = 172, HEADER_BYTES = 12, SLOTS = 20, EVENTS_MAX = 64, MAGIC = 0x4C4F4144 };

static const uint64_t late_after = 50 * MILLISECOND, drain = 300 * MILLISECOND;

struct stamp {
    uint64_t sent_at;
    uint32_t end, magic;
};

int stream_socket(const char *host, int port, const struct sockaddr_in *remote) {
    int descriptor = datagram_socket(host, port, 0);
    if (connect(descriptor, (const struct sockaddr *)remote, sizeof *remote) != 0) {
        perror("connect");
        exit(1);
    }
    return descriptor;
}

static void send_packet(struct stream_end *ends, int end, uint64_t *sent, uint64_t measured_from) {
    static unsigned char packet[PACKET_BYTES] = {0x80, 8};
    struct stream_end *from = &ends[end];
    uint32_t timestamp = from->sequence * 160u;
    packet[2] = (unsigned char)(from->sequence >> 8), packet[3] = (unsigned char)from->sequence;
    for (int i = 0; i < 4; i++) {
        packet[4 + i] = (unsigned char)(timestamp >> (24 - 8 * i));
        packet[8 + i] = (unsigned char)((0x10000u + (uint32_t)end) >> (24 - 8 * i));
    }
    from->sequence++;
    struct stamp stamp = {now(), (uint32_t)end, MAGIC};
    memcpy(packet + HEADER_BYTES, &stamp, sizeof stamp);
    // Counted before it is known to have left: what the kernel refuses is lost as well.
    *sent += stamp.sent_at >= measured_from;
    send(from->descriptor, packet, sizeof packet, 0);
}

static void receive_packet(struct stream_end *end, struct stream_result *result, uint64_t measured_from) {
    static unsigned char packet[2048];
    struct stamp stamp;
    if (recv(end->descriptor, packet, sizeof packet, 0) != PACKET_BYTES) return;
    memcpy(&stamp, packet + HEADER_BYTES, sizeof stamp);
    if (stamp.magic != MAGIC || stamp.sent_at < measured_from) return;
    if (end->peer < 0) end->peer = (int)stamp.end;
    if (end->peer != (int)stamp.end) result->crossed++;
    uint64_t delay = now() - stamp.sent_at;
    result->received++;
    result->late += delay > late_after;
    samples_add(&result->delays, delay);
}

struct stream_result stream_run(
    const struct options *options, struct stream_end *ends, int count, void (*serve_sip)(uint64_t now)) {
    struct epoll_event events[EVENTS_MAX];
    int poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, ends[i].descriptor, &event) != 0) exit(1);
        ends[i].peer = -1;
    }
    struct stream_result result = {.delays = samples_new((size_t)((double)count * 50 * (options->seconds + 1)))};
    uint64_t start = now() + 10 * MILLISECOND, slot_due = start;
    uint64_t measured_from = start + (uint64_t)(options->warmup * 1e9);
    uint64_t end = measured_from + (uint64_t)(options->seconds * 1e9), cpu_from = 0;
    int slot = 0, is_sending = 1;
    while (now() < end + drain) {
        for (uint64_t time = now(); is_sending && slot_due <= time; time = now()) {
            if (slot_due >= measured_from && cpu_from == 0) cpu_from = process_cpu(options->pid) + 1;
            if (slot_due >= measured_from && time - slot_due > result.slip_max) result.slip_max = time - slot_due;
            for (int i = slot; i < count; i += SLOTS) send_packet(ends, i, &result.sent, measured_from);
            slot = (slot + 1) % SLOTS;
            slot_due += MILLISECOND;
            if (serve_sip != NULL) serve_sip(time);
            if (slot_due < end) continue;
            is_sending = 0;
            result.cpu = process_cpu(options->pid) + 1 - cpu_from;
        }
        int ready = loop_wait(poller, events, EVENTS_MAX, is_sending ? slot_due : now() + MILLISECOND);
        for (int i = 0; i < ready; i++) receive_packet(&ends[events[i].data.u32], &result, measured_from);
    }
    close(poller);
    return result;
}

void stream_print(const struct options *options, struct stream_result *r) {
    double sent = (double)(r->sent > 0 ? r->sent : 1);
    uint64_t in_time = r->received - r->late;
    printf("sent_packets: %lu\nrelayed_packets: %lu\n", (unsigned long)r->sent, (unsigned long)r->received);
    printf("delay_ms_p50: %.3f\n", samples_percentile(&r->delays, 0.5));
    printf("delay_ms_p99: %.3f\n", samples_percentile(&r->delays, 0.99));
    printf("delay_ms_max: %.3f\n", samples_percentile(&r->delays, 1));
    printf("loss_pct: %.4f\n", in_time < r->sent ? 100 * ((double)r->sent - (double)in_time) / sent : 0);
    printf("crossed_packets: %lu\nslip_ms_max: %.2f\n", (unsigned long)r->crossed, (double)r->slip_max / 1e6);
    if (options->pid != 0 && r->received > 0) printf("us_per_packet: %.3f\n", (double)r->cpu / 1e3 / (double)r->received);
}
