#pragma once
/* What the files of this module share. */
#include "CSofia.h"
#include <sys/types.h>
#define NUA_MAGIC_T struct csofia
#define SU_ROOT_MAGIC_T struct csofia
#include <sofia-sip/su_wait.h>
#include <sofia-sip/nua.h>
#include <sofia-sip/sip.h>

/* A call's id is its slot and the slot's generation. Slot 0 is never used. */
struct slot {
    nua_handle_t *handle;
    nua_saved_event_t saved[1]; /* an UPDATE that waits for its answer */
    uint32_t generation, next;
};

struct source;
struct filter {
    struct source *sources;
    uint64_t key[2];
    csofia_limits limits;
    csofia_range trusted[CSOFIA_RANGES_MAX];
    size_t trusted_count;
    double total, total_at;
    csofia_counters counters;
};

struct csofia {
    su_root_t *root;
    nua_t *nua;
    csofia_callback callback;
    csofia_logger logger;
    void *context;
    int descriptor, depth;
    bool shut;
    struct slot *slots;
    uint32_t count, free;
    size_t live;
    int socket;      /* the UDP socket, known from the first datagram on; -1: not yet */
    uint16_t port;
    struct filter filter;
    double log_second;
    unsigned log_lines, log_suppressed;
    struct csofia *next;
};

/* All endpoints of the process (tests have several), for the functions that the library calls without a context. */
extern struct csofia *csofia_all;

/* Ownership of the library's root around every entry, depth-counted because callbacks re-enter (T1). */
static inline void enter(csofia *s) { if (s->depth++ == 0) su_root_obtain(s->root); }
static inline void leave(csofia *s) { if (--s->depth == 0) su_root_release(s->root); }

uint64_t slot_add(csofia *, nua_handle_t *);
struct slot *slot_get(csofia *, uint64_t call);
void slot_clear(csofia *, uint64_t call);

void on_event(nua_event_t, int status, char const *phrase, nua_t *, nua_magic_t *, nua_handle_t *, nua_hmagic_t *,
              sip_t const *, tagi_t tags[]);

bool clock_install(void);
double seconds_now(void);
bool filter_create(struct filter *);
