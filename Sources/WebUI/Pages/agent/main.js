// The agent's page, put together: frames and gestures go into the reducer, and what it says is shown and done.

import './parts/sign-in.js'
import './parts/taken-over.js'
import './parts/state-bar.js'
import './parts/banner.js'
import './parts/notices.js'
import './parts/customer.js'
import './parts/today.js'
import './parts/idle.js'
import './parts/recent.js'
import './parts/offer.js'
import './parts/call.js'
import './parts/wrap-up.js'
import './parts/work.js'
import './parts/keypad.js'
import './parts/transfer.js'
import './parts/check.js'
import './parts/settings.js'
import './parts/shortcuts.js'
import { makeActions } from './actions.js'
import { Attention } from './attention.js'
import { Voice } from './audio.js'
import { Part, attribute, write } from './dom.js'
import { Texts, duration } from './i18n.js'
import { listenToKeys } from './keys.js'
import { Ringer } from './ring.js'
import { Settings, keepDraft, keepDrafts, keptDraft, keptDrafts } from './settings.js'
import { Signalling, tabIdentity } from './signalling.js'
import { activity, draftOf, initial, reduce } from './state.js'

const parts = ['sign-in', 'taken-over', 'state-bar', 'banner', 'notices', 'customer', 'today', 'idle', 'recent', 'offer', 'call', 'wrap-up', 'work', 'keypad',
  'transfer', 'check', 'settings', 'shortcuts'].map(name => `desk-${name}`).join(',')
const tickMilliseconds = 250
const serverLostAudioMilliseconds = 1000
const element = id => document.getElementById(id)

const settings = new Settings()
const texts = await Texts.load(settings.values.language)
const desk = { texts, settings, state: { ...initial, draft: keptDraft(), drafts: keptDrafts() }, t: (key, params) => texts.text(key, params), dispatch, show, rebuild }
desk.voice = new Voice({
  settings,
  send: sdp => desk.signalling.send('media.offer', { sdp }),
  changed: media => dispatch({ type: 'page.media', ...media }),
})
desk.ringer = new Ringer(settings)
desk.signalling = new Signalling({
  tab: tabIdentity(),
  frame: receive,
  up: () => dispatch({ type: 'page.linkUp' }),
  down: retryAt => dispatch({ type: 'page.linkDown', retryAt }),
  closed: code => desk.actions.connectionClosed(code),
})
desk.actions = makeActions(desk)
desk.attention = new Attention(desk)
Part.desk = desk

// MARK: What comes in

function receive(frame) {
  if (frame.type === 'media.answer') return desk.voice.answer(frame)
  if (frame.type === 'refused') desk.voice.refused(frame.id)
  if (frame.type === 'mustAsk' && desk.actions.isTakingOver()) return desk.signalling.send('takeOver')
  dispatch(frame)
  if (frame.type === 'snapshot' && (!desk.voice.wanted || !frame.audio?.connected)) desk.voice.open()
  if (frame.type === 'media.closed') desk.voice.again()
  // The server has lost a connection that stands here: it was restarted, or has heard nothing for too long.
  if (frame.type === 'audio' && !frame.connected) {
    setTimeout(() => {
      if (!desk.state.audio.connected && desk.state.media.connection === 'connected') desk.voice.open()
    }, serverLostAudioMilliseconds)
  }
}

function dispatch(event) {
  const before = desk.state
  desk.state = reduce(before, event, Date.now())
  if (desk.state === before) return
  effects(before, desk.state)
  show()
}

function effects(before, after) {
  if (after.draft !== before.draft) keepDraft(after.draft)
  if (after.phase !== before.phase && (after.phase === 'signedOut' || after.phase === 'takenOver')) {
    desk.voice.close()
    // Nothing of the last caller stays in the document, not even unseen.
    for (const part of document.querySelectorAll(parts)) part.isBuilt = false
  }
  // What the server says is heard or not is so here, too; a command on its way has already been done.
  if (!Object.values(after.pending).includes('mute')) {
    const muted = after.call?.muted ?? false
    if (muted !== desk.voice.isMuted) desk.voice.mute(muted)
  }
  if (after.wrapUp && !before.wrapUp && after.draft.notes && after.draft.notes !== after.wrapUp.notes) desk.actions.noteSoon()
  if (after.drafts !== before.drafts) keepDrafts(after.drafts)
  // What was written a moment before the wrap-up may not have been sent.
  for (const piece of after.work) {
    if (piece.state === 'wrapUp' && !before.work.some(one => one.id === piece.id) && draftOf(after, piece).notes !== piece.notes) desk.actions.noteSoon(piece.id)
  }
  desk.attention.changed(before, after)
}

