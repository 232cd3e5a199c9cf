/* Life of an endpoint: creation, steps, shutdown, and the table of calls. */
#define _GNU_SOURCE
#include "internal.h"
#include <dirent.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_tag.h>
#include <sofia-sip/tport_tag.h>

struct csofia *csofia_all;

static int nothing(su_root_magic_t *m, su_wait_t *w, su_wakeup_arg_t *a) { (void)m; (void)w; (void)a; return 0; }

static bool watches(const char *name, int wanted) {
    char path[64], line[512];
    bool found = false;
    snprintf(path, sizeof path, "/proc/self/fdinfo/%.20s", name);
    FILE *info = fopen(path, "re");
    if (!info) return false;
    while (fgets(line, sizeof line, info)) {
        int target;
        if (sscanf(line, "tfd: %d", &target) == 1 && target == wanted) found = true;
    }
    fclose(info);
    return found;
}

/* No public call returns the library's epoll descriptor: it is the one that watches a pipe which we register. */
static int find_descriptor(su_root_t *root) {
    int ends[2], found = -1, hits = 0, index;
    su_wait_t wait[1];
    if (pipe(ends)) return -1;
    su_wait_init(wait);
    if (su_wait_create(wait, ends[0], SU_WAIT_IN) || (index = su_root_register(root, wait, nothing, NULL, 0)) < 0) {
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    DIR *directory = opendir("/proc/self/fd");
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        char path[64], link[64];
        snprintf(path, sizeof path, "/proc/self/fd/%.20s", entry->d_name);
        ssize_t length = readlink(path, link, sizeof link - 1);
        if (length <= 0) continue;
        link[length] = 0;
        if (strcmp(link, "anon_inode:[eventpoll]") || !watches(entry->d_name, ends[0])) continue;
        found = atoi(entry->d_name);
        hits++;
    }
    if (directory) closedir(directory);
    su_root_deregister(root, index);
    close(ends[0]);
    close(ends[1]);
    return hits == 1 ? found : -1;
}

/* At most 10 lines per second; what was left out is told with the next line. */
static void on_log(void *stream, char const *format, va_list arguments) {
    csofia *s = csofia_all;
    (void)stream;
    (void)arguments;
    if (!s || !s->logger) return;
    double now = seconds_now();
    if (now - s->log_second >= 1) { s->log_second = now; s->log_lines = 0; }
    if (s->log_lines++ >= 10) { s->log_suppressed++; return; }
    s->logger(s->context, format, s->log_suppressed);
    s->log_suppressed = 0;
}

static nua_t *create_agent(csofia *s, const csofia_settings *settings) {
    return nua_create(
        s->root, on_event, s,
        NUTAG_URL(settings->url),
        NUTAG_MEDIA_ENABLE(0),
        /* T9: a redirection must never make us dial where the peer says. */
        NUTAG_AUTO302(0), NUTAG_AUTO305(0),
        NUTAG_AUTOACK(1), NUTAG_AUTOANSWER(0), NUTAG_AUTOALERT(0),
        /* T10: challenges are answered by ourselves. */
        NUTAG_RETRY_COUNT(0),
        NUTAG_APPL_METHOD("REGISTER"), NUTAG_APPL_METHOD("INFO"), NUTAG_APPL_METHOD("UPDATE"),
        NUTAG_APPL_METHOD("REFER"),
        /* Everything else is answered 405 before a handle exists. */
        SIPTAG_ALLOW_STR("INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO, UPDATE, REFER"),
        /* T12: without 100rel, so that no provisional response becomes reliable. */
        SIPTAG_SUPPORTED_STR("timer"), NUTAG_ALLOW_EVENTS(NULL),
        /* T11. The refresh is an UPDATE, which needs no session description; where the peer does not know that method,
           csofia_reinvite comes before it. */
        NUTAG_MIN_SE(settings->min_se), NUTAG_SESSION_TIMER(settings->session_timer), NUTAG_UPDATE_REFRESH(1),
        NUTAG_OUTBOUND("no-outbound no-validate no-natify no-options-keepalive"),
        /* T13 */
        SIPTAG_USER_AGENT_STR(settings->user_agent), NUTAG_M_USERNAME(settings->contact_user),
        NTATAG_SERVER_RPORT(2), NTATAG_USE_NAPTR(0), NTATAG_USE_SRV(0),
        NTATAG_UDP_MTU(8192), NTATAG_MAXSIZE(16384), /* T3 */
        NTATAG_MAX_PROCEEDING(settings->max_proceeding),
        TPTAG_UDP_RMEM(4 * 1024 * 1024),
        TAG_END());
}

