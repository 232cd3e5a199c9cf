# api: GETs through the router, and desks that are told of each change of an agent's state.
#
# A push costs what a desk more makes a change cost: the change itself is measured with one desk alone, and the daemon's idling
# is taken off both. A GET is of one agent, with a token; beside it one of a queue with 64 members. A loop's lag is the upper
# border of its histogram's slot.

desks_at_once=64

one_load() {
    browse "$folder/api.rows" api --password "$browser_agent_password" --token "$browser_agent_password" \
        --agents "$desks_at_once" --connections 64 --path /v1/agents/agent0001 --second-path /v1/queues/many \
        --seconds "$seconds" --warmup "$warmup"
    runs+=("$folder/api.rows")
}

run_bench() {
    local number name
    # The requests keep the loop busy without a pause. The kernel stops a real-time process that does so for 50 ms in every second
    # (sched_rt_runtime_us), which would be measured as the loop's lag.
    fifo=()
    local names=(us_cpu_per_get get_ms_p50 get_ms_p99 us_cpu_per_second_get us_cpu_per_push us_cpu_per_push_with_its_cause
        us_cpu_per_state_change_at_one_desk state_changes pushes idle_loop_lag_ms_p99 idle_loop_lag_samples loop_lag_ms_p99
        loop_lag_samples)
    seconds=10 warmup=1
    [[ $quick == no ]] || { seconds=2.5 warmup=0.3 settle_seconds_max=2; }
    agent_count=$desks_at_once
    write_configuration
    write_browser_configuration pcma 0
    warm_speech
    start_daemon
    settle
    for ((number = 0; number < pairs; number++)); do
        pair one_load
        for name in "${names[@]}"; do keep "$name" "$(value "$folder/api.rows" "$name")"; done
    done
    end_daemon
    row desks "$desks_at_once"
    row connections 64
    for name in "${names[@]}"; do
        case $name in
        us_cpu_per_get) row us_cpu_per_get "$(median "$name")" ;;
        us_cpu_per_second_get) row us_cpu_per_get_of_a_queue_of_64 "$(median "$name")" ;;
        *) row "$name" "$(median "$name")" ;;
        esac
    done
}
