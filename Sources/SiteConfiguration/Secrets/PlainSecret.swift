// What to say to somebody who wrote a password into the configuration.

/// Plain secrets are refused wherever they stand.
enum PlainSecret {
    static let mend =
        "run `switchboard password NAME` and write what it prints, or a reference `file:secrets/NAME` or `env:NAME`"
}
