# queue: from a caller's INVITE to the agent's, and from an agent's goodbye to the next call at that agent.
#
# The baseline is the generator calling itself, without a daemon between: what of the figures is the measuring.

one_arrival() {
    generate "$folder/arrival.rows" arrival --daemon "$daemon_sip" $(agents "$agent_count") --number 4930103 \
        --calls "$arrivals" --hold-ms 20
    generate "$folder/floor.rows" arrival --daemon "$trunk_side" --answerers "$trunk_side" --number agent0001 \
        --calls "$arrivals" --hold-ms 20
    runs+=("$folder/arrival.rows" "$folder/floor.rows")
}

one_freed() {
    generate "$folder/freed.rows" freed --daemon "$daemon_sip" $(agents 10) --number 4930104 --waiting 50 --rate 50 \
        --hold-ms 500 --seconds "$seconds" --warmup 2
    runs+=("$folder/freed.rows")
}

run_bench() {
    local number
    arrivals=300 seconds=20
    [[ $quick == no ]] || { arrivals=100 seconds=6; }
    write_configuration
    warm_speech
    start_daemon
    settle
    for ((number = 0; number < pairs; number++)); do
        pair one_arrival
        keep arrival_p50 "$(value "$folder/arrival.rows" arrival_to_offer_ms_p50)"
        keep arrival_p99 "$(value "$folder/arrival.rows" arrival_to_offer_ms_p99)"
        keep floor_p50 "$(value "$folder/floor.rows" arrival_to_offer_ms_p50)"
        pair one_freed
        keep freed_p50 "$(value "$folder/freed.rows" freed_to_next_offer_ms_p50)"
        keep freed_p99 "$(value "$folder/freed.rows" freed_to_next_offer_ms_p99)"
        keep samples "$(value "$folder/freed.rows" samples)"
        keep failed_calls "$(value "$folder/arrival.rows" failed_calls)"
        keep failed_calls "$(value "$folder/freed.rows" failed_calls)"
    done
    end_daemon
    row "arrival_to_offer_ms_p50@${agent_count}_agents" "$(median arrival_p50)"
    row "arrival_to_offer_ms_p99@${agent_count}_agents" "$(median arrival_p99)"
    row generator_alone_ms_p50 "$(median floor_p50)"
    row freed_to_next_offer_ms_p50@10_agents_50_waiting "$(median freed_p50)"
    row freed_to_next_offer_ms_p99@10_agents_50_waiting "$(median freed_p99)"
    row freed_samples_per_run "$(median samples)"
    row failed_calls "$(awk '{ sum += $1 } END { print sum + 0 }' "$folder/values/failed_calls")"
}
