/* What the library tells, as plain structs; and what a message holds beyond them. */
#define _GNU_SOURCE
#include "internal.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_tag.h>
#include <sofia-sip/url.h>

static void source_of(csofia_event *e, nua_t *nua) {
    msg_t *message = nua_current_request(nua);
    su_sockaddr_t address = { 0 };
    socklen_t length = sizeof address;
    if (!message || msg_get_address(message, &address, &length) != 0) return;
    e->port = ntohs(address.su_port);
    if (address.su_family == AF_INET) {
        e->family = 4;
        memcpy(e->address, &address.su_sin.sin_addr, 4);
    } else if (address.su_family == AF_INET6) {
        e->family = 6;
        memcpy(e->address, &address.su_sin6.sin6_addr, 16);
    }
}

static bool is_sdp(const csofia_event *e) {
    if (e->content_type) return strcasecmp(e->content_type, "application/sdp") == 0;
    return e->body_length >= 3 && memcmp(e->body, "v=0", 3) == 0;
}

static void describe_referral(csofia_event *e, sip_t const *sip) {
    e->wants_replacement = sip->sip_replaces != NULL;
    sip_refer_to_t const *target = sip->sip_refer_to;
    if (!target || (target->r_url->url_type != url_sip && target->r_url->url_type != url_sips)) return;
    e->refer_user = target->r_url->url_user;
    char const *headers = target->r_url->url_headers;
    e->refer_replaces = headers && (!strncasecmp(headers, "replaces=", 9) || strcasestr(headers, "&replaces="));
}

/* `session` hides addresses of media and not the caller; `none` says that nothing is to be hidden. */
static bool hides_caller(sip_t const *sip) {
    if (sip->sip_from && sip->sip_from->a_url->url_host && !strcasecmp(sip->sip_from->a_url->url_host, "anonymous.invalid"))
        return true;
    bool hides = false;
    for (msg_param_t const *value = sip->sip_privacy ? sip->sip_privacy->priv_values : NULL; value && *value; value++) {
        if (!strcasecmp(*value, "none")) return false;
        if (!strcasecmp(*value, "id") || !strcasecmp(*value, "user") || !strcasecmp(*value, "header")) hides = true;
    }
    return hides;
}

static void describe(csofia_event *e, sip_t const *sip) {
    e->message = sip;
    if (sip->sip_request) e->request_user = sip->sip_request->rq_url->url_user;
    if (sip->sip_from) {
        e->from_user = sip->sip_from->a_url->url_user;
        e->from_display = sip->sip_from->a_display;
    }
    if (sip->sip_to) e->to_user = sip->sip_to->a_url->url_user;
    if (sip->sip_call_id) e->call_id = sip->sip_call_id->i_id;
    if (sip->sip_content_type) e->content_type = sip->sip_content_type->c_type;
    if (sip->sip_payload && sip->sip_payload->pl_data && sip->sip_payload->pl_len) {
        e->body = sip->sip_payload->pl_data;
        e->body_length = sip->sip_payload->pl_len;
        e->has_sdp = is_sdp(e);
    }
    for (sip_reason_t const *reason = sip->sip_reason; reason; reason = reason->re_next)
        if (reason->re_protocol && reason->re_cause && !strcasecmp(reason->re_protocol, "Q.850"))
            e->q850 = atoi(reason->re_cause) & 0x7f;
    if (sip->sip_min_se && sip->sip_min_se->min_delta < 86400) e->min_se = (int)sip->sip_min_se->min_delta;
    sip_session_expires_t const *timer = sip->sip_session_expires;
    if (timer && timer->x_delta < 86400) e->session_expires = (int)timer->x_delta;
    e->refreshed_by_uas = timer && timer->x_refresher && !strcasecmp(timer->x_refresher, "uas");
    e->allows_update = sip->sip_allow && sip_is_allowed(sip->sip_allow, SIP_METHOD_UPDATE);
    e->hides_caller = hides_caller(sip);
    describe_referral(e, sip);
    e->supports_timer = sip_has_feature(sip->sip_supported, "timer");
}

static int kind_of_state(tagi_t tags[]) {
    int state = -1;
    tl_gets(tags, NUTAG_CALLSTATE_REF(state), TAG_END());
    return state == nua_callstate_terminated ? CSOFIA_TERMINATED : 0;
}

