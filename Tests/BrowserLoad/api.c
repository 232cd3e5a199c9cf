// Desks that are told of one agent's changes, and clients that GET.

#include "clock.h"
#include "desks.h"
#include "http.h"
#include "metrics.h"
#include "process.h"
#include "samples.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS_MAX = 500, SAMPLES_MAX = 1 << 20 };

/// The house merges what goes to every desk over 100 ms: so far apart, each change is told by itself.
static const uint64_t change_interval = 125 * MILLISECOND;

struct client {
    struct connection connection;
    uint64_t asked_at;
};

static const struct settings *s;
static struct desks desks;
static struct client clients[CONNECTIONS_MAX], watcher;
static const char *path;
static int is_asking;
static long answers;
static struct samples answer_times;
static long changes, pushes;
static uint64_t next_change, slip_max, deadline;
static struct lag lag;
static int is_lag_read;

/// What was counted over a time.
struct phase {
    double cpu_us, seconds, changes, pushes, answers;
    struct lag before, after;
};

// Desks

static void frame(struct desk *desk, const char *type, const char *text, uint64_t now) {
    (void)now;
    if (strcmp(type, "transferTargets") == 0) pushes++;
    if (strcmp(type, "refused") != 0) return;
    fprintf(stderr, "agent %d: %s\n", desk->agent, text);
    exit(1);
}

static uint64_t serve(uint64_t time) {
    desks_tick(&desks, time);
    if (time < next_change) return next_change;
    if (time - next_change > slip_max) slip_max = time - next_change;
    next_change += change_interval;
    const char *presence = changes++ % 2 == 0 ? ",\"presence\":\"pause\",\"reason\":\"bench\"" : ",\"presence\":\"offline\"";
    desk_send(&desks.all[0], "presence", presence);
    return next_change;
}

// Clients

static void ask(struct client *client, uint64_t now) {
    client->asked_at = now;
    http_get(&client->connection, &s->house, path);
}

static void fail(const struct connection *connection, const char *what) {
    fprintf(stderr, "%s\n%.400s\n", what, connection->bytes);
    exit(1);
}

static void gone(struct connection *connection, uint64_t now) {
    (void)now;
    fail(connection, "the daemon closed a connection");
}

static void answered(struct connection *connection, uint64_t now) {
    struct client *client = (struct client *)connection;
    struct http_response response = http_response(connection);
    if (response.bytes == 0) return;
    if (response.status != 200) fail(connection, "a GET was refused");
    answers++;
    samples_add(&answer_times, now - client->asked_at);
    connection_take(connection, response.bytes);
    if (is_asking) ask(client, now);
    else client->asked_at = 0;
}

static void metrics_came(struct connection *connection, uint64_t now) {
    (void)now;
    struct http_response response = http_response(connection);
    if (response.bytes == 0) return;
    if (response.status != 200) fail(connection, "/metrics was refused");
    lag = lag_parse(connection->bytes, "switchboard_loop_lag_seconds");
    connection_take(connection, response.bytes);
    is_lag_read = 1;
}

static int has_lag(void) { return is_lag_read; }
static int is_over(void) { return now() >= deadline; }
static int has_answer(void) { return answers > 0; }

static int are_quiet(void) {
    for (int i = 0; i < s->connections; i++)
        if (clients[i].asked_at != 0) return 0;
    return 1;
}

static struct lag read_lag(void) {
    is_lag_read = 0;
    http_get(&watcher.connection, &s->house, "/metrics");
    wait_until(has_lag, 5, "/metrics", serve);
    return lag;
}

static void run_for(double seconds) {
    deadline = now() + (uint64_t)(seconds * 1e9);
    wait_until(is_over, seconds + 5, "time", serve);
}

/// Lets what goes on go on for that time, and counts.
static struct phase measure(double seconds) {
    struct phase phase = {.before = read_lag()};
    long changes_before = changes, pushes_before = pushes, answers_before = answers;
    uint64_t start = now(), cpu = process_cpu(s->pid);
    run_for(seconds);
    phase.cpu_us = (double)(process_cpu(s->pid) - cpu) / 1e3;
    phase.seconds = (double)(now() - start) / 1e9;
    phase.changes = (double)(changes - changes_before);
    phase.pushes = (double)(pushes - pushes_before);
    phase.answers = (double)(answers - answers_before);
    phase.after = read_lag();
    return phase;
}

