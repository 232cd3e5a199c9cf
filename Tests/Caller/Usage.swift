// What `Caller --help` prints.

enum Usage {
    static let text = """
        Caller: a telephone for tests. Real SIP over UDP, real RTP (PCMA, PCMU, RFC 4733), driven by a script.

          Caller call  --to TARGET [options] --script "STEPS"     dials first, then follows the script
          Caller phone [options] --script "STEPS"                 follows the script; answers calls where it says so

        Options
          --local HOST:PORT     where SIP is spoken (127.0.0.1:0, the kernel's choice); IPv4 only
          --media-port PORT     RTP here, RTCP one above (the kernel's choice)
          --user, --from NAME   user part of our address (caller)
          --registrar HOST:PORT where REGISTER and dialled numbers go; without it calls come and go directly
          --domain NAME         host part of our address where it is not the registrar's address
          --password TEXT       answers 401 and 407; --auth-user NAME where it is not --user
          --digest MD5|SHA-256  answers only this (otherwise the best that is offered)
          --codec PCMA|PCMU     repeatable, in order of preference (PCMA, PCMU)
          --header "NAME: TEXT" added to INVITE; repeatable
          --tone HERTZ          said from the beginning (silence)
          --listen HERTZ,...    frequencies to name exactly, beside those in the script
          --record FILE         what is heard, as WAV
          --trace               all SIP messages on standard error

        Steps, between semicolons, or one per line by standard input with --script - (its end ends the script).
        TIME is 200ms, 2s or 1.5s; `within` is 10s where left out.
          register [SECONDS] [within TIME]      deregister      wait registration refused [within TIME]
          dial TARGET                           200, *11 or sip:200@127.0.0.1:5060; does not wait
          wait ringing|answered|invite|bye|cancelled|end|refused [STATUS] [within TIME]
          ring [TIME]                           sends 180 and lets it ring so long
          serve TIME                            answers whatever rings, call after call
          early media                           183 with sound      answer      decline [STATUS]
          redirect URI                          302
          hear SOUND [within TIME] [for TIME]   `for`: how long it has to stand (100ms)
          not hear SOUND for TIME               fails when it is heard
            SOUND: tone 440 | tones 440+880 | speech | silence | nothing (no packets) | sound (tone or speech) | digits 123
          press KEYS [each TIME]                RFC 4733, ends when sent
          say tone HERTZ|speech|silence|file WAV [for TIME]       without a time: from here on
          pause TIME      hold      resume      mute (no packets at all)      unmute
          refer USER|URI [STATUS]               REFER; waits for what becomes of it (200)
          hang up                               BYE, CANCEL or 486, as the call needs; waits for the response
          vanish                                exits without a word; otherwise a live call ends with BYE

        Prints one JSON object per line: {"t":MILLISECONDS,"event":...}; t is CLOCK_MONOTONIC, the same for all processes.
          listening registered deregistered registration_refused dialled provisional refused answered acknowledged invited
          second_invite reinvited request response bye cancelled ended heard (what, began) digit source gap media step
          no_response failed (reason) done
        Exit status: 0 every step was fulfilled in time, 1 one was not (the last line says which), 2 wrong usage.

        """
}