static int kind_of(nua_event_t event, bool outside, tagi_t tags[]) {
    switch (event) {
    case nua_i_invite: return outside ? CSOFIA_INVITED : CSOFIA_REINVITED;
    case nua_i_update: return outside ? 0 : CSOFIA_UPDATED;
    case nua_i_cancel: return CSOFIA_CANCELLED;
    case nua_i_ack: return CSOFIA_CONFIRMED;
    case nua_r_invite: return CSOFIA_RESPONDED;
    case nua_i_bye: return CSOFIA_HUNG_UP;
    case nua_i_state: return kind_of_state(tags);
    case nua_i_info: return CSOFIA_INFORMED;
    case nua_i_register: return CSOFIA_REGISTERED;
    case nua_i_refer: return CSOFIA_REFERRED;
    case nua_i_error: return CSOFIA_FAILED;
    default: return 0;
    }
}

void on_event(nua_event_t event, int status, char const *phrase, nua_t *nua, nua_magic_t *s, nua_handle_t *handle,
              nua_hmagic_t *magic, sip_t const *sip, tagi_t tags[]) {
    if (event == nua_r_shutdown) {
        if (status >= 200) s->shut = true;
        return;
    }
    uint64_t call = (uint64_t)(uintptr_t)magic;
    bool incoming = handle && nua_event_is_incoming_request(event), outside = false;
    if (incoming && !call) {
        /* Every request outside a dialog makes a handle, also those that the library has answered. */
        int kind = kind_of(event, true, tags);
        if (!kind || status >= 200 || !(call = slot_add(s, handle))) {
            nua_handle_destroy(handle);
            return;
        }
        outside = true;
    } else if (handle) {
        struct slot *slot = slot_get(s, call);
        if (!slot || slot->handle != handle) return; /* a late event of a released call */
    }
    csofia_event e = { .kind = kind_of(event, outside, tags), .status = status, .phrase = phrase, .call = call };
    if (!e.kind || !call) return;
    if (incoming && status >= 200 && event != nua_i_bye && event != nua_i_cancel && event != nua_i_ack) return;
    if (sip) describe(&e, sip);
    if (incoming) source_of(&e, nua);
    s->callback(s->context, &e);
}

static const char *const *digest_parameters(msg_auth_t const *header, unsigned *index) {
    for (; header; header = header->au_next) {
        if (!header->au_scheme || !header->au_params || strcasecmp(header->au_scheme, "Digest")) continue;
        if ((*index)-- == 0) return header->au_params;
    }
    return NULL;
}

const char *const *csofia_credentials(const csofia_event *e, unsigned index) {
    sip_t const *sip = e->message;
    return sip ? digest_parameters(sip->sip_authorization, &index) : NULL;
}

const char *const *csofia_challenge(const csofia_event *e, unsigned index, bool *proxy) {
    sip_t const *sip = e->message;
    if (!sip) return NULL;
    *proxy = false;
    const char *const *found = digest_parameters(sip->sip_www_authenticate, &index);
    if (found) return found;
    *proxy = true;
    return digest_parameters(sip->sip_proxy_authenticate, &index);
}

static bool write_url(url_t const *url, char *buffer, size_t size) {
    issize_t length = url_e(buffer, size, url);
    return length >= 0 && (size_t)length < size;
}

bool csofia_request_uri(const csofia_event *e, char *buffer, size_t size) {
    sip_t const *sip = e->message;
    return sip && sip->sip_request && write_url(sip->sip_request->rq_url, buffer, size);
}

bool csofia_contact(const csofia_event *e, unsigned index, char *buffer, size_t size, long *expires) {
    sip_t const *sip = e->message;
    sip_contact_t const *contact = sip ? sip->sip_contact : NULL;
    while (contact && index--) contact = contact->m_next;
    if (!contact || size < 2) return false;
    *expires = -1;
    if (contact->m_expires) {
        *expires = strtol(contact->m_expires, NULL, 10);
        if (*expires < 0) *expires = 0;
    }
    buffer[0] = 0;
    if (contact->m_url->url_type == url_any) strcpy(buffer, "*");
    else if (!write_url(contact->m_url, buffer, size)) buffer[0] = 0;
    return true;
}

long csofia_expires(const csofia_event *e) {
    sip_t const *sip = e->message;
    return sip && sip->sip_expires ? (long)sip->sip_expires->ex_delta : -1;
}

uint32_t csofia_sequence(const csofia_event *e) {
    sip_t const *sip = e->message;
    return sip && sip->sip_cseq ? sip->sip_cseq->cs_seq : 0;
}
