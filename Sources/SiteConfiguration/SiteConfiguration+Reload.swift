// What a running daemon cannot change.

extension SiteConfiguration {
    /// This configuration as a daemon runs it that was started with `started`: what is read at the start only stays as it
    /// was. `difference` says of the same settings that they need a restart.
    public func keepingStart(of started: SiteConfiguration) -> SiteConfiguration {
        var kept = self
        kept.listeners = started.listeners
        if started.listeners.http.tls != nil, let tls = listeners.http.tls { kept.listeners.http.tls = tls }
        kept.site.state = started.site.state
        kept.site.log = started.site.log
        kept.site.limits.unsavedTurnsMax = started.site.limits.unsavedTurnsMax
        // Room for legs and calls was made at the start; fewer can be taken at any time.
        kept.site.limits.callsMax = min(site.limits.callsMax, started.site.limits.callsMax)
        return kept
    }
}
