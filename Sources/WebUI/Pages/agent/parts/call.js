// The conversation: who, how long, how it sounds, and what can be done with it. A button is there if the house can do it.

import { Part, attribute, button, clock, fill, icon, make, redraw, write } from '../dom.js'
import { has, isLost, isPending } from '../state.js'
import { company } from './company.js'
import { meter } from './meter.js'
import { notesField } from './notes.js'
import { callerText, qualityKind } from '../labels.js'

class Call extends Part {
  build() {
    const { t, actions } = this
    this.heading = make('h2', { class: 'state' })
    this.lead = make('p', { class: 'soft' })
    this.clock = make('time', { class: 'clock large' })
    this.badge = make('span', { class: 'badge busy' }, icon('phone'))
    this.recording = make('span', { class: 'tag' }, icon('record'), make('span'))
    const toggle = (icon, key, onclick) => { const one = button({ icon, key, kind: 'act', onclick }); one.setAttribute('aria-pressed', 'false'); return one }
    this.mute = toggle('microphone', 'M', () => actions.mute())
    this.hold = toggle('pause', 'H', () => actions.hold())
    this.keypad = button({ text: t('call.keypad'), icon: 'keypad', kind: 'act', key: 'K', onclick: () => actions.open('keypad') })
    this.transfer = button({ text: t('call.transfer'), icon: 'transfer', kind: 'act', key: 'T', onclick: () => actions.openTransfer() })
    this.pause = toggle('record', 'R', () => actions.recording())
    this.pause.classList.add('slim')
    this.wrapUpAfter = toggle('clock', 'W', () => actions.wrapUpAfter(this.desk.state.call))
    this.hangUp = button({ text: t('call.hangUp'), icon: 'hangUp', kind: 'danger', key: '⇧E', onclick: () => actions.hangUp() })
    this.quality = make('p', { class: 'quality' })
    this.company = company(this)
    this.notes = notesField(this, t('notes.during'))
    this.card = make('section', { class: 'card talking', 'aria-label': t('call.title') },
      make('div', { class: 'now' }, this.badge, make('div', {}, this.heading, this.lead), make('div', { class: 'tags' }, this.recording, this.pause), this.clock),
      make('div', { class: 'row acts', role: 'toolbar', 'aria-label': t('call.acts') }, this.mute, this.hold, this.keypad, this.transfer, this.wrapUpAfter, this.hangUp),
      ...this.company.nodes,
      make('div', { class: 'sound' },
        make('div', { class: 'side' }, make('span', {}, t('call.you')), meter('microphone', t('meter.microphone'))),
        make('div', { class: 'side' }, make('span', {}, t('call.caller')), meter('caller', t('meter.caller'))), this.quality),
      this.notes)
    this.append(this.card)
  }

  update(state) {
    const { t } = this, { texts } = this.desk, { call } = state
    if (!call) return
    const lost = isLost(state)
    const now = lost ? 'lost' : call.held ? 'held' : call.muted ? 'muted' : 'talking'
    const beside = call.part && call.part !== 'agent'
    write(this.heading, t(beside ? `company.part.${call.part}` : `call.${now}`))
    write(this.lead, t(beside ? 'company.part.lead' : `call.${now}.lead`, { caller: callerText(texts, call.caller ?? state.contact?.caller), queue: call.queue ?? state.contact?.queue ?? '' }))
    clock(this.clock, { since: call.since })
    this.badge.className = `badge ${lost ? 'bad' : call.held ? 'warn' : 'busy'}`
    redraw(this.badge, lost ? 'warning' : call.held ? 'pause' : 'phone')
    this.card.classList.toggle('held', call.held)
    this.recording.hidden = !call.recording || call.recording === 'off'
    if (!this.recording.hidden) {
      this.recording.className = `tag ${call.recording === 'on' ? 'bad' : ''}`
      write(this.recording.lastElementChild, t(`call.recording.${call.recording}`))
    }
    // Hold, mute and the recording belong to whoever the call is with.
    const isOwn = (call.part ?? 'agent') === 'agent', isConsulting = (call.others ?? []).some(one => one.part === 'consulted')
    this.act(this.mute, { shown: isOwn && has(state, 'mute'), on: call.muted, text: t(call.muted ? 'call.unmute' : 'call.mute'), drawing: call.muted ? 'muted' : 'microphone', command: 'mute' }, state, lost)
    this.act(this.hold, { shown: isOwn && !isConsulting && has(state, 'hold'), on: call.held, text: t(call.held ? 'call.resume' : 'call.hold'), drawing: call.held ? 'play' : 'pause', command: 'hold' }, state, lost)
    this.hold.classList.toggle('primary', call.held && !lost)
    this.act(this.pause, {
      shown: has(state, 'recordingPause') && this.recording.hidden === false, on: call.recording === 'paused',
      text: t(call.recording === 'paused' ? 'call.recordingResume' : 'call.recordingPause'), drawing: 'record', command: 'recording',
    }, state, lost)
    // There only where the queue leaves it to the agent.
    this.act(this.wrapUpAfter, {
      shown: typeof call.wrapUpAfter === 'boolean', on: call.wrapUpAfter, text: t('call.wrapUpAfter'), drawing: call.wrapUpAfter ? 'check' : 'clock', command: 'wrapUpAfter',
    }, state, lost)
    this.keypad.hidden = !has(state, 'keypad')
    this.transfer.hidden = !has(state, 'transfer') || !isOwn || Boolean(call.others?.length)
    for (const one of [this.keypad, this.transfer, this.hangUp]) one.disabled = lost
    if (isOwn && isConsulting) this.hangUp.disabled = true
    this.company.show(state)
    this.quality.hidden = lost
    this.showQuality(state.quality)
    this.notes.show(state)
  }

  act(node, { shown, on, text, drawing, command }, state, lost) {
    node.hidden = !shown
    write(node.caption, text)
    redraw(node, drawing)
    attribute(node, 'aria-pressed', String(Boolean(on)))
    const waiting = isPending(state, command)
    attribute(node, 'aria-busy', waiting && 'true')
    node.disabled = lost || waiting
  }

  showQuality(quality) {
    const kind = qualityKind(quality), { t } = this, { texts } = this.desk
    fill(this.quality, [quality, texts.tag], () => kind === null ? [make('span', { class: 'soft' }, t('quality.measuring'))] : [
      make('span', { class: `tag ${kind}` }, t(`quality.${kind}`)),
      ...[['loss', texts.percent(quality.lossPercent ?? 0)], ['jitter', `${texts.number(quality.jitterMs ?? 0)} ms`],
        ['roundTrip', quality.roundTripMs === null || quality.roundTripMs === undefined ? null : `${texts.number(quality.roundTripMs)} ms`], ['mos', texts.number(quality.mos, 1)]]
        .filter(([, value]) => value !== null).map(([name, value]) => make('span', { class: 'figure' }, make('span', { class: 'soft' }, t(`quality.${name}`)), ` ${value}`)),
    ])
  }
}

customElements.define('desk-call', Call)
