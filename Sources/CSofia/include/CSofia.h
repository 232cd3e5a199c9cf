#pragma once
/* Sofia-SIP's user agent (NUA, media off, UDP only) as Swift sees it: no Sofia type is in this header.
   Every function is called on the loop's thread. Calls are named by ids (slot and generation), never by pointers. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct csofia csofia;

/* What an event is about. Requests that are answered here (OPTIONS, methods nobody asked for) do not come up. */
enum csofia_kind {
    CSOFIA_INVITED = 1,   /* an INVITE outside every call; the id is new */
    CSOFIA_REINVITED,     /* an INVITE inside a call */
    CSOFIA_UPDATED,       /* an UPDATE inside a call */
    CSOFIA_CANCELLED,     /* CANCEL for an INVITE that we had not answered; CSOFIA_TERMINATED follows */
    CSOFIA_CONFIRMED,     /* ACK for our 2xx */
    CSOFIA_RESPONDED,     /* a response to our INVITE: `status` */
    CSOFIA_HUNG_UP,       /* BYE from the peer, answered already; CSOFIA_TERMINATED follows */
    CSOFIA_TERMINATED,    /* the call is over: release the id now */
    CSOFIA_INFORMED,      /* INFO; outside a call the id is new */
    CSOFIA_REGISTERED,    /* REGISTER; the id is new */
    CSOFIA_REFERRED,      /* REFER (RFC 3515); outside a call the id is new */
    CSOFIA_FAILED         /* an internal error of the call: `status` */
};

/* Every pointer lives only during the callback. Strings end with NUL and may be NULL. */
typedef struct {
    int kind, status;
    uint64_t call;
    const char *phrase;
    const char *from_user, *from_display, *to_user, *request_user;
    const char *call_id, *content_type;
    const char *body;
    size_t body_length;
    int family;           /* source of a request: 4, 6, or 0 if unknown */
    uint8_t address[16];  /* network order; the first 4 bytes for family 4 */
    uint16_t port;
    int q850;             /* cause of a Reason header with protocol Q.850; 0: none */
    int min_se;           /* seconds of a Min-SE header; 0: none */
    int session_expires;  /* seconds of a Session-Expires header; 0: none */
    bool refreshed_by_uas; /* it says refresher=uas */
    bool has_sdp;         /* the body is a session description */
    bool allows_update;   /* Allow names UPDATE */
    bool supports_timer;  /* Supported names timer */
    const char *refer_user; /* user part of Refer-To; NULL: none, or no sip: or sips: URI */
    bool refer_replaces;  /* Refer-To names a dialog to be replaced (RFC 3891) */
    bool wants_replacement; /* an INVITE with Replaces */
    bool hides_caller;    /* Privacy asks for it (RFC 3323 §4.2, RFC 3325 §9.3), or From is anonymous.invalid */
    const void *message;  /* for the functions below */
} csofia_event;

typedef void (*csofia_callback)(void *context, const csofia_event *event);
/* `format` is the library's format string without its arguments, which may hold personal data. */
typedef void (*csofia_logger)(void *context, const char *format, unsigned suppressed);

typedef struct {
    const char *url;             /* sip:ADDRESS:PORT;transport=udp */
    const char *user_agent, *contact_user;
    unsigned session_timer;      /* seconds wanted in Session-Expires; 0: only what peers ask for */
    unsigned min_se;             /* seconds: shorter session timers are refused */
    unsigned max_proceeding;     /* server transactions at once before 503 */
    csofia_callback callback;
    csofia_logger logger;
    void *context;
} csofia_settings;

enum csofia_failure { CSOFIA_OK, CSOFIA_NO_MEMORY, CSOFIA_NO_DESCRIPTOR, CSOFIA_NO_CLOCK, CSOFIA_NO_TRANSPORT };

/* Life. `failure` tells why NULL came. */
csofia *csofia_create(const csofia_settings *, enum csofia_failure *failure);
int csofia_descriptor(const csofia *);
/* Runs what is ready, until `limit` (CLOCK_MONOTONIC, nanoseconds); returns milliseconds to the library's next timer,
   -1: none, 0: there is more to do now. */
long csofia_step(csofia *, uint64_t limit);
size_t csofia_live(const csofia *);
/* Calls first, then this; never in order to reload. csofia_is_shut turns true later, then csofia_destroy may be called. */
void csofia_shut(csofia *);
bool csofia_is_shut(const csofia *);
void csofia_destroy(csofia *);

