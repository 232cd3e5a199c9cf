/* The filter in front of the library's parser (T3b): it drops what is not SIP, what is too long or has too many header
   lines, and what comes too fast, before a byte of it is parsed. */
#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sofia-sip/su.h>

enum { SETS = 2048, WAYS = 4, DATAGRAM_MAX_BYTES = 8192, HEADER_LINES_MAX = 100, COMMAS_MAX = 200 };

struct source {
    uint64_t name[2]; /* IPv4 whole, IPv6 the /64: whoever has one of its addresses has them all */
    double tokens, at, strikes, forgiven_at, banned_until, known_until;
};

static uint64_t receipts;
uint64_t csofia_receipts(void) { return receipts; }

bool filter_create(struct filter *f) {
    f->sources = calloc(SETS * WAYS, sizeof *f->sources);
    return f->sources && getrandom(f->key, sizeof f->key, 0) == sizeof f->key;
}

/* SipHash-like mixing with a secret key, so that nobody can choose addresses that share a set. */
static uint64_t mix(struct filter *f, const uint64_t name[2]) {
    uint64_t h = f->key[0] ^ name[0];
    h *= 0x9E3779B97F4A7C15u; h ^= h >> 29; h += f->key[1] ^ name[1];
    h *= 0xBF58476D1CE4E5B9u; h ^= h >> 32; h += f->key[0];
    h *= 0x94D049BB133111EBu; h ^= h >> 29;
    return h;
}

static void name_of(int family, const uint8_t *address, uint64_t name[2]) {
    name[0] = (uint64_t)family;
    name[1] = 0;
    memcpy(&name[1], address, family == 4 ? 4 : 8);
}

/* A flood from forged addresses must not wash out those that are banned or known. */
static double kept_until(struct source const *s) {
    double until = s->banned_until > s->known_until ? s->banned_until : s->known_until;
    return until > s->at ? until : s->at;
}

static struct source *source_of(struct filter *f, int family, const uint8_t *address, double now, double burst) {
    uint64_t name[2];
    name_of(family, address, name);
    struct source *set = &f->sources[(mix(f, name) % SETS) * WAYS], *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].name[0] == name[0] && set[i].name[1] == name[1]) return &set[i];
        if (kept_until(&set[i]) < kept_until(oldest)) oldest = &set[i];
    }
    *oldest = (struct source){ .name = { name[0], name[1] }, .tokens = burst, .at = now, .forgiven_at = now };
    return oldest;
}

static bool trusts(struct filter *f, int family, const uint8_t *address) {
    for (size_t i = 0; i < f->trusted_count; i++) {
        const csofia_range *r = &f->trusted[i];
        unsigned bytes = r->bits / 8, rest = r->bits % 8;
        if (r->family != family || memcmp(r->address, address, bytes)) continue;
        if (!rest || ((r->address[bytes] ^ address[bytes]) >> (8 - rest)) == 0) return true;
    }
    return false;
}

static void strike(struct filter *f, struct source *s, double now) {
    if (!f->limits.strikes) return;
    /* Whole strikes are forgiven, each after its full time. */
    double forgiven = f->limits.forgiveness > 0 ? (double)(uint64_t)((now - s->forgiven_at) / f->limits.forgiveness) : 0;
    if (s->strikes <= forgiven) { s->strikes = 0; s->forgiven_at = now; }
    else if (forgiven > 0) { s->strikes -= forgiven; s->forgiven_at += forgiven * f->limits.forgiveness; }
    s->strikes += 1;
    if (s->strikes < f->limits.strikes) return;
    s->strikes = 0;
    s->banned_until = now + f->limits.ban;
    f->counters.bans++;
}

static bool take(double *tokens, double *at, double now, double rate, double burst) {
    *tokens += (now - *at) * rate;
    *at = now;
    if (*tokens > burst) *tokens = burst;
    if (*tokens < 1) return false;
    *tokens -= 1;
    return true;
}

/* Header lines until the empty line; a lone CR ends a line for the library, too. A comma outside quotes makes one more
   header field of a list, which costs the parser as much as a line. */
static bool too_many_lines(struct iovec const *parts, size_t count, size_t length) {
    int lines = 0, commas = 0;
    bool empty = true, cr = false, quoted = false, escaped = false;
    for (size_t i = 0; i < count && length; i++) {
        const char *p = parts[i].iov_base, *end = p + (parts[i].iov_len < length ? parts[i].iov_len : length);
        length -= (size_t)(end - p);
        for (; p < end; p++) {
            bool after_cr = cr;
            cr = *p == '\r';
            if (*p == '\n' && after_cr) continue;
            if (*p != '\n' && *p != '\r') {
                empty = false;
                if (escaped) escaped = false;
                else if (quoted && *p == '\\') escaped = true;
                else if (*p == '"') quoted = !quoted;
                else if (*p == ',' && !quoted && ++commas > COMMAS_MAX) return true;
                continue;
            }
            if (empty && lines) return false;
            empty = true;
            quoted = escaped = false; /* a quote that is never closed hides one line at most */
            if (++lines > HEADER_LINES_MAX) return true;
        }
    }
    return false;
}

