# media: bridged calls, 50 packets of G.711 a second from both ends, against a minimal C relay.

relay_ports=127.0.0.5:17000

one_size() {
    local calls=$1 number=$2 pid
    generate "$folder/media.rows" media --daemon "$daemon_sip" --answerers "$trunk_side" --number "$number" \
        --pid "$daemon_pid" --calls "$calls" --rate "$set_up_rate" --seconds "$seconds" --warmup "$warmup"
    runs+=("$folder/media.rows")
    "${fifo[@]}" "$binaries/Relay" "${relay_ports%:*}" "${relay_ports#*:}" $((2 * calls)) >"$folder/relay.log" 2>&1 &
    pid=$!
    started+=("$pid")
    # Until it says that all its ports are open.
    while ! grep -q ready "$folder/relay.log"; do
        kill -0 "$pid" 2>/dev/null || { cat "$folder/relay.log" >&2; exit 1; }
        sleep 0.02
    done
    generate "$folder/relay.rows" relay --daemon "$relay_ports" --pid "$pid" --calls "$calls" \
        --seconds "$seconds" --warmup "$warmup"
    end "$pid"
    runs+=("$folder/relay.rows")
}

keep_media() {
    local name
    for name in us_per_packet delay_ms_p50 delay_ms_p99 loss_pct crossed_packets; do
        keep "$name@$1" "$(value "$folder/media.rows" "$name")"
        keep "c_relay_$name@$1" "$(value "$folder/relay.rows" "$name")"
    done
    keep "ratio@$1" "$(quotient "$(value "$folder/media.rows" us_per_packet)" "$(value "$folder/relay.rows" us_per_packet)")"
}

run_bench() {
    local calls number
    seconds=10 warmup=2 set_up_rate=100
    [[ $quick == no ]] || { seconds=1.5 warmup=0.5 set_up_rate=250; }
    agent_count=10 # Nobody is called through a queue here.
    write_configuration
    warm_speech
    start_daemon
    settle
    for ((number = 0; number < pairs; number++)); do
        for calls in 100 300 500; do
            pair one_size "$calls" 4930101
            keep_media "$calls"
        done
        pair one_size 300 4930102
        keep recorded "$(value "$folder/media.rows" us_per_packet)"
    done
    end_daemon
    for calls in 100 300 500; do
        row "us_per_packet@$calls" "$(median "us_per_packet@$calls")"
        row "c_relay_us_per_packet@$calls" "$(median "c_relay_us_per_packet@$calls")"
    done
    row ratio_to_c_relay@500 "$(median ratio@500)"
    row ratio_500_to_100 "$(quotient "$(median us_per_packet@500)" "$(median us_per_packet@100)")"
    row ratio_recorded_to_plain@300 "$(quotient "$(median recorded)" "$(median us_per_packet@300)")"
    row delay_p50_ms@500 "$(median delay_ms_p50@500)"
    row delay_p99_ms@500 "$(median delay_ms_p99@500)"
    row c_relay_delay_p99_ms@500 "$(median c_relay_delay_ms_p99@500)"
    row loss_pct@500 "$(median loss_pct@500)"
    row c_relay_loss_pct@500 "$(median c_relay_loss_pct@500)"
    row crossed_packets@500 "$(largest crossed_packets@500)"
}
