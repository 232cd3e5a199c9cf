#define _GNU_SOURCE
#include "usage.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "LoadGenerator MODE [options]: real SIP and RTP against a daemon on loopback. Prints rows `name: value`.\n\n"
    "  calls   calls at a steady rate; each is answered by our own far end and lasts --hold-ms\n"
    "  media   --calls bridged calls at once, 50 G.711 packets a second from both ends of each\n"
    "  relay   the same packets through pairs of ports, without SIP (the program Relay)\n"
    "  arrival queue with idle agents: caller's INVITE out to agent's INVITE in, --calls times, one after the other\n"
    "  freed   queue with --waiting callers more than agents: agent's BYE out to the next INVITE at that agent\n"
    "  agents  prints agents.yaml for --agents of them, in the realm --agent-domain\n\n"
    "  --daemon HOST:PORT       SIP of the daemon, or the relay's first port (127.0.0.1:5060)\n"
    "  --callers HOST:PORT      our calling side (127.0.0.2:17100)\n"
    "  --answerers HOST:PORT    our called side: agents and the far trunk (127.0.0.3:17200)\n"
    "  --media-port PORT        first RTP port on both sides (17300); a call takes two\n"
    "  --number TEXT            dialled (4930100); --caller-name TEXT (4915100)\n"
    "  --pid PID                whose CPU and memory are measured\n"
    "  --rate N --seconds S --warmup S --calls N --hold-ms MS\n"
    "  --key K --press-after-ms MS     pressed by RFC 4733 after the answer\n"
    "  --answerer-ends          the called side says goodbye\n"
    "  --agents N               registered first: --agent-prefix TEXT (agent) with four digits from 0001,\n"
    "                           --agent-password TEXT, --agent-domain TEXT (the daemon's address)\n"
    "  --sign-in CODE           dialled by each agent after that\n"
    "  --waiting N              callers that wait beyond those who talk (50)\n\n"
    "Slips: `slip_ms_max` says how late the generator itself was; over 5 ms the run counts for nothing.\n";

enum {
    DAEMON = 1, CALLERS, ANSWERERS, MEDIA_PORT, NUMBER, CALLER_NAME, PID, RATE, SECONDS, WARMUP, CALLS, HOLD, KEY,
    PRESS_AFTER, ANSWERER_ENDS, AGENTS, PREFIX, PASSWORD, DOMAIN_NAME, SIGN_IN, WAITING
};

static const struct option names[] = {
    {"daemon", 1, 0, DAEMON}, {"callers", 1, 0, CALLERS}, {"answerers", 1, 0, ANSWERERS}, {"media-port", 1, 0, MEDIA_PORT},
    {"number", 1, 0, NUMBER}, {"caller-name", 1, 0, CALLER_NAME}, {"pid", 1, 0, PID}, {"rate", 1, 0, RATE},
    {"seconds", 1, 0, SECONDS}, {"warmup", 1, 0, WARMUP}, {"calls", 1, 0, CALLS}, {"hold-ms", 1, 0, HOLD}, {"key", 1, 0, KEY},
    {"press-after-ms", 1, 0, PRESS_AFTER}, {"answerer-ends", 0, 0, ANSWERER_ENDS}, {"agents", 1, 0, AGENTS},
    {"agent-prefix", 1, 0, PREFIX}, {"agent-password", 1, 0, PASSWORD}, {"agent-domain", 1, 0, DOMAIN_NAME},
    {"sign-in", 1, 0, SIGN_IN},
    {"waiting", 1, 0, WAITING}, {0, 0, 0, 0}};

_Noreturn void options_refuse(void) {
    fputs(usage, stderr);
    exit(2);
}

static int split(const char *text, char host[16]) {
    const char *colon = strchr(text, ':');
    if (colon == NULL || colon - text > 15) options_refuse();
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = 0;
    return atoi(colon + 1);
}

struct options options_read(int argc, char **argv) {
    struct options o = {
        .caller_host = "127.0.0.2", .answerer_host = "127.0.0.3", .caller_port = 17100, .answerer_port = 17200,
        .media_port = 17300, .number = "4930100", .caller_name = "4915100", .agent_prefix = "agent",
        .agent_password = "", .rate = 10, .seconds = 5,
        .warmup = 1, .calls = 10, .waiting = 50, .hold_ms = 500, .press_after_ms = 200};
    const char *daemon = "127.0.0.1:5060";
    int name;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (name) {
        case DAEMON: daemon = optarg; break;
        case CALLERS: o.caller_port = split(optarg, o.caller_host); break;
        case ANSWERERS: o.answerer_port = split(optarg, o.answerer_host); break;
        case MEDIA_PORT: o.media_port = atoi(optarg); break;
        case NUMBER: o.number = optarg; break;
        case CALLER_NAME: o.caller_name = optarg; break;
        case PID: o.pid = atoi(optarg); break;
        case RATE: o.rate = atof(optarg); break;
        case SECONDS: o.seconds = atof(optarg); break;
        case WARMUP: o.warmup = atof(optarg); break;
        case CALLS: o.calls = atoi(optarg); break;
        case HOLD: o.hold_ms = atoi(optarg); break;
        case KEY: o.key = optarg[0]; break;
        case PRESS_AFTER: o.press_after_ms = atoi(optarg); break;
        case ANSWERER_ENDS: o.answerer_ends = 1; break;
        case AGENTS: o.agents = atoi(optarg); break;
        case PREFIX: o.agent_prefix = optarg; break;
        case PASSWORD: o.agent_password = optarg; break;
        case DOMAIN_NAME: o.agent_domain = optarg; break;
        case SIGN_IN: o.sign_in = optarg; break;
        case WAITING: o.waiting = atoi(optarg); break;
        default: options_refuse();
        }
    }
    if (optind != argc - 1 || o.rate <= 0 || o.seconds <= 0 || o.warmup < 0 || o.calls <= 0) options_refuse();
    o.mode = argv[optind];
    char host[16];
    int port = split(daemon, host);
    snprintf(o.daemon_text, sizeof o.daemon_text, "%s:%d", host, port);
    o.daemon = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &o.daemon.sin_addr) != 1) options_refuse();
    return o;
}