// MARK: What is shown

let showing = false

function show() {
  if (showing) return
  showing = true
  // Not requestAnimationFrame: it stands still in a page that is hidden.
  queueMicrotask(() => {
    showing = false
    layout(desk.state)
    for (const part of document.querySelectorAll(parts)) part.show(desk.state)
    tick()
    keepFocus()
  })
}

function layout(state) {
  const doing = activity(state), atDesk = state.phase === 'desk'
  const shown = {
    'desk-sign-in': state.phase === 'signedOut', 'desk-taken-over': state.phase === 'asking' || state.phase === 'takenOver',
    'desk-state-bar': atDesk, 'desk-check': atDesk && state.checking, '#desk': atDesk && !state.checking,
    'desk-customer': doing !== 'idle' && state.contact, 'desk-offer': doing === 'offer', 'desk-call': doing === 'call',
    'desk-wrap-up': doing === 'wrapUp', 'desk-idle': doing === 'idle', '#starting': state.phase === 'starting' || state.phase === 'connecting',
  }
  for (const [selector, on] of Object.entries(shown)) document.querySelector(selector).hidden = !on
  document.body.dataset.phase = state.phase
  document.body.dataset.doing = atDesk ? (state.checking ? 'check' : doing) : ''
  write(element('starting'), texts.text('starting'))
}

/** Where the focus was may be gone with its part: then the keyboard goes on from the top of the desk. */
let doingLast = ''
function keepFocus() {
  const doing = `${document.body.dataset.phase} ${document.body.dataset.doing}`
  if (doing !== doingLast && document.activeElement === document.body && desk.state.phase === 'desk') element('main').focus({ preventScroll: true })
  doingLast = doing
}

/** Another language: every part is made anew. */
function rebuild() {
  for (const node of document.querySelectorAll('[data-text]')) write(node, texts.text(node.dataset.text))
  const open = document.querySelector('dialog[open]')?.parentElement
  for (const part of document.querySelectorAll(parts)) part.isBuilt = false
  show()
  if (open) queueMicrotask(() => open.open())
}

function tick() {
  const now = Date.now() + desk.state.clockOffset
  for (const node of document.querySelectorAll('[data-since], [data-until]')) {
    const { since, until } = node.dataset
    const milliseconds = until ? Date.parse(until) - now : now - Date.parse(since)
    // What is left is rounded up: 0:00 is the end, not the last second.
    write(node, duration(until ? Math.ceil(milliseconds / 1000) : milliseconds / 1000))
    if (until) node.classList.toggle('soon', milliseconds < 10_000)
  }
  for (const node of document.querySelectorAll('[data-part-until]')) {
    const part = (Date.parse(node.dataset.partUntil) - now) / 1000 / Number(node.dataset.partSeconds)
    node.style.transform = `scaleX(${Math.min(1, Math.max(0, part)).toFixed(4)})`
  }
}

// MARK: Start

const beat = new Worker(new URL('./beat.js', import.meta.url))
beat.onmessage = () => { desk.signalling.beat(); desk.attention.beat() }
setInterval(() => {
  if (document.hidden) return
  tick()
  dispatch({ type: 'page.second' })
}, tickMilliseconds)
document.addEventListener('visibilitychange', () => { if (!document.hidden) show() })
// The first gesture lets the page sound.
for (const name of ['pointerdown', 'keydown']) document.addEventListener(name, () => {
  desk.voice.resume()
  desk.ringer.resume()
  if (desk.state.media.silent) dispatch({ type: 'page.media', silent: false })
}, { passive: true })
listenToKeys(desk)
attribute(document.body, 'data-ready', true)
rebuild()
desk.actions.start()
