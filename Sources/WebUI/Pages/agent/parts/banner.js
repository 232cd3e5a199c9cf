// What is wrong with the connection, over everything, and what happens to the caller meanwhile.

import { Part, attribute, button, clock, icon, make, write } from '../dom.js'

class Banner extends Part {
  build() {
    this.heading = make('strong')
    this.detail = make('span')
    this.clock = make('time', { class: 'clock', role: 'timer' })
    this.retry = button({ text: this.t('banner.retry'), kind: 'quiet', onclick: () => this.actions.retry() })
    this.box = make('div', { class: 'banner', role: 'alert', hidden: true }, icon('warning'), make('p', {}, this.heading, ' ', this.detail, ' ', this.clock), this.retry)
    this.append(this.box)
  }

  update(state) {
    const what = this.problem(state)
    this.box.hidden = !what
    document.body.classList.toggle('lost', Boolean(what))
    if (!what) return
    attribute(this.box, 'class', `banner ${what.kind}`)
    write(this.heading, this.t(`${what.key}.title`))
    write(this.detail, this.t(`${what.key}.lead`))
    this.retry.hidden = !what.retry
    clock(this.clock, { until: what.until })
    this.clock.hidden = !what.until
  }

  problem(state) {
    if (state.phase === 'connecting' && state.link.lostAt) return { kind: 'bad', key: 'banner.start', retry: true }
    if (state.phase !== 'desk') return null
    const work = state.call ?? null
    if (!state.link.up && state.link.lostAt) {
      if (!work) return { kind: 'bad', key: 'banner.link', retry: true }
      const until = new Date(state.link.lostAt + state.clockOffset + state.graceSeconds * 1000).toISOString()
      return { kind: 'bad', key: 'banner.call', retry: true, until }
    }
    if (work?.state === 'lost') return { kind: 'warn', key: 'banner.back', retry: false }
    if (work && state.media.connection === 'lost') return { kind: 'warn', key: 'banner.audio', retry: false }
    if (state.media.silent) return { kind: 'warn', key: 'banner.silent', retry: false }
    return null
  }
}

customElements.define('desk-banner', Banner)
