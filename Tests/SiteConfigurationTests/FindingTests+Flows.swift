// Mistakes in flows.

extension FindingTests {
    static let flows = [
        Mistake(
            "menu over the limit by one", ["flows/main.yaml": menu(keys: 5)],
            "Config/flows/main.yaml:6:5: warning: menu `menu` has 5 choices beside the way out to a person (S0-19: at most 4); split it into two menus, or join choices"
        ),
        Mistake(
            "menu over the limit by two", ["flows/main.yaml": menu(keys: 6)],
            "Config/flows/main.yaml:6:5: error: menu `menu` has 6 choices beside the way out to a person (S0-19: at most 4); split it into two menus, or join choices"
        ),
        Mistake("the way out is not counted", ["flows/main.yaml": menu(keys: 4, wayOut: true)]),
        Mistake("another limit", ["flows/main.yaml": menu(keys: 6), "site.yaml": "ivr:\n  choices_max: 6\n"]),
        Mistake(
            "unknown node", ["flows/main.yaml": toQueue("sales") + "    otherwise: goodby\n  goodbye:\n    do: hang_up\n"],
            "Config/flows/main.yaml:6:16: error: unknown node `goodby`; did you mean `goodbye`?"),
        Mistake(
            "node that nobody reaches", ["flows/main.yaml": toQueue("sales") + "  goodbye:\n    do: hang_up\n"],
            "Config/flows/main.yaml:6:3: error: no call reaches node `goodbye`; lead another node to it, or remove it"),
        Mistake(
            "unknown kind of step", ["flows/main.yaml": "start: a\nnodes:\n  a:\n    do: quue\n    queue: sales\n"],
            "Config/flows/main.yaml:4:9: error: `do` is `quue`; did you mean `queue`?"),
        Mistake(
            "unknown hours",
            [
                "flows/main.yaml":
                    "start: a\nnodes:\n  a: {do: hours, hours: offise, open: b, closed: b}\n  b: {do: queue, queue: sales}\n"
            ],
            "Config/flows/main.yaml:3:25: error: unknown opening hours `offise`; did you mean `office`?"),
        Mistake(
            "no way to a person",
            ["flows/main.yaml": "start: a\nnodes:\n  a: {do: play, say: Hello., next: b}\n  b: {do: hang_up}\n"],
            "Config/flows/main.yaml:3:3: error: from node `a` there is no way to a person (S0-20: at most 2); lead it to a queue or transfer, or to a menu from which a key leads there"
        ),
        Mistake(
            "a person too far away",
            [
                "flows/main.yaml": """
                start: a
                nodes:
                  a: {do: menu, say: A?, choices: {"1": b}, otherwise: b}
                  b: {do: menu, say: B?, choices: {"1": c}, otherwise: c}
                  c: {do: menu, say: C?, choices: {"1": d}, otherwise: d}
                  d: {do: queue, queue: sales}

                """
            ],
            "Config/flows/main.yaml:3:3: error: from node `a` a person is 3 questions away (S0-20: at most 2); lead it to a queue or transfer, or to a menu from which a key leads there"
        ),
        Mistake(
            "the way out leads to no person",
            [
                "flows/main.yaml": """
                start: a
                nodes:
                  a: {do: menu, say: A?, choices: {"1": d, "0": b}, otherwise: d}
                  b: {do: hang_up}
                  d: {do: queue, queue: sales}

                """
            ],
            "Config/flows/main.yaml:3:49: error: key `0` is the way out to a person, but `b` is none and leads to none straight away; lead it to a queue or transfer, or write `opt_out: none`"
        ),
        Mistake(
            "endless loop",
            [
                "queues.yaml": "queues:\n  sales: {members: [anna]}\n  support: {members: [ben]}\n",
                "flows/main.yaml": """
                start: a
                nodes:
                  a: {do: queue, queue: sales, otherwise: b}
                  b: {do: queue, queue: support, otherwise: a}

                """,
            ],
            "Config/flows/main.yaml:3:3: error: calls would turn in circles without end: a → b → a; put a menu, a play or a voicemail step into the circle, or lead one of them elsewhere"
        ),
        Mistake(
            "missing prompt",
            [
                "flows/main.yaml":
                    "start: a\nnodes:\n  a: {do: play, say: {file: hi.wav}, next: b}\n  b: {do: queue, queue: sales}\n"
            ],
            "Config/flows/main.yaml:3:17: error: there is no prompt `hi.wav`; put the file at `Config/prompts/hi.wav`"),
        Mistake(
            "transfer recorded in secret",
            [
                "flows/main.yaml":
                    "start: a\nnodes:\n  a: {do: transfer, trunk: carrier, number: \"1\", record: true, otherwise: b}\n  b: {do: hang_up}\n"
            ],
            "Config/flows/main.yaml:3:3: error: `a` records without an announcement; add `record_announcement:` with what callers are told"
        ),
        Mistake(
            "transfer announced and not recorded",
            [
                "flows/main.yaml":
                    "start: a\nnodes:\n  a: {do: transfer, trunk: carrier, number: \"1\", record_announcement: Hear., otherwise: b}\n  b: {do: hang_up}\n"
            ],
            "Config/flows/main.yaml:3:71: warning: `a` has an announcement but is not recorded; write `record: true`, or remove the announcement"
        ),
        Mistake(
            "empty flow", ["flows/main.yaml": "# nothing\n"],
            "Config/flows/main.yaml:1:1: error: the flow is empty; add `start:` and `nodes:`, or remove the file"),
        Mistake(
            "shortest entry above longest",
            [
                "flows/main.yaml": """
                start: a
                nodes:
                  a: {do: collect, say: Digits?, attribute: pin, length_min: 9, length_max: 4, next: d, otherwise: d}
                  d: {do: queue, queue: sales}

                """
            ],
            "Config/flows/main.yaml:3:62: error: `length_min` is 9, more than `length_max` 4; swap them"),
    ]
}