csofia *csofia_create(const csofia_settings *settings, enum csofia_failure *failure) {
    *failure = CSOFIA_NO_MEMORY;
    if (su_init() != 0) return NULL;
    su_log_redirect(NULL, on_log, NULL);
    su_log_set_level(NULL, 1);
    if (!clock_install()) { *failure = CSOFIA_NO_CLOCK; return NULL; }
    csofia *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    const char *port = strrchr(settings->url, ':');
    s->callback = settings->callback;
    s->logger = settings->logger;
    s->context = settings->context;
    s->socket = s->descriptor = -1;
    s->port = port ? (uint16_t)atoi(port + 1) : 0;
    if (!filter_create(&s->filter) || !(s->root = su_root_create(s))) {
        free(s->filter.sources);
        free(s);
        return NULL;
    }
    su_root_threading(s->root, 0);
    s->next = csofia_all;
    csofia_all = s;
    *failure = CSOFIA_NO_DESCRIPTOR;
    if ((s->descriptor = find_descriptor(s->root)) >= 0) {
        *failure = CSOFIA_NO_TRANSPORT;
        s->nua = create_agent(s, settings);
    }
    if (!s->nua) {
        csofia_all = s->next;
        su_root_destroy(s->root);
        free(s->filter.sources);
        free(s);
        return NULL;
    }
    su_root_release(s->root);
    *failure = CSOFIA_OK;
    return s;
}

int csofia_descriptor(const csofia *s) { return s->descriptor; }
size_t csofia_live(const csofia *s) { return s->live; }

static uint64_t nanoseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

long csofia_step(csofia *s, uint64_t limit) {
    long next;
    int idle = 0;
    enter(s);
    while ((next = su_root_step(s->root, 0)) == 0) {
        if (nanoseconds_now() >= limit) break;
        /* 0 also means that a timer is due in less than 1 ms: four steps in vain, then wait for it. */
        struct pollfd ready = { s->descriptor, POLLIN, 0 };
        if (poll(&ready, 1, 0) > 0) idle = 0;
        else if (++idle >= 4) { next = 1; break; }
    }
    leave(s);
    return next;
}

void csofia_shut(csofia *s) {
    enter(s);
    nua_shutdown(s->nua);
    leave(s);
}

bool csofia_is_shut(const csofia *s) { return s->shut; }

void csofia_destroy(csofia *s) {
    if (!s->shut) return;
    su_root_obtain(s->root);
    nua_destroy(s->nua);
    su_root_destroy(s->root);
    for (csofia **link = &csofia_all; *link; link = &(*link)->next)
        if (*link == s) { *link = s->next; break; }
    free(s->filter.sources);
    free(s->slots);
    free(s);
    su_deinit();
}

/* The id of a handle is what the library keeps for us: an integer, never a pointer to our memory. */
uint64_t slot_add(csofia *s, nua_handle_t *handle) {
    if (!s->free) {
        uint32_t count = s->count ? s->count * 2 : 64;
        struct slot *slots = realloc(s->slots, count * sizeof *slots);
        if (!slots) return 0;
        s->slots = slots;
        for (uint32_t k = count; k-- > (s->count ? s->count : 1);) {
            slots[k] = (struct slot){ .next = s->free };
            s->free = k;
        }
        s->count = count;
    }
    uint32_t index = s->free;
    struct slot *slot = &s->slots[index];
    s->free = slot->next;
    slot->handle = handle;
    s->live++;
    uint64_t call = (uint64_t)++slot->generation << 32 | index;
    nua_handle_bind(handle, (nua_hmagic_t *)(uintptr_t)call);
    return call;
}

struct slot *slot_get(csofia *s, uint64_t call) {
    uint32_t index = (uint32_t)call;
    if (!index || index >= s->count || s->slots[index].generation != (uint32_t)(call >> 32)) return NULL;
    return s->slots[index].handle ? &s->slots[index] : NULL;
}

void slot_clear(csofia *s, uint64_t call) {
    struct slot *slot = slot_get(s, call);
    if (!slot) return;
    if (slot->saved[0]) nua_destroy_event(slot->saved);
    slot->handle = NULL;
    slot->generation++;
    slot->next = s->free;
    s->free = (uint32_t)call;
    s->live--;
}
