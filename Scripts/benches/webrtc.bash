# webrtc: agents' browsers over DTLS-SRTP, bridged with telephones at a trunk, 50 packets a second from both ends of each call.
#
# The baseline is as many calls between telephones at two trunks, in the same daemon.
#
# The packets of the generator are looked at once in a millisecond (Tests/BrowserLoad/source.h says why): so these figures are
# not to be compared with those of `media`. `signin_ms` is the whole shift's: where the daemon runs under SCHED_FIFO, so do its
# workers, and on two processors the loop waits until all passwords are hashed.

agents_at_once=50
# Whose memory is measured; they sign in with the cheap hash and are other agents than those who work.
agents_in_memory=200

# The browsers, and right after them the plain calls.
one_shift() {
    measure_memory
    browse "$folder/srtp.rows" webrtc $(options) --codec pcma --waves "$waves" --handshake-waves "$handshake_waves"
    browse "$folder/plain.rows" plain $(options) --answerers "$trunk_side" --number 4930101
    runs+=("$folder/srtp.rows" "$folder/plain.rows")
}

one_opus_shift() {
    measure_memory --codec opus
    browse "$folder/opus.rows" webrtc $(options) --codec opus --waves 1
    runs+=("$folder/opus.rows")
}

measure_memory() {
    browse "$folder/memory.rows" memory --browsers "$browser_side" --password "$browser_agent_password" \
        --agents "$agents_in_memory" "$@"
}

options() {
    echo --daemon "$daemon_sip" --callers "$caller_side" --browsers "$browser_side" --number 4930103 \
        --password "$browser_agent_password" --first-agent $((agents_in_memory + 1)) --agents "$agents_at_once" --rate 50 \
        --seconds "$seconds" --warmup "$warmup"
}

keep_shift() {
    local name
    for name in us_per_packet loss_pct crossed_packets handshake_cpu_ms offer_to_connected_ms_p50 offer_to_connected_ms_p99 \
        signin_ms_p50 signin_ms_p99 calls_lost; do
        keep "$name" "$(value "$folder/srtp.rows" "$name")"
    done
    for name in us_per_packet loss_pct calls_lost; do keep "plain_$name" "$(value "$folder/plain.rows" "$name")"; done
    keep kb_per_agent "$(value "$folder/memory.rows" kb_per_agent)"
    # Of this pair: its two runs stood beside each other in time.
    keep ratio "$(quotient "$(value "$folder/srtp.rows" us_per_packet)" "$(value "$folder/plain.rows" us_per_packet)")"
}

keep_opus_shift() {
    local per_packet name
    per_packet=$(value "$folder/opus.rows" us_per_packet)
    # In 20 ms a call has two packets: one frame is decoded, one encoded.
    keep opus_us_per_frame "$(awk -v us="$per_packet" 'BEGIN { if (us != "") print 2 * us }')"
    for name in us_per_packet loss_pct calls_lost; do keep "opus_$name" "$(value "$folder/opus.rows" "$name")"; done
    keep opus_kb_per_agent "$(value "$folder/memory.rows" kb_per_agent)"
}

# Each in a daemon that has just started: one that had a shift before has room for the next.
with_new_daemon() {
    start_daemon
    settle >/dev/null
    "$@"
    end_daemon
}

run_bench() {
    local number
    seconds=10 warmup=2 waves=10 handshake_waves=5
    [[ $quick == no ]] || { seconds=2 warmup=0.5 waves=4 handshake_waves=3 settle_seconds_max=2; }
    agent_count=$((agents_in_memory + agents_at_once))
    write_configuration
    write_browser_configuration pcma "$agents_in_memory"
    warm_speech
    start_daemon
    settle
    end_daemon
    for ((number = 0; number < pairs; number++)); do
        write_browser_configuration pcma "$agents_in_memory"
        pair with_new_daemon one_shift
        keep_shift
        write_browser_configuration opus "$agents_in_memory"
        pair with_new_daemon one_opus_shift
        keep_opus_shift
    done
    row calls_at_once "$agents_at_once"
    row "us_per_packet_srtp_g711" "$(median us_per_packet)"
    row "us_per_packet_plain" "$(median plain_us_per_packet)"
    row "ratio_srtp_to_plain" "$(median ratio)"
    row "us_per_frame_opus_to_g711" "$(median opus_us_per_frame)"
    row handshake_cpu_ms "$(median handshake_cpu_ms)"
    row "offer_to_connected_ms_p50@$agents_at_once" "$(median offer_to_connected_ms_p50)"
    row "offer_to_connected_ms_p99@$agents_at_once" "$(median offer_to_connected_ms_p99)"
    row "signin_ms_p50@$agents_at_once" "$(median signin_ms_p50)"
    row "signin_ms_p99@$agents_at_once" "$(median signin_ms_p99)"
    row kb_per_agent "$(median kb_per_agent)"
    row kb_per_agent_opus "$(median opus_kb_per_agent)"
    row loss_pct "$(median loss_pct)"
    row plain_loss_pct "$(median plain_loss_pct)"
    row opus_loss_pct "$(median opus_loss_pct)"
    row crossed_packets "$(largest crossed_packets)"
    row calls_lost "$(cat "$folder"/values/*calls_lost | awk '{ sum += $1 } END { print sum + 0 }')"
}
