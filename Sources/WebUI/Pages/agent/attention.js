// How the page makes itself noticed: ring, title, icon, notification, and what a screen reader says. And how it stays awake.

import { write } from './dom.js'
import { callerText, kindText, pieceText, presenceText } from './labels.js'
import { activity, isAtWork, isLost, ringing, rings } from './state.js'

const said = { calmly: 'said-calmly', atOnce: 'said-at-once' }

export class Attention {
  constructor(desk) {
    this.desk = desk
    this.notification = null
    this.lock = null
    this.icon = document.querySelector('link[rel=icon]')
    document.addEventListener('visibilitychange', () => this.wake())
    // A tab that holds a lock is not frozen by the browser (Page Lifecycle); it is shared, so that a second tab is not in the way.
    navigator.locks?.request('switchboard.desk', { mode: 'shared' }, () => new Promise(() => {})).catch(() => null)
  }

  changed(before, after) {
    if (after.offer && after.offer.offer !== before.offer?.offer) this.ring(after)
    for (const piece of this.new(before, after)) this.ringPiece(after, piece)
    if (!rings(after) && rings(before)) this.quiet()
    // Whoever talks is not rung in the ear: what rings beside a call is seen, and said.
    if (after.call && !before.call) this.desk.ringer.stop()
    this.say(before, after)
    this.title(after)
    if (isAtWork(before) !== isAtWork(after) || before.presence !== after.presence || before.phase !== after.phase) this.wake()
  }

  async ring(state) {
    const { t, texts, actions, ringer } = this.desk, { offer } = state
    const caller = callerText(texts, offer.caller)
    this.notify(t('notification.title', { caller }), t('notification.body', { queue: offer.queue }))
    actions.offered(offer)
    if (!await ringer.start() && this.desk.state.offer) this.desk.dispatch({ type: 'page.media', silent: true })
  }

  /** What rings and is no call. */
  new(before, after) {
    return ringing(after).filter(piece => !before.work.some(one => one.id === piece.id))
  }

  async ringPiece(state, piece) {
    const { t, texts, ringer } = this.desk
    this.notify(t('notification.piece', { kind: kindText(texts, piece), from: pieceText(texts, piece) }), t('notification.body', { queue: piece.queue ?? '' }))
    if (state.call) return
    if (!await ringer.start() && rings(this.desk.state)) this.desk.dispatch({ type: 'page.media', silent: true })
  }

  quiet() {
    this.desk.ringer.stop()
    this.notification?.close()
    this.notification = null
  }

  notify(title, body) {
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    if (!document.hidden && document.hasFocus()) return
    try {
      this.notification = new Notification(title, { body, icon: '/icon.svg', tag: 'switchboard-offer', renotify: true, requireInteraction: true })
      this.notification.onclick = () => { window.focus(); this.notification?.close() }
    } catch { /* some browsers notify only from a service worker; the ring and the title remain */ }
  }

  title(state) {
    const { t, texts } = this.desk, doing = activity(state), piece = ringing(state)[0]
    let title = 'Switchboard'
    if (state.phase === 'desk') {
      title = isLost(state) || !state.link.up ? `⚠ ${t('title.lost')}`
        : doing === 'offer' ? `☎ ${callerText(texts, state.offer.caller)}`
        : piece ? `☎ ${kindText(texts, piece)}: ${pieceText(texts, piece)}`
          : doing === 'call' ? `● ${t(state.call.held ? 'work.held' : 'work.call')}`
            : doing === 'wrapUp' ? t('work.wrapUp') : state.work.length ? t('piece.open', { count: state.work.length }) : presenceText(texts, state.reasons, state.presence)
      title += ' – Switchboard'
    }
    if (document.title !== title) document.title = title
    const icon = rings(state) ? '/agent/icon-ringing.svg' : '/icon.svg'
    if (this.icon.getAttribute('href') !== icon) this.icon.setAttribute('href', icon)
  }

  say(before, after) {
    const { t, texts } = this.desk
    if (after.phase !== 'desk') return
    if (after.offer && after.offer.offer !== before.offer?.offer) {
      return this.speak(said.atOnce, t('said.offer', { caller: callerText(texts, after.offer.caller), queue: after.offer.queue }))
    }
    const [piece] = this.new(before, after)
    if (piece) {
      return this.speak(said.atOnce, t('said.piece', { kind: kindText(texts, piece), from: pieceText(texts, piece), queue: piece.queue ?? '' }))
    }
    const one = !before.call && after.call ? 'said.call' : before.call && !after.call ? (after.wrapUp ? 'said.wrapUp' : 'said.ended')
      : before.wrapUp && !after.wrapUp ? 'said.finished'
        : before.call && after.call && before.call.held !== after.call.held ? (after.call.held ? 'said.held' : 'said.resumed')
          : before.call && after.call && before.call.muted !== after.call.muted ? (after.call.muted ? 'said.muted' : 'said.unmuted') : null
    if (one) return this.speak(said.calmly, t(one))
    if (before.phase === 'desk' && (before.presence.presence !== after.presence.presence || before.presence.reason !== after.presence.reason)) {
      this.speak(said.calmly, t('said.state', { state: presenceText(texts, after.reasons, after.presence) }))
    }
  }

  speak(id, text) { write(document.getElementById(id), text) }

  /** A computer that sleeps misses calls. */
  async wake() {
    const { state, settings } = this.desk
    const wanted = settings.values.stayAwake && state.phase === 'desk' && !document.hidden
      && (state.presence.presence === 'available' || isAtWork(state))
    if (wanted && !this.lock && navigator.wakeLock) {
      this.lock = await navigator.wakeLock.request('screen').catch(() => null)
      this.lock?.addEventListener('release', () => { this.lock = null })
    } else if (!wanted && this.lock) {
      await this.lock.release().catch(() => null)
    }
  }

  /** Every five seconds, also in the background. */
  beat() { if (rings(this.desk.state)) this.title(this.desk.state) }
}
