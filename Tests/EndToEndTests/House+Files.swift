// The configuration of a house where a test says nothing else: short sentences, one queue, two agents.

extension House {
    var files: [String: String] {
        [
            "site.yaml": "time_zone: Europe/Berlin\n",
            "listeners.yaml": """
            sip: {port: @SIP@}
            rtp: {port_first: @RTP@, port_last: @RTPLAST@}
            http: {port: @HTTP@}

            """,
            "trunks.yaml": """
            trunks:
              carrier:
                peer: 127.0.0.1:@CARRIER@
                inbound: [127.0.0.1]

            """,
            "numbers.yaml": "numbers:\n  \"100\": {flow: main}\n",
            "agents.yaml": """
            agents:
              anna:
                devices:
                  anna-desk: {ha1: file:secrets/anna-desk}
              ben:
                devices:
                  ben-desk: {ha1: file:secrets/ben-desk}
                  ben-home: {ha1: file:secrets/ben-home}

            """,
            "queues.yaml": """
            queues:
              sales:
                members: [anna, {agent: ben, level: 2}]
                wrap_up_seconds: 1
                announce_every_seconds: never

            """,
            "hours.yaml": """
            hours:
              always:
                monday: ["00:00-24:00"]
                tuesday: ["00:00-24:00"]
                wednesday: ["00:00-24:00"]
                thursday: ["00:00-24:00"]
                friday: ["00:00-24:00"]
                saturday: ["00:00-24:00"]
                sunday: ["00:00-24:00"]
              never: {monday: closed}

            """,
            "api.yaml": "tokens:\n  admin: {role: admin, token: file:secrets/token-admin}\n",
            "flows/main.yaml": """
            start: menu
            nodes:
              menu:
                do: menu
                say: Press one.
                choices: {"1": sales}
                wrong_key: Wrong key.
                no_key: No key.
                timeout_seconds: 1
                otherwise: sales
              sales: {do: queue, queue: sales}

            """,
        ]
    }
}
