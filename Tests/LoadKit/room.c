// Phones of conferences on a thread of their own, and the least that mixing could cost.
#define _GNU_SOURCE // ppoll
#include "room.h"
#include "clock.h"
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static struct { int socket, port; uint8_t packet[12 + ROOM_FRAME]; uint16_t sequence; uint32_t timestamp; } phones[ROOM_PARTIES_MAX];
static int count;
static pthread_t thread;
static atomic_int is_running;
static atomic_ullong heard;

static struct sockaddr_in address(const char *host, int port) {
    struct sockaddr_in made = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, host, &made.sin_addr);
    return made;
}

void room_open(const char *host, int parties) {
    for (int i = 0; i < count; i++) close(phones[i].socket);
    count = parties;
    for (int i = 0; i < count; i++) {
        struct sockaddr_in own = address(host, 0);
        socklen_t length = sizeof own;
        phones[i].socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        if (bind(phones[i].socket, (struct sockaddr *)&own, length) || getsockname(phones[i].socket, (struct sockaddr *)&own, &length)) {
            perror("room");
            exit(1);
        }
        phones[i].port = ntohs(own.sin_port);
        uint8_t head[12] = {0x80, 8, 0, 0, 0, 0, 0, 0, 1, 2, 3, (uint8_t)(i + 1)};
        memcpy(phones[i].packet, head, sizeof head);
        uint32_t noise = 12345u + (uint32_t)i;
        for (int n = 0; n < ROOM_FRAME; n++) {
            noise = noise * 1664525u + 1013904223u;
            phones[i].packet[12 + n] = (uint8_t)(noise >> 24);
        }
    }
}

int room_port(int party) { return phones[party].port; }

void room_aim(int party, const char *host, int port) {
    struct sockaddr_in target = address(host, port);
    connect(phones[party].socket, (struct sockaddr *)&target, sizeof target);
}

static void speak(int party) {
    uint16_t sequence = htons(phones[party].sequence++);
    uint32_t timestamp = htonl(phones[party].timestamp);
    phones[party].timestamp += ROOM_FRAME;
    memcpy(phones[party].packet + 2, &sequence, 2);
    memcpy(phones[party].packet + 4, &timestamp, 4);
    send(phones[party].socket, phones[party].packet, sizeof phones[party].packet, MSG_NOSIGNAL);
}

static void listen_all(void) {
    uint8_t bytes[512];
    for (int i = 0; i < count; i++)
        while (recv(phones[i].socket, bytes, sizeof bytes, 0) > 0) atomic_fetch_add(&heard, 1);
}

static void *run(void *unused) {
    uint64_t due = now();
    for (int slot = 0; atomic_load(&is_running); slot = (slot + 1) % 20) {
        for (int i = slot; i < count; i += 20) speak(i);
        if (slot == 0) listen_all();
        due += MILLISECOND;
        struct timespec until = {(time_t)(due / SECOND), (long)(due % SECOND)};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    return unused;
}

void room_start(void) {
    atomic_store(&heard, 0);
    atomic_store(&is_running, 1);
    pthread_create(&thread, NULL, run, NULL);
}

void room_stop(void) {
    atomic_store(&is_running, 0);
    pthread_join(thread, NULL);
}

uint64_t room_heard(void) { return atomic_load(&heard); }

double thread_microseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

void wait_readable(int descriptor, uint64_t nanoseconds) {
    struct pollfd waiting = {.fd = descriptor, .events = POLLIN};
    struct timespec wait = {(time_t)(nanoseconds / SECOND), (long)(nanoseconds % SECOND)};
    ppoll(&waiting, 1, &wait, NULL);
}

double plain_echo(const char *host, double seconds) {
    int set = epoll_create1(0), echoes[ROOM_PARTIES_MAX];
    for (int i = 0; i < count; i++) {
        struct sockaddr_in own = address(host, 0), phone = address("127.0.0.8", phones[i].port);
        socklen_t length = sizeof own;
        echoes[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        if (bind(echoes[i], (struct sockaddr *)&own, length) || getsockname(echoes[i], (struct sockaddr *)&own, &length)
            || connect(echoes[i], (struct sockaddr *)&phone, sizeof phone)) {
            perror("echo");
            exit(1);
        }
        room_aim(i, host, ntohs(own.sin_port));
        struct epoll_event event = {.events = EPOLLIN, .data.fd = echoes[i]};
        epoll_ctl(set, EPOLL_CTL_ADD, echoes[i], &event);
    }
    room_start();
    uint64_t end = now() + (uint64_t)(seconds * SECOND), packets = 0;
    double began = thread_microseconds();
    while (now() < end) {
        struct epoll_event ready[64];
        uint8_t bytes[512];
        int found = epoll_wait(set, ready, 64, 20);
        for (int i = 0; i < found; i++) {
            ssize_t size = recv(ready[i].data.fd, bytes, sizeof bytes, 0);
            if (size > 0 && send(ready[i].data.fd, bytes, (size_t)size, MSG_NOSIGNAL) == size) packets++;
        }
    }
    double spent = thread_microseconds() - began;
    room_stop();
    for (int i = 0; i < count; i++) close(echoes[i]);
    close(set);
    return packets > 0 ? spent / (double)packets : 0;
}

static int16_t clamp(int32_t sample) { return sample > 32767 ? 32767 : sample < -32768 ? -32768 : (int16_t)sample; }

double plain_mix(int parties, int rounds) {
    static int16_t decoding[256], frames[ROOM_PARTIES_MAX][ROOM_FRAME];
    static uint8_t encoding[16384], in[ROOM_PARTIES_MAX][ROOM_FRAME], out[ROOM_PARTIES_MAX][ROOM_FRAME];
    for (int i = 0; i < 256; i++) decoding[i] = (int16_t)((i - 128) * 251);
    for (int i = 0; i < 16384; i++) encoding[i] = (uint8_t)(i >> 6);
    for (int p = 0; p < parties; p++) for (int i = 0; i < ROOM_FRAME; i++) in[p][i] = (uint8_t)(p * 31 + i * 7);
    double began = thread_microseconds();
    for (int round = 0; round < rounds; round++) {
        int32_t total[ROOM_FRAME] = {0};
        in[0][round % ROOM_FRAME]++;
        for (int p = 0; p < parties; p++)
            for (int i = 0; i < ROOM_FRAME; i++) total[i] += frames[p][i] = decoding[in[p][i]];
        for (int p = 0; p < parties; p++)
            for (int i = 0; i < ROOM_FRAME; i++) out[p][i] = encoding[(uint16_t)clamp(total[i] - frames[p][i]) >> 2];
    }
    double spent = thread_microseconds() - began;
    // What nobody read could be left out.
    volatile uint8_t sink = out[parties - 1][rounds % ROOM_FRAME];
    (void)sink;
    return spent / rounds / parties;
}
