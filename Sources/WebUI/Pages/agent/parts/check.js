// Before the first call: is the agent heard, does the agent hear, does the network carry it, will a ring be noticed?

import { Part, button, icon, make, redraw, write } from '../dom.js'
import { audioStands } from '../state.js'
import { meter } from './meter.js'
import { deviceSelect } from './device-row.js'

const pings = 8
const goodRoundTripMs = 150, poorRoundTripMs = 300, goodLossPercent = 1, poorLossPercent = 5
const measureAgainMilliseconds = 4000, listenMilliseconds = 150
/** On the meter's scale: a quiet voice, and more than the noise of a room. */
const spokenLevel = 0.3

class Check extends Part {
  build() {
    const { t } = this
    this.microphone = deviceSelect(this, { kind: 'microphones', setting: 'microphone', id: 'check-microphone', label: t('settings.microphone') })
    this.speaker = deviceSelect(this, { kind: 'speakers', setting: 'speaker', id: 'check-speaker', label: t('settings.speaker') })
    this.rows = {
      microphone: this.row('microphone', this.microphone, meter('microphone', t('meter.microphone'))),
      speaker: this.row('speaker', this.speaker, button({ text: t('check.play'), kind: 'quiet', onclick: () => this.play() }),
        this.yes = button({ text: t('check.yes'), kind: 'quiet', icon: 'check', onclick: () => this.hears() })),
      network: this.row('network'),
      bell: this.row('bell', this.allow = button({ text: t('check.allow'), kind: 'quiet', onclick: () => this.askForNotifications() })),
    }
    this.go = button({ text: t('presence.go'), kind: 'primary', onclick: () => this.actions.checked(true) })
    this.later = button({ text: t('check.later'), kind: 'quiet', onclick: () => this.actions.checked(false) })
    this.append(make('section', { class: 'card', 'aria-labelledby': 'check-title' },
      make('h1', { id: 'check-title', tabindex: '-1' }, t('check.title')), make('p', { class: 'soft' }, t('check.lead')),
      make('ul', { class: 'checks' }, ...Object.values(this.rows)), make('div', { class: 'row' }, this.go, this.later)))
    this.heard = null
    this.spoken = false
    this.measured = null
  }

  row(name, ...controls) {
    const mark = make('span', { class: 'badge small' }, icon(name))
    const text = make('p', { class: 'soft', role: 'status' })
    const row = make('li', {}, mark, make('div', { class: 'what' }, make('h2', { class: 'small' }, this.t(`check.${name}`)), text), make('div', { class: 'controls' }, ...controls))
    row.say = (kind, sentence) => {
      mark.className = `badge small ${kind}`
      redraw(mark, { good: 'check', bad: 'warning', warn: 'warning' }[kind] ?? name)
      write(text, sentence)
    }
    return row
  }

  update(state) {
    if (this.hidden) {
      for (const timer of [this.timer, this.listenTimer]) clearTimeout(timer)
      this.timer = this.listenTimer = undefined
      this.measured = null
      return
    }
    const { t } = this, { microphone } = state.media
    this.microphone.refresh()
    this.speaker.refresh()
    this.forget()
    const said = microphone === 'ready' && this.spoken
    this.rows.microphone.say(said ? 'good' : { ready: '', asking: '', none: '' }[microphone] ?? 'bad', t(said ? 'check.spoken' : `microphone.${microphone}`))
    this.rows.speaker.say(this.heard ? 'good' : '', t(this.heard ? 'check.heard' : this.heard === false ? 'check.played' : 'check.notPlayed'))
    this.yes.hidden = this.heard !== false
    this.showNetwork(state)
    this.showBell()
    this.go.disabled = !audioStands(state) && state.presence.presence !== 'available'
    write(this.go.caption, t(state.presence.presence === 'available' ? 'check.done' : 'presence.go'))
    this.later.hidden = state.presence.presence === 'available'
    this.timer ??= setTimeout(() => this.measure(), 50)
    this.listenTimer ??= setTimeout(() => this.listen(), listenMilliseconds)
  }

  /** Another device has to be tried again. */
  forget() {
    const { microphone, speaker } = this.desk.settings.values
    if (this.tried?.microphone !== microphone) {
      this.spoken = false
      clearTimeout(this.listenTimer)
      this.listenTimer = undefined
    }
    if (this.tried?.speaker !== speaker) this.heard = null
    this.tried = { microphone, speaker }
  }

  /** A microphone that is there and silent is no good: a switch on the cable, the wrong one of two. */
  async listen() {
    const { microphone } = await this.desk.voice.levels()
    if (this.hidden) return
    if (microphone !== null && microphone > spokenLevel) {
      this.spoken = true
      return this.update(this.desk.state)
    }
    this.listenTimer = setTimeout(() => this.listen(), listenMilliseconds)
  }

  async measure() {
    const trips = []
    for (let count = 0; count < pings; count += 1) trips.push(await this.desk.signalling.ping())
    const answered = trips.filter(one => one !== null).sort((one, other) => one - other)
    const network = await this.desk.voice.network()
    if (this.hidden) return
    this.measured = {
      roundTripMs: network.roundTripMs ?? answered[Math.floor(answered.length / 2)] ?? null,
      lossPercent: network.lossPercent ?? null, setupMs: network.setupMs,
    }
    this.showNetwork(this.desk.state)
    this.timer = setTimeout(() => this.measure(), measureAgainMilliseconds)
  }

  showNetwork(state) {
    const { t } = this, { texts } = this.desk, row = this.rows.network, found = this.measured
    if (!state.link.up) return row.say('bad', t('check.noServer'))
    if (state.media.connection === 'lost') return row.say('bad', t('check.noAudio'))
    if (state.media.microphone !== 'ready') return row.say('', t('check.waiting'))
    if (!audioStands(state)) return row.say('', t('check.connecting'))
    if (!found || found.roundTripMs === null) return row.say('', t('check.measuring'))
    const { roundTripMs, lossPercent } = found
    const kind = roundTripMs > poorRoundTripMs || lossPercent > poorLossPercent ? 'bad'
      : roundTripMs > goodRoundTripMs || lossPercent > goodLossPercent ? 'warn' : 'good'
    const figures = t(lossPercent === null ? 'check.roundTrip' : 'check.figures', {
      roundTrip: texts.number(Math.max(1, roundTripMs)), loss: lossPercent === null ? '' : texts.percent(lossPercent),
    })
    row.say(kind, `${t(`check.network.${kind}`)} ${figures}`)
  }

  async play() {
    this.desk.voice.resume()
    await this.desk.ringer.once(this.desk.settings.values.speaker)
    this.heard = false
    this.update(this.desk.state)
  }

  hears() {
    this.heard = true
    this.update(this.desk.state)
  }

  showBell() {
    const allowed = 'Notification' in window ? Notification.permission : 'denied'
    this.allow.hidden = allowed !== 'default'
    this.rows.bell.say({ granted: 'good', denied: 'warn' }[allowed] ?? '', this.t(`check.bell.${allowed}`))
  }

  async askForNotifications() {
    await Notification.requestPermission().catch(() => null)
    this.showBell()
  }
}

customElements.define('desk-check', Check)
