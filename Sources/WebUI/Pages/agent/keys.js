// The keyboard: one letter for each act, shown on its button. Never in a field where one writes, never over a window.

import { companyKeys } from './parts/company.js'
import { activity, has } from './state.js'

const digits = '123456789'

export function listenToKeys(desk) {
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.repeat || desk.state.phase !== 'desk') return
    if (document.querySelector('dialog[open]')) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      const row = document.querySelector('desk-work').open
      const doing = activity(desk.state)
      const form = event.target.closest('.piece') || doing === 'idle' ? row?.piece.state === 'wrapUp' && row
        : doing === 'wrapUp' ? document.querySelector('desk-wrap-up') : null
      if (!form) return
      event.preventDefault()
      return form.submit()
    }
    if (event.key === 'Escape' && isWriting(event.target)) return document.getElementById('main').focus()
    if (event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target) || event.target.closest('[role=menu]')) return
    if (!desk.settings.values.letterKeys) return
    const act = chosen(desk, event.key.length === 1 ? event.key.toLowerCase() : event.key, event.shiftKey)
    if (!act) return
    event.preventDefault()
    act()
  })
}

/** The button that is meant is pressed, so that what is hidden or disabled does nothing. */
function chosen(desk, key, shift) {
  const { state, actions } = desk
  if (key === '?') return () => actions.open('shortcuts')
  if (state.checking) return null
  if (shift && key !== 'e') return null
  if (key === ',') return () => actions.open('settings')
  if (key === 'p') return press('desk-state-bar', one => one.opener)
  const doing = activity(state)
  if (doing !== 'offer') {
    const piece = pieceKey(key, doing)
    if (piece) return piece
  }
  switch (doing) {
  case 'idle': return key === 'a' ? press('desk-idle', one => one.available) : null
  case 'offer':
    if (digits.includes(key)) return press('desk-offer', one => one.reasons.hidden ? null : one.reasons.children[digits.indexOf(key)])
    return { a: press('desk-offer', one => one.accept), d: has(state, 'decline') ? press('desk-offer', one => one.decline) : null }[key]
  case 'call':
    if (key === 'e') return shift ? press('desk-call', one => one.hangUp) : null
    if (key === 'n') return () => document.querySelector('desk-call').notes.field.focus()
    if (companyKeys[key]) return press('desk-call', one => one.company.buttons[companyKeys[key]])
    return { m: 'mute', h: 'hold', k: 'keypad', t: 'transfer', r: 'pause', w: 'wrapUpAfter' }[key]
      ? press('desk-call', one => one[{ m: 'mute', h: 'hold', k: 'keypad', t: 'transfer', r: 'pause', w: 'wrapUpAfter' }[key]]) : null
  case 'wrapUp':
    if (key === 'n') return () => document.querySelector('desk-wrap-up').notes.field.focus()
    return key === 'w' ? press('desk-wrap-up', one => one.extend) : null
  }
  return null
}

/** A number opens a piece of work; what rings is accepted or declined, and noted on, as a call is. */
function pieceKey(key, doing) {
  const part = document.querySelector('desk-work')
  if (digits.includes(key)) {
    const row = part.row(digits.indexOf(key))
    return row && row.piece.state !== 'ringing' ? () => row.opener.click() : null
  }
  if (part.ringing && 'ad'.includes(key)) return press('desk-work', one => key === 'a' ? one.ringing.accept : one.ringing.decline)
  return key === 'n' && doing === 'idle' && part.open ? () => part.open.notes.field.focus() : null
}

function press(selector, pick) {
  return () => {
    const node = pick(document.querySelector(selector))
    if (node && !node.hidden) node.click()
  }
}

function isWriting(target) {
  return target.matches('textarea, select, [contenteditable=true], input:not([type=radio], [type=checkbox], [type=range], [type=button])')
}