static struct phase measure_changes(void) {
    next_change = now();
    run_for(2 * (double)change_interval / 1e9);
    struct phase phase = measure(s->seconds);
    next_change = NEVER;
    run_for(0.2);
    return phase;
}

static void ask_all(const char *what) {
    path = what;
    is_asking = 1;
    for (int i = 0; i < s->connections; i++) ask(&clients[i], now());
    run_for(s->warmup);
}

static void ask_no_more(void) {
    is_asking = 0;
    wait_until(are_quiet, 10, "the last answers", serve);
}

static struct phase measure_answers(const char *what) {
    ask_all(what);
    answer_times.count = 0;
    struct phase phase = measure(s->seconds);
    ask_no_more();
    return phase;
}

// The run

static void open_connection(struct connection *connection, void (*received)(struct connection *, uint64_t)) {
    connection->received = received;
    connection->ended = gone;
    connection_open(connection, &s->house.address);
}

/// One request alone first: the slow hash of the token is computed once.
static void open_clients(void) {
    path = "/v1/queues";
    open_connection(&watcher.connection, metrics_came);
    read_lag();
    for (int i = 0; i < s->connections; i++) open_connection(&clients[i].connection, answered);
    ask(&clients[0], now());
    wait_until(has_answer, 5, "the first answer", serve);
}

static double over_idle(const struct phase *phase, const struct phase *idle) {
    return phase->cpu_us - idle->cpu_us / idle->seconds * phase->seconds;
}

int run_api(const struct settings *settings) {
    s = settings;
    if (s->connections < 1 || s->connections > CONNECTIONS_MAX) return 2;
    next_change = NEVER;
    answer_times = samples_new(SAMPLES_MAX);
    desks = desks_prepare(s);
    for (int i = 0; i < desks.count; i++) desks.all[i].frame = frame;
    desks_sign_in(&desks);
    open_clients();
    source_look_only_when_due(1);
    desks_open(&desks, 0, 0);
    run_for(0.5);
    struct phase idle_alone = measure(s->seconds), alone = measure_changes();
    desks_open(&desks, 1, desks.count - 1);
    run_for(0.5);
    struct phase idle = measure(s->seconds), all = measure_changes();
    double change = over_idle(&alone, &idle_alone) / alone.changes;
    double more_pushes = all.pushes / all.changes - alone.pushes / alone.changes;
    double per_push = (over_idle(&all, &idle) / all.changes - change) / more_pushes;
    printf("desks: %d\nstate_changes: %.0f\npushes: %.0f\n", desks.count, all.changes, all.pushes);
    printf("us_cpu_per_push: %.2f\n", per_push);
    printf("us_cpu_per_push_with_its_cause: %.2f\n", over_idle(&all, &idle) / all.pushes);
    printf("us_cpu_per_state_change_at_one_desk: %.1f\n", change);
    printf("slip_ms_max: %.2f\n", (double)slip_max / 1e6);

    struct phase first = measure_answers(s->path);
    printf("gets: %.0f\nus_cpu_per_get: %.2f\n", first.answers, first.cpu_us / first.answers);
    printf("get_ms_p50: %.2f\n", samples_percentile(&answer_times, 0.5));
    printf("get_ms_p99: %.2f\n", samples_percentile(&answer_times, 0.99));
    struct phase second = measure_answers(s->second_path);
    printf("second_gets: %.0f\nus_cpu_per_second_get: %.2f\n", second.answers, second.cpu_us / second.answers);

    // Both at once: every connection has a request under way, and every desk is told of each change.
    ask_all(s->path);
    struct phase loaded = measure_changes();
    ask_no_more();
    printf("idle_loop_lag_ms_p99: %.3f\n", lag_percentile(&idle.before, &idle.after, 0.99));
    printf("idle_loop_lag_samples: %.0f\n", lag_count(&idle.before, &idle.after));
    printf("loop_lag_ms_p99: %.3f\n", lag_percentile(&loaded.before, &loaded.after, 0.99));
    printf("loop_lag_samples: %.0f\n", lag_count(&loaded.before, &loaded.after));
    source_look_only_when_due(0);
    desks_sign_out(&desks);
    return 0;
}