static bool is_malformed(struct filter *f, struct msghdr const *header, size_t length) {
    unsigned char first = *(unsigned char *)header->msg_iov[0].iov_base;
    bool letter = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
    if (length > DATAGRAM_MAX_BYTES || (header->msg_flags & MSG_TRUNC)) f->counters.too_long++;
    else if (!letter && first != '\r' && first != '\n') f->counters.not_sip++;
    else if (too_many_lines(header->msg_iov, header->msg_iovlen, length)) f->counters.too_many_lines++;
    else return false;
    return true;
}

static bool admits(struct filter *f, struct msghdr const *header, size_t length) {
    su_sockaddr_t const *from = header->msg_name;
    csofia_limits const *l = &f->limits;
    int family = from->su_family == AF_INET6 ? 6 : 4;
    const uint8_t *address = family == 6 ? (const uint8_t *)&from->su_sin6.sin6_addr : (const uint8_t *)&from->su_sin.sin_addr;
    double now = seconds_now();
    bool trusted = trusts(f, family, address);
    struct source *s = source_of(f, family, address, now, trusted ? l->trusted_burst : l->burst);
    bool known = s->known_until > now;
    double rate = trusted ? l->trusted_rate : known ? l->known_rate : l->rate;
    double burst = trusted ? l->trusted_burst : known ? l->known_burst : l->burst;
    if (!trusted && s->banned_until > now) { f->counters.banned++; return false; }
    /* Addresses can be forged: who is trusted or has just authenticated is not banned for what others may have sent. */
    bool forgivable = trusted || known;
    if (!take(&s->tokens, &s->at, now, rate, burst)) {
        f->counters.over_rate++;
        if (!forgivable) strike(f, s, now);
        return false;
    }
    if (is_malformed(f, header, length)) {
        if (!forgivable) strike(f, s, now);
        return false;
    }
    if (!forgivable && !take(&f->total, &f->total_at, now, l->total_rate, l->total_burst)) {
        f->counters.over_total++;
        return false;
    }
    return true;
}

static csofia *owner_of(int socket) {
    for (csofia *s = csofia_all; s; s = s->next) if (s->socket == socket) return s;
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    if (getsockname(socket, (struct sockaddr *)&name, &length)) return NULL;
    uint16_t port = name.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&name)->sin6_port
                                               : ((struct sockaddr_in *)&name)->sin_port;
    for (csofia *s = csofia_all; s; s = s->next)
        if (s->socket < 0 && s->port == ntohs(port)) { s->socket = socket; return s; }
    return NULL;
}

/* The library calls this through its PLT for every datagram. -1 with EWOULDBLOCK drops it without a trace. */
issize_t su_vrecv(su_socket_t socket, su_iovec_t parts[], isize_t count, int flags, su_sockaddr_t *from, socklen_t *length) {
    struct msghdr header = { .msg_iov = (struct iovec *)parts, .msg_iovlen = count };
    receipts++;
    if (!from) return recvmsg(socket, &header, flags);
    csofia *s = owner_of(socket);
    header.msg_name = from;
    if (length) header.msg_namelen = *length;
    ssize_t received = recvmsg(socket, &header, flags | MSG_DONTWAIT);
    if (length) *length = header.msg_namelen;
    if (!s) return received;
    if (received < 0) {
        /* Mostly ICMP errors of datagrams that we sent. */
        if (errno != EAGAIN && errno != EWOULDBLOCK) s->filter.counters.receive_errors++;
        return received;
    }
    s->filter.counters.received++;
    if (received > 0 && !admits(&s->filter, &header, (size_t)received)) {
        errno = EWOULDBLOCK;
        return -1;
    }
    s->filter.counters.passed++;
    return received;
}

void csofia_limit(csofia *s, const csofia_limits *limits) {
    s->filter.limits = *limits;
    s->filter.total = limits->total_burst;
    s->filter.total_at = seconds_now();
}

bool csofia_trust(csofia *s, const csofia_range *ranges, size_t count) {
    size_t kept = count < CSOFIA_RANGES_MAX ? count : CSOFIA_RANGES_MAX;
    for (size_t i = 0; i < kept; i++) {
        s->filter.trusted[i] = ranges[i];
        unsigned most = ranges[i].family == 6 ? 128 : 32;
        if (ranges[i].bits > most) s->filter.trusted[i].bits = most;
    }
    s->filter.trusted_count = kept;
    return kept == count;
}

void csofia_strike(csofia *s, int family, const uint8_t address[16]) {
    double now = seconds_now();
    if (!trusts(&s->filter, family, address))
        strike(&s->filter, source_of(&s->filter, family, address, now, s->filter.limits.burst), now);
}

void csofia_know(csofia *s, int family, const uint8_t address[16]) {
    double now = seconds_now();
    struct source *source = source_of(&s->filter, family, address, now, s->filter.limits.burst);
    /* Behind the address there may be a whole office: what it has sent as a stranger does not count against it. */
    if (source->known_until <= now) source->tokens = s->filter.limits.known_burst;
    source->known_until = now + s->filter.limits.known;
    source->strikes /= 2;
}

csofia_counters csofia_count(const csofia *s) { return s->filter.counters; }
