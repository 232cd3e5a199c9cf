/* What is done to calls. Nothing here waits: the library queues it and does it in the next step. */
#include "internal.h"
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/su_tag.h>
#include <stdio.h>

#define SDP_TAGS(sdp) \
    TAG_IF(sdp, SIPTAG_CONTENT_TYPE_STR("application/sdp")), TAG_IF(sdp, SIPTAG_PAYLOAD_STR(sdp))

uint64_t csofia_invite(csofia *s, const csofia_invitation *i, uint64_t again) {
    struct slot *slot = again ? slot_get(s, again) : NULL;
    if (again && !slot) return 0;
    enter(s);
    nua_handle_t *handle = nua_handle(s->nua, NULL, NUTAG_URL(i->request_uri), SIPTAG_TO_STR(i->to),
                                      SIPTAG_FROM_STR(i->from), TAG_END());
    uint64_t call = again;
    if (handle && slot) {
        nua_handle_bind(slot->handle, NULL);
        nua_handle_destroy(slot->handle);
        slot->handle = handle;
        nua_handle_bind(handle, (nua_hmagic_t *)(uintptr_t)call);
    } else if (handle) {
        call = slot_add(s, handle);
    }
    if (!handle || !call) {
        if (handle) nua_handle_destroy(handle);
        leave(s);
        return 0;
    }
    char sequence[32];
    snprintf(sequence, sizeof sequence, "%u INVITE", i->sequence);
    nua_invite(handle,
               TAG_IF(i->next_hop, NUTAG_PROXY(i->next_hop)),
               TAG_IF(i->call_id, SIPTAG_CALL_ID_STR(i->call_id)),
               TAG_IF(i->sequence, SIPTAG_CSEQ_STR(sequence)),
               TAG_IF(i->authorization, SIPTAG_AUTHORIZATION_STR(i->authorization)),
               TAG_IF(i->proxy_authorization, SIPTAG_PROXY_AUTHORIZATION_STR(i->proxy_authorization)),
               NUTAG_SESSION_TIMER(i->session_timer), NUTAG_MIN_SE(i->min_se),
               SDP_TAGS(i->sdp),
               TAG_IF(i->headers, SIPTAG_HEADER_STR(i->headers)), TAG_END());
    leave(s);
    return call;
}

void csofia_respond(csofia *s, uint64_t call, const csofia_response *r) {
    struct slot *slot = slot_get(s, call);
    if (!slot || (r->saved && !slot->saved[0])) return;
    enter(s);
    nua_handle_t *handle = slot->handle;
    msg_t *request = r->saved ? nua_saved_event_request(slot->saved) : r->current ? nua_current_request(s->nua) : NULL;
    /* The library keeps the phrase's pointer beyond this call: it must live as long as the handle. */
    const char *phrase = r->phrase ? su_strdup(nua_handle_home(handle), r->phrase) : sip_status_phrase(r->status);
    nua_respond(handle, r->status, phrase ? phrase : "",
                TAG_IF(request, NUTAG_WITH(request)),
                TAG_IF(r->next_hop, NUTAG_PROXY(r->next_hop)),
                SDP_TAGS(r->sdp),
                TAG_IF(r->headers, SIPTAG_HEADER_STR(r->headers)), TAG_END());
    if (r->saved) nua_destroy_event(slot->saved);
    leave(s);
}

bool csofia_save(csofia *s, uint64_t call) {
    struct slot *slot = slot_get(s, call);
    return slot && !slot->saved[0] && nua_save_event(s->nua, slot->saved);
}

void csofia_notify_referral(csofia *s, uint64_t call, uint32_t sequence, int status) {
    struct slot *slot = slot_get(s, call);
    if (!slot) return;
    const char *phrase = sip_status_phrase(status);
    char event[32], line[128];
    snprintf(event, sizeof event, "refer;id=%u", sequence);
    snprintf(line, sizeof line, "SIP/2.0 %d %s\r\n", status, phrase ? phrase : "");
    enter(s);
    nua_notify(slot->handle, NUTAG_SUBSTATE(nua_substate_terminated),
               SIPTAG_SUBSCRIPTION_STATE_STR("terminated;reason=noresource"), SIPTAG_EVENT_STR(event),
               SIPTAG_CONTENT_TYPE_STR("message/sipfrag;version=2.0"), SIPTAG_PAYLOAD_STR(line), TAG_END());
    leave(s);
}

void csofia_bye(csofia *s, uint64_t call, const char *headers) {
    struct slot *slot = slot_get(s, call);
    if (!slot) return;
    enter(s);
    nua_bye(slot->handle, TAG_IF(headers, SIPTAG_HEADER_STR(headers)), TAG_END());
    leave(s);
}

void csofia_cancel(csofia *s, uint64_t call, const char *headers) {
    struct slot *slot = slot_get(s, call);
    if (!slot) return;
    enter(s);
    nua_cancel(slot->handle, TAG_IF(headers, SIPTAG_HEADER_STR(headers)), TAG_END());
    leave(s);
}

void csofia_reinvite(csofia *s, uint64_t call, const char *sdp) {
    struct slot *slot = slot_get(s, call);
    if (!slot) return;
    enter(s);
    nua_invite(slot->handle, SDP_TAGS(sdp), TAG_END());
    leave(s);
}

void csofia_release(csofia *s, uint64_t call) {
    struct slot *slot = slot_get(s, call);
    if (!slot) return;
    enter(s);
    nua_handle_t *handle = slot->handle;
    slot_clear(s, call);
    nua_handle_bind(handle, NULL);
    nua_handle_destroy(handle);
    leave(s);
}
