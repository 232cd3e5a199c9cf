# record: what recording costs the relay, and how fast the stereo files are made; both with encryption, which is the default.

source Scripts/benches/media.bash

run_bench() {
    local number files=40
    seconds=10 warmup=2 set_up_rate=100
    [[ $quick == no ]] || { seconds=1.5 warmup=0.5 set_up_rate=250 files=10; }
    swift build -c release --product RecordBench >&2
    # On one worker, as the daemon makes them.
    "$binaries/RecordBench" "$folder" "$files" || failed=1
    agent_count=10 # Nobody is called through a queue here.
    write_configuration
    warm_speech
    start_daemon
    settle
    row recordings_encrypted "$([[ -s $folder/state/secrets/recording-key ]] && echo yes || echo no)"
    for ((number = 0; number < pairs; number++)); do
        pair one_size 300 4930101
        keep_media 300
        pair one_size 300 4930102
        keep recorded "$(value "$folder/media.rows" us_per_packet)"
        keep recorded_delay_p99 "$(value "$folder/media.rows" delay_ms_p99)"
    done
    end_daemon
    row us_per_packet@300 "$(median us_per_packet@300)"
    row us_per_packet_recorded@300 "$(median recorded)"
    row ratio_recorded_to_plain@300 "$(quotient "$(median recorded)" "$(median us_per_packet@300)")"
    row delay_p99_ms@300 "$(median delay_ms_p99@300)"
    row delay_p99_ms_recorded@300 "$(median recorded_delay_p99)"
}
