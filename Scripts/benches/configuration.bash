# The configuration under which the benches run the daemon.

agent_count=1000
agent_password=bench

write_configuration() {
    local config=$folder/config
    mkdir -p "$config/flows" "$folder/state"
    cat >"$config/site.yaml" <<END
limits: {calls_max: 2400}
log: {level: warning}
END
    cat >"$config/listeners.yaml" <<END
sip: {address: ${daemon_sip%:*}, port: ${daemon_sip#*:}, requests_max: 100000, requests_seconds: 1}
rtp: {address: ${daemon_sip%:*}, port_first: 20000, port_last: 29999}
http: {address: ${daemon_http%:*}, port: ${daemon_http#*:}, requests_per_second_max: 100000, requests_burst_max: 1000000}
END
    cat >"$config/trunks.yaml" <<END
trunks:
  carrier: {peer: "$caller_side", inbound: [${caller_side%:*}], channels: 10000}
  far: {peer: "$trunk_side", inbound: [${trunk_side%:*}], channels: 10000}
END
    cat >"$config/numbers.yaml" <<END
numbers:
  "4930101": {flow: out}
  "4930102": {flow: out-recorded}
  "4930103": {flow: straight}
  "4930104": {flow: few}
  "4930105": {flow: menu}
END
    cat >"$config/flows/out.yaml" <<END
start: far
nodes:
  far: {do: transfer, trunk: far, number: "4940100", otherwise: end}
  end: {do: hang_up}
END
    cat >"$config/flows/out-recorded.yaml" <<END
start: far
nodes:
  far: {do: transfer, trunk: far, number: "4940100", record: true, record_announcement: Recorded., otherwise: end}
  end: {do: hang_up}
END
    cat >"$config/flows/straight.yaml" <<END
start: wait
nodes:
  wait: {do: queue, queue: many}
END
    cat >"$config/flows/few.yaml" <<END
start: wait
nodes:
  wait: {do: queue, queue: few}
END
    cat >"$config/flows/menu.yaml" <<END
start: ask
nodes:
  ask: {do: menu, say: Press 1., choices: {"1": wait}, otherwise: wait}
  wait: {do: queue, queue: many}
END
    "$binaries/LoadGenerator" agents --agents "$agent_count" --agent-domain switchboard --agent-password "$agent_password" \
        >"$config/agents.yaml"
    {
        echo "queues:"
        write_queue many "$agent_count"
        write_queue few 10
    } >"$config/queues.yaml"
}

write_queue() {
    echo "  $1:"
    echo "    wrap_up_seconds: 0"
    echo "    announce_every_seconds: never"
    echo "    members:"
    awk -v count="$2" 'BEGIN { for (i = 1; i <= count; i++) printf "      - agent%04d\n", i }'
}

# What the generator needs to be the first COUNT of these agents.
agents() { echo --answerers "$agent_side" --agents "$1" --agent-password "$agent_password" --sign-in '*11'; }

# Agents who work in a browser, all with the same password; it is a token as well, so that one slow hash serves for all.
browser_agent_password=bench.bench
# The same password's hash at a cost of next to nothing (8 KiB, one pass): the 19 MiB of a real one stay in the daemon's heap
# when they are free again, and would hide what agents take of memory.
browser_agent_cheap_hash='$argon2id$v=19$m=8,t=1,p=1$c2l4dGVlbmJ5dGVzYWx0IQ$iysHhwSs/+m/ZgO663eFt8+K+1binjDfWqQ4icW8odw'
browser_port=17443

# write_browser_configuration CODEC CHEAP: over what write_configuration wrote, whose queue `many` has all of these agents. The
# first CHEAP of them have the cheap hash.
write_browser_configuration() {
    local config=$folder/config hash
    # What it prints last is the hash of NAME.PASSWORD.
    hash=$(echo bench | "$binaries/switchboard" password bench --realm switchboard | grep '^\$argon2id' | tail -n 1)
    if [[ -z $hash ]]; then
        echo "switchboard password printed no hash" >&2
        exit 1
    fi
    cat >"$config/site.yaml" <<END
limits: {calls_max: 2400}
log: {level: warning}
desk: {pauses: [bench]}
END
    cat >"$config/listeners.yaml" <<END
sip: {address: ${daemon_sip%:*}, port: ${daemon_sip#*:}, requests_max: 100000, requests_seconds: 1}
rtp: {address: ${daemon_sip%:*}, port_first: 20000, port_last: 29999}
webrtc: {addresses: [${daemon_http%:*}], port: $browser_port, agent_codec: $1}
http: {address: ${daemon_http%:*}, port: ${daemon_http#*:}, connections_max: 2000}
END
    awk -v count="$agent_count" -v cheap="$2" -v hash="$hash" -v cheap_hash="$browser_agent_cheap_hash" 'BEGIN {
        print "agents:"
        for (i = 1; i <= count; i++)
            printf "  agent%04d: {name: Agent %04d, password: \"%s\"}\n", i, i, i <= cheap ? cheap_hash : hash
    }' >"$config/agents.yaml"
    printf 'tokens:\n  bench: {role: supervisor, token: "%s"}\n' "$hash" >"$config/api.yaml"
}
