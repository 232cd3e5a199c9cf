# What all benches share: building, starting and ending processes, pairs of runs, medians, rows.

slip_ms_max=5      # A generator that was later than this measured itself.
repeats_max=2      # How often such a pair is repeated; --quick has no time for it and only tells.
[[ $quick == no ]] || repeats_max=0
start_seconds_max=10
settle_seconds_max=30
[[ $quick == no ]] || settle_seconds_max=4
fifo=()
chrt -f 10 true 2>/dev/null && fifo=(chrt -f 10)
daemon_sip=127.0.0.1:17060
daemon_http=127.0.0.1:17080
caller_side=127.0.0.2:17100
trunk_side=127.0.0.3:17200
agent_side=127.0.0.4:17200
browser_side=127.0.0.6
folder=
daemon_pid=
started=()         # Every process that we started and have to end.
repeated=0
unclean=0
failed=0

row() { echo "$1: $2"; }

build() {
    local product
    for product in switchboard LoadGenerator BrowserLoad Relay BareShim; do
        swift build -c release --product "$product" >&2
    done
    binaries=$(swift build -c release --show-bin-path)
}

# On the disk of the checkout, because a journal in memory would cost nothing.
prepare_folder() {
    folder=$(mktemp -d "$PWD/.build/bench.XXXXXX")
    mkdir "$folder/values"
    trap clean_up EXIT
}

clean_up() {
    local status=$? pid
    for pid in "${started[@]}"; do end "$pid"; done
    if [[ $status -ne 0 && -s $folder/daemon.log ]]; then
        echo "the end of the daemon's log:" >&2
        tail -n 20 "$folder/daemon.log" >&2
    fi
    rm -rf "$folder"
}

# Ends one process of ours and waits until it is gone. Only what stands in `started` is ours: a number may be used again.
end() {
    local pid rest=()
    for pid in "${started[@]}"; do
        if [[ $pid != "$1" ]]; then
            rest+=("$pid")
        elif kill -TERM "$pid" 2>/dev/null; then
            wait "$pid" 2>/dev/null || true
        fi
    done
    started=("${rest[@]}")
}

start_daemon() {
    "${fifo[@]}" "$binaries/switchboard" run --config "$folder/config" --state "$folder/state" >"$folder/daemon.log" 2>&1 &
    daemon_pid=$!
    started+=("$daemon_pid")
    local attempt
    for ((attempt = 0; attempt < start_seconds_max * 20; attempt++)); do
        curl -sf --max-time 1 -o /dev/null "http://$daemon_http/healthz" && return 0
        kill -0 "$daemon_pid" 2>/dev/null || break
        sleep 0.05
    done
    echo "the daemon does not answer /healthz" >&2
    exit 1
}

# The daemon renders its sentences at the first start, some ten seconds of work that no figure is about: like the build, it is
# done once, before anything is measured, and kept.
warm_speech() {
    local kept=$PWD/.build/bench-speech
    if [[ ! -d $kept ]]; then
        start_daemon
        settle_seconds_max=60 settle >/dev/null
        end_daemon
        cp -a "$folder/state/speech" "$kept" 2>/dev/null || return 0
    fi
    rm -rf "$folder/state"
    mkdir "$folder/state"
    cp -a "$kept" "$folder/state/speech"
}

# Waits until the daemon has done what it does after its start (prompts, tables); what is left is told, because it is in all
# figures.
settle() {
    local before after second
    for ((second = 0; second < settle_seconds_max; second++)); do
        before=$(cpu_ms)
        sleep 1
        after=$(cpu_ms)
        [[ $((after - before)) -gt 20 ]] || break
    done
    row idle_cpu_ms_per_s $((after - before))
}

cpu_ms() {
    awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000 / tick) }' "/proc/$daemon_pid/stat"
}

end_daemon() {
    end "$daemon_pid"
    daemon_pid=
}

# generate FILE ARGUMENTS...: runs the generator, its rows go to FILE. A failed run is kept and told, not hidden.
generate() { run_program LoadGenerator "$@" --callers "$caller_side"; }

# browse FILE ARGUMENTS...: the same for the browsers.
browse() { run_program BrowserLoad "$@" --http "$daemon_http" --pid "$daemon_pid"; }

run_program() {
    local program=$1 file=$2
    shift 2
    if ! "${fifo[@]}" "$binaries/$program" "$@" >"$file" 2>"$file.errors"; then
        failed=1
        echo "$program $*:" >&2
        cat "$file.errors" "$file" >&2
    fi
}

value() { awk -v name="$2:" '$1 == name { print $2 }' "$1"; }

# pair FUNCTION...: runs it again when a generator of it slipped. It names its files in the array `runs`.
pair() {
    local attempt file slip
    for ((attempt = 0; ; attempt++)); do
        runs=()
        "$@"
        slip=$(for file in "${runs[@]}"; do value "$file" slip_ms_max; done | sort -g | tail -n 1)
        awk -v slip="$slip" -v max="$slip_ms_max" 'BEGIN { exit !(slip + 0 <= max + 0) }' && return 0
        if [[ $attempt -ge $repeats_max ]]; then
            unclean=$((unclean + 1))
            return 0
        fi
        repeated=$((repeated + 1))
    done
}

# keep NAME VALUE: one more measured value; median NAME: the middle one of them.
keep() { [[ -z $2 ]] || echo "$2" >>"$folder/values/$1"; }

median() {
    [[ -s $folder/values/$1 ]] || { echo missing; return; }
    sort -g "$folder/values/$1" |
        awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'
}

largest() { [[ -s $folder/values/$1 ]] && sort -g "$folder/values/$1" | tail -n 1 || echo missing; }

quotient() { awk -v a="$1" -v b="$2" 'BEGIN { if (a ~ /^-?[0-9]/ && b + 0 > 0) printf "%.3f\n", a / b; else print "missing" }'; }

resident_kb() { awk '/^VmRSS:/ { print $2 }' "/proc/$daemon_pid/status"; }
