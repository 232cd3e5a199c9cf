// After the call: what it was about, a note, and a clock that shows how long there is for it.

import { Part, attribute, button, clock, icon, make, write } from '../dom.js'
import { has, isPending } from '../state.js'
import { dispositionField } from './dispositions.js'
import { notesField } from './notes.js'
import { callerText } from '../labels.js'

class WrapUp extends Part {
  build() {
    const { t } = this
    this.heading = make('h2', { class: 'state' })
    this.clock = make('time', { class: 'clock large', role: 'timer' })
    this.bar = make('span', { class: 'bar' })
    this.track = make('span', { class: 'track', 'aria-hidden': 'true' }, this.bar)
    this.dispositions = dispositionField(this, { name: 'disposition', choose: disposition => this.actions.draft({ disposition }) })
    this.notes = notesField(this, t('notes.after'))
    this.finish = button({ text: t('wrapUp.complete'), icon: 'check', kind: 'primary', key: 'Ctrl ⏎', type: 'submit' })
    this.extend = button({ text: t('wrapUp.extend'), icon: 'clock', kind: 'quiet', key: 'W', onclick: () => this.actions.extend() })
    this.next = make('p', { class: 'soft' })
    this.append(make('form', { class: 'card after', 'aria-label': t('wrapUp.title'), onsubmit: event => this.submit(event) },
      make('div', { class: 'now' }, make('span', { class: 'badge busy' }, icon('clock')), make('div', {}, make('p', { class: 'eyebrow' }, t('wrapUp.title')), this.heading),
        make('div', { class: 'remaining' }, this.clock, this.remaining = make('span', { class: 'soft' }))),
      this.track, this.dispositions, this.notes, make('div', { class: 'row' }, this.finish, this.extend, this.next)))
  }

  update(state) {
    const { t } = this, { texts } = this.desk, { wrapUp, dispositions } = state
    if (!wrapUp) return
    write(this.heading, callerText(texts, wrapUp.caller ?? state.contact?.caller))
    clock(this.clock, wrapUp.until ? { until: wrapUp.until } : { since: wrapUp.since })
    write(this.remaining, t(wrapUp.until ? 'wrapUp.left' : 'wrapUp.open'))
    this.track.hidden = !wrapUp.until
    if (wrapUp.until) {
      attribute(this.bar, 'data-part-until', wrapUp.until)
      attribute(this.bar, 'data-part-seconds', ((Date.parse(wrapUp.until) - Date.parse(wrapUp.since)) / 1000).toFixed(1))
    }
    this.dispositions.show(dispositions, wrapUp.contact, state.draft.disposition)
    this.notes.show(state)
    const busy = isPending(state, 'wrapUp.complete')
    attribute(this.finish, 'aria-busy', busy && 'true')
    this.finish.disabled = busy || !state.link.up
    this.extend.hidden = !has(state, 'extend') || wrapUp.extended || !wrapUp.until
    this.extend.disabled = isPending(state, 'wrapUp.extend') || !state.link.up
    const pending = state.presence.pending
    write(this.next, pending ? '' : state.presence.presence === 'available' ? t('wrapUp.next') : '')
  }

  submit(event) {
    event?.preventDefault()
    if (this.dispositions.isMissing(this.desk.state.draft.disposition)) return
    this.actions.complete()
  }
}

customElements.define('desk-wrap-up', WrapUp)
