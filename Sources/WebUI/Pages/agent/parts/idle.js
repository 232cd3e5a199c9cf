// Between calls: the state large, its clock, and the one thing to do about it.

import { Part, button, clock, fill, icon, make, redraw, write } from '../dom.js'
import { audioStands } from '../state.js'
import { meter } from './meter.js'
import { presenceKind, presenceText, reasonText } from '../labels.js'

class Idle extends Part {
  build() {
    const { t } = this
    this.badge = make('span', { class: 'badge' }, icon('headset'))
    this.heading = make('h2', { class: 'state' })
    this.lead = make('p', { class: 'soft' })
    this.clock = make('time', { class: 'clock large' })
    this.available = button({ text: t('presence.go'), kind: 'primary', key: 'A', onclick: () => this.actions.presence('available') })
    this.fix = button({ text: t('idle.fix'), kind: 'primary', onclick: () => this.actions.check() })
    this.breaks = make('div', { class: 'row breaks', role: 'group', 'aria-label': t('idle.breaks') })
    this.line = make('p', { class: 'line-state' })
    this.append(make('section', { class: 'card idle', 'aria-label': t('idle.title') },
      make('div', { class: 'now' }, this.badge, make('div', {}, this.heading, this.lead), this.clock),
      make('div', { class: 'row' }, this.available, this.fix, this.breaks),
      make('div', { class: 'hearing' }, icon('microphone'), this.meter = meter('microphone', t('meter.microphone')), this.line)))
  }

  update(state) {
    const { t } = this, { texts } = this.desk, { presence, reasons } = state
    const available = presence.presence === 'available', stands = audioStands(state) && state.link.up
    const deaf = available && !stands
    this.badge.className = `badge ${deaf ? 'warn' : presenceKind(presence)}`
    redraw(this.badge, deaf ? 'warning' : { available: 'headset', pause: presence.reason === 'not-responding' ? 'missed' : 'coffee', offline: 'person' }[presence.presence])
    write(this.heading, deaf ? t('idle.deaf') : presenceText(texts, reasons, presence))
    const lead = deaf ? 'idle.deafLead' : presence.reason === 'not-responding' ? 'idle.notResponding' : `idle.${presence.presence}`
    write(this.lead, t(lead))
    clock(this.clock, { since: presence.since })
    this.available.hidden = available
    this.fix.hidden = !deaf
    this.breaks.hidden = !available || !reasons.length
    fill(this.breaks, [reasons, texts.tag], () => [make('span', { class: 'soft' }, t('idle.breaks')), ...reasons.map(reason =>
      button({ text: reasonText(texts, reasons, reason.id), onclick: () => this.actions.presence('pause', reason.id) }))])
    this.meter.hidden = state.media.microphone !== 'ready'
    write(this.line, state.media.microphone === 'ready' ? state.media.label || t('idle.microphone') : t(`microphone.${state.media.microphone}`))
  }
}

customElements.define('desk-idle', Idle)
