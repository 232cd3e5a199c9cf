// Reading and writing SIP as text: the little that calls on loopback need.
#pragma once
#include <netinet/in.h>
#include <stddef.h>

enum { SIP_BYTES_MAX = 4096, SIP_FIELD_MAX = 256 };

/// A message as received. `text` ends with a zero byte.
struct sip_message {
    char text[SIP_BYTES_MAX + 1];
    struct sockaddr_in source;
    /// 0 for requests.
    int status;
    /// Of requests.
    char method[16];
};

/// Parses the first line; 0 for what is no SIP.
int sip_parse(struct sip_message *message, size_t bytes);
/// Copies the value of a header's first line; 0 (and an empty value) if there is none or it is too long.
int sip_header(const struct sip_message *message, const char *name, char *value, size_t size);
/// The URI between the angle brackets of a header, or its bare text.
int sip_header_uri(const struct sip_message *message, const char *name, char *uri, size_t size);
/// The method of the CSeq.
int sip_is_for(const struct sip_message *message, const char *method);
/// Audio address of the SDP; 0 without.
int sip_media_address(const struct sip_message *message, struct sockaddr_in *address);
/// host:port of a `sip:` URI; 0 if the host is no IPv4 address.
int sip_uri_address(const char *uri, struct sockaddr_in *address);
/// Appends all Via and Record-Route lines, From, To (with `to_tag` if it has none), Call-ID and CSeq of a request.
/// Returns the length.
size_t sip_response_head(
    char *text, size_t size, const struct sip_message *request, const char *status_line, const char *to_tag);
/// G.711 A-law and telephone-event at that address. Returns the length, blank line and Content headers included.
size_t sip_description(char *text, size_t size, const char *host, int port);
