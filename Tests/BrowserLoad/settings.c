#define _GNU_SOURCE
#include "settings.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "BrowserLoad MODE [options]: the load of agents' browsers on a daemon on loopback. Prints rows `name: value`.\n\n"
    "  webrtc  --agents agents sign in at once, connect their voices some times over, and take a call each, 50 packets a\n"
    "          second from both ends\n"
    "  plain   --agents calls from telephones to telephones, as many packets\n"
    "  memory  half of the agents sign in and connect, and then the other half: what these take\n"
    "  api     --agents desks stand; one agent's state changes and all are told of it; --connections connections GET\n\n"
    "  --http HOST:PORT      the daemon's HTTP (127.0.0.1:8080)\n"
    "  --first-agent N       the first of the agents is agent0001 (1) or a later one\n"
    "  --password TEXT       of every agent; --token TEXT a bearer token\n"
    "  --pid PID             whose CPU and memory are measured\n"
    "  --agents N --seconds S --warmup S\n"
    "webrtc, plain, memory:\n"
    "  --daemon HOST:PORT    SIP (127.0.0.1:5060); --callers HOST:PORT our side (127.0.0.2:17100); --media-port PORT (17300)\n"
    "  --answerers HOST:PORT whom the telephones of `plain` call (127.0.0.3:17200)\n"
    "  --browsers HOST       where the browsers' sockets are (127.0.0.6)\n"
    "  --number TEXT         leads to a queue of the agents; --rate N calls begun in a second\n"
    "  --codec pcma|opus     what the daemon is to choose\n"
    "  --waves N             how often all connect at once; --handshake-waves N with DTLS held back until all could begin\n"
    "api:\n"
    "  --connections N       that GET, one request under way on each; --path PATH, and --second-path PATH after it\n\n"
    "Slips: `slip_ms_max` says how late the generator itself was; over 5 ms the run counts for nothing.\n";

enum {
    HTTP = 1, PASSWORD, TOKEN, PID, AGENTS, SECONDS, WARMUP, DAEMON, CALLERS, MEDIA_PORT, BROWSERS, NUMBER, RATE, CODEC, WAVES,
    HANDSHAKE_WAVES, CONNECTIONS, PATH, SECOND_PATH, ANSWERERS, FIRST_AGENT
};

static const struct option names[] = {
    {"http", 1, 0, HTTP}, {"password", 1, 0, PASSWORD}, {"token", 1, 0, TOKEN}, {"pid", 1, 0, PID}, {"agents", 1, 0, AGENTS},
    {"seconds", 1, 0, SECONDS}, {"warmup", 1, 0, WARMUP}, {"daemon", 1, 0, DAEMON}, {"callers", 1, 0, CALLERS},
    {"media-port", 1, 0, MEDIA_PORT}, {"browsers", 1, 0, BROWSERS}, {"number", 1, 0, NUMBER}, {"rate", 1, 0, RATE},
    {"codec", 1, 0, CODEC}, {"waves", 1, 0, WAVES}, {"handshake-waves", 1, 0, HANDSHAKE_WAVES},
    {"connections", 1, 0, CONNECTIONS}, {"path", 1, 0, PATH}, {"second-path", 1, 0, SECOND_PATH},
    {"answerers", 1, 0, ANSWERERS}, {"first-agent", 1, 0, FIRST_AGENT}, {0, 0, 0, 0}};

_Noreturn void settings_refuse(void) {
    fputs(usage, stderr);
    exit(2);
}

static int split(const char *text, char host[16]) {
    const char *colon = strchr(text, ':');
    if (colon == NULL || colon - text > 15) settings_refuse();
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = 0;
    return atoi(colon + 1);
}

static struct sockaddr_in address(const char *text) {
    char host[16];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)split(text, host))};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) settings_refuse();
    return address;
}

struct settings settings_read(int argc, char **argv) {
    struct settings s = {
        .house = {.agent_prefix = "agent", .password = "", .token = ""}, .browser_host = "127.0.0.6", .codec = "pcma",
        .path = "/v1/status", .second_path = "/v1/status", .first_agent = 1, .agents = 50, .waves = 1, .connections = 64,
        .seconds = 5, .warmup = 1,
        .calls = {.caller_host = "127.0.0.2", .caller_port = 17100, .answerer_host = "127.0.0.3", .answerer_port = 17200,
                  .media_port = 17300, .number = "4930100", .caller_name = "4915100", .rate = 50}};
    const char *http = "127.0.0.1:8080", *daemon = "127.0.0.1:5060";
    int name;
    s.calls.agent_prefix = s.house.agent_prefix;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (name) {
        case HTTP: http = optarg; break;
        case PASSWORD: s.house.password = optarg; break;
        case TOKEN: s.house.token = optarg; break;
        case PID: s.pid = atoi(optarg); break;
        case AGENTS: s.agents = atoi(optarg); break;
        case SECONDS: s.seconds = atof(optarg); break;
        case WARMUP: s.warmup = atof(optarg); break;
        case DAEMON: daemon = optarg; break;
        case CALLERS: s.calls.caller_port = split(optarg, s.calls.caller_host); break;
        case MEDIA_PORT: s.calls.media_port = atoi(optarg); break;
        case BROWSERS: snprintf(s.browser_host, sizeof s.browser_host, "%s", optarg); break;
        case NUMBER: s.calls.number = optarg; break;
        case RATE: s.calls.rate = atof(optarg); break;
        case CODEC: s.codec = optarg; break;
        case WAVES: s.waves = atoi(optarg); break;
        case HANDSHAKE_WAVES: s.handshake_waves = atoi(optarg); break;
        case CONNECTIONS: s.connections = atoi(optarg); break;
        case PATH: s.path = optarg; break;
        case ANSWERERS: s.calls.answerer_port = split(optarg, s.calls.answerer_host); break;
        case FIRST_AGENT: s.first_agent = atoi(optarg); break;
        case SECOND_PATH: s.second_path = optarg; break;
        default: settings_refuse();
        }
    }
    if (optind != argc - 1 || s.agents < 2 || s.agents > AGENTS_MAX || s.seconds <= 0 || s.calls.rate <= 0) settings_refuse();
    if (strlen(http) >= sizeof s.house.authority || strlen(daemon) >= sizeof s.calls.daemon_text) settings_refuse();
    s.mode = argv[optind];
    s.house.address = address(http);
    strcpy(s.house.authority, http);
    s.calls.daemon = address(daemon);
    strcpy(s.calls.daemon_text, daemon);
    s.calls.calls = s.agents;
    return s;
}