/* Calls. Unknown and dead ids are ignored. */
typedef struct {
    const char *request_uri, *from, *to, *next_hop, *sdp, *headers;
    const char *call_id, *authorization, *proxy_authorization;
    uint32_t sequence;       /* CSeq to go on from; 0: the library's choice */
    unsigned session_timer;  /* seconds; 0: none */
    unsigned min_se;         /* seconds */
} csofia_invitation;
/* Sends an INVITE. `again`: the id of a call whose INVITE was refused and is to be tried once more, or 0. 0: failed. */
uint64_t csofia_invite(csofia *, const csofia_invitation *, uint64_t again);
typedef struct {
    int status;
    const char *phrase;      /* NULL: the standard one */
    const char *sdp, *headers;
    const char *next_hop;    /* where all later requests of this call are sent; NULL: unchanged */
    bool current;            /* answers the request of the event that is being delivered */
    bool saved;              /* answers the UPDATE kept by csofia_save */
} csofia_response;
void csofia_respond(csofia *, uint64_t call, const csofia_response *);
/* Keeps the UPDATE that is being delivered, to be answered later; false if one is kept already. */
bool csofia_save(csofia *, uint64_t call);
/* What became of the REFER with this CSeq, which was answered 2xx: the last NOTIFY of its subscription, whose text is the
   status line of `status` (RFC 3515 section 2.4.5). */
void csofia_notify_referral(csofia *, uint64_t call, uint32_t sequence, int status);
void csofia_bye(csofia *, uint64_t call, const char *headers);
void csofia_cancel(csofia *, uint64_t call, const char *headers);
/* A re-INVITE with this description, and with the call's session timer begun anew (RFC 4028 section 7.4). */
void csofia_reinvite(csofia *, uint64_t call, const char *sdp);
void csofia_release(csofia *, uint64_t call);

/* More of the message of an event. Lists end with NULL. */
/* Parameters ("name=value") of the `index`th Digest credentials of a request; NULL: no more. */
const char *const *csofia_credentials(const csofia_event *, unsigned index);
/* Parameters of the `index`th Digest challenge of a response, WWW-Authenticate first; NULL: no more. */
const char *const *csofia_challenge(const csofia_event *, unsigned index, bool *proxy);
/* The request URI as text; false if it does not fit. */
bool csofia_request_uri(const csofia_event *, char *buffer, size_t size);
/* The `index`th Contact: its URI as text, or "*"; expires in seconds, -1: none given. False: no more. */
bool csofia_contact(const csofia_event *, unsigned index, char *buffer, size_t size, long *expires);
/* The Expires header in seconds; -1: none. */
long csofia_expires(const csofia_event *);
uint32_t csofia_sequence(const csofia_event *);

/* The filter in front of the parser, one for each endpoint. */
typedef struct {
    double rate, burst;               /* datagrams per second and at once, for each source address */
    double trusted_rate, trusted_burst; /* the same for each trusted address */
    double known_rate, known_burst;   /* the same for each address that has authenticated lately */
    double total_rate, total_burst;   /* for all sources together that are neither trusted nor known */
    unsigned strikes;                 /* malformed, too many or guessing, until a ban; 0: no bans */
    double ban, forgiveness, known;   /* seconds: of a ban, until one strike is forgiven, for which a source stays known */
} csofia_limits;
typedef struct { uint8_t address[16]; int family; unsigned bits; } csofia_range;
typedef struct {
    uint64_t received, passed, banned, over_rate, over_total, too_long, too_many_lines, not_sip, receive_errors, bans;
} csofia_counters;
void csofia_limit(csofia *, const csofia_limits *);
/* Addresses that are rated but never banned, since senders can be forged. At most CSOFIA_RANGES_MAX; false: more. */
enum { CSOFIA_RANGES_MAX = 256 };
bool csofia_trust(csofia *, const csofia_range *, size_t count);
/* A source that proved to receive our answers guessed wrong. */
void csofia_strike(csofia *, int family, const uint8_t address[16]);
/* A source has authenticated: like a trusted one it is rated and, but for wrong guesses, never banned. */
void csofia_know(csofia *, int family, const uint8_t address[16]);
csofia_counters csofia_count(const csofia *);

/* Calls of the library's functions that this module replaces, since the start of the process. */
uint64_t csofia_lookups(void);
uint64_t csofia_receipts(void);
