# calls: a bridged call is INVITE from a trunk, `transfer` node, our far end, 0.5 s, BYE.
#
# The baseline is Tests/BareShim: a B2BUA on the SIP edge alone, without rules, journal and media.

shim_sip=127.0.0.1:17050

one_rate() {
    local rate=$1 run=$folder/calls.rows
    generate "$run" calls --daemon "$daemon_sip" --answerers "$trunk_side" --number 4930101 --pid "$daemon_pid" \
        --rate "$rate" --seconds "$seconds" --warmup "$warmup" --hold-ms 500
    runs+=("$run")
    # At 50, too: there a call costs most, because the processor sleeps between two datagrams, and the baseline shows it.
    [[ $rate == 200 ]] || one_bare "$rate"
}

one_bare() {
    local run=$folder/bare.rows pid
    "${fifo[@]}" "$binaries/BareShim" --listen "$shim_sip" --forward "$trunk_side" >"$folder/bare.log" 2>&1 &
    pid=$!
    started+=("$pid")
    sleep 0.5
    generate "$run" calls --daemon "$shim_sip" --answerers "$trunk_side" --number 4930101 --pid "$pid" \
        --rate "$1" --seconds "$seconds" --warmup "$warmup" --hold-ms 500
    end "$pid"
    runs+=("$run")
    keep_bare=yes
}

keep_calls() {
    local rate=$1 run=$folder/calls.rows
    keep "cpu@$rate" "$(value "$run" cpu_ms_per_call)"
    keep "setup@$rate" "$(value "$run" setup_ms_p99)"
    keep "setup_p50@$rate" "$(value "$run" setup_ms_p50)"
    keep failed_calls "$(value "$run" failed_calls)"
    keep retransmissions "$(value "$run" retransmissions)"
    [[ ${keep_bare:-no} == no ]] || keep "bare@$rate" "$(value "$folder/bare.rows" cpu_ms_per_call)"
    keep_bare=no
}

one_queue() {
    generate "$folder/queue.rows" calls --daemon "$daemon_sip" $(agents "$queue_agents") --number 4930105 --pid "$daemon_pid" \
        --rate "$queue_rate" --seconds "$seconds" --warmup "$warmup" --hold-ms 500 --key 1 --press-after-ms 200 --answerer-ends
    runs+=("$folder/queue.rows")
}

# Memory, on a daemon that has just started: 1,000 calls are all still held by the timers of SIP when the last one ends.
thousand_calls() {
    generate "$folder/memory.rows" calls --daemon "$daemon_sip" --answerers "$trunk_side" --number 4930101 \
        --rate 100 --seconds "$memory_seconds" --warmup 0 --hold-ms 500
}

measure_memory() {
    local before after first
    before=$(resident_kb)
    thousand_calls
    after=$(resident_kb)
    row kb_per_call "$(quotient $((after - before)) "$(value "$folder/memory.rows" calls)")"
    if [[ $quick == yes ]]; then
        row kb_growth_per_1000_calls "not measured with --quick"
        return
    fi
    # The first thousand were the warm-up; 35 s later SIP has forgotten them (32 s, RFC 3261 timer B).
    sleep 35
    first=$(resident_kb)
    for _ in 1 2; do
        thousand_calls
        sleep 35
    done
    row kb_growth_per_1000_calls "$(quotient $(($(resident_kb) - first)) 2)"
}

run_bench() {
    local rate number
    seconds=10 warmup=2 memory_seconds=10 queue_agents=200 queue_rate=50
    [[ $quick == no ]] || { seconds=3 warmup=0.7 memory_seconds=3; }
    agent_count=$queue_agents
    write_configuration
    warm_speech
    start_daemon
    settle
    measure_memory
    for ((number = 0; number < pairs; number++)); do
        for rate in 50 100 200; do
            pair one_rate "$rate"
            keep_calls "$rate"
        done
        pair one_queue
        keep "queue" "$(value "$folder/queue.rows" cpu_ms_per_call)"
        keep failed_calls "$(value "$folder/queue.rows" failed_calls)"
    done
    end_daemon
    for rate in 50 100 200; do row "cpu_ms_per_bridged_call@$rate" "$(median "cpu@$rate")"; done
    for rate in 50 100; do row "bare_shim_ms_per_bridged_call@$rate" "$(median "bare@$rate")"; done
    row "cpu_ms_per_menu_and_queue_call@$queue_rate" "$(median queue)"
    row failed_calls "$(awk '{ sum += $1 } END { print sum + 0 }' "$folder/values/failed_calls")"
    row retransmissions "$(awk '{ sum += $1 } END { print sum + 0 }' "$folder/values/retransmissions")"
    row setup_ms_p50@100 "$(median setup_p50@100)"
    row setup_ms_p99@100 "$(median setup@100)"
}
