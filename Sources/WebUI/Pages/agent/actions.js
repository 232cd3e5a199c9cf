// What the agent can do: each is a frame to the server, a request, or a change of the page.

import { activity, draftOf } from './state.js'

const sessions = '/v1/agent-sessions'
const requestMillisecondsMax = 10_000
const noteMilliseconds = 1000
const autoAnswerMilliseconds = 1200
const startAgainMilliseconds = 3000

export function makeActions(desk) {
  let csrf = null, takingOver = false, startTimer = null
  /** Of the wrap-up of a call under null, of a piece of work under its contact. */
  const noteTimers = new Map()

  async function request(method, body) {
    const response = await fetch(sessions, {
      method, credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(requestMillisecondsMax),
      headers: {
        'x-requested-with': 'switchboard', ...(csrf ? { 'x-csrf-token': csrf } : {}), ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
    })
    const isJSON = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, body: isJSON ? await response.json() : null, retryAfter: Number(response.headers.get('retry-after')) || 0 }
  }

  function signedIn(body) {
    csrf = body?.csrf ?? null
    desk.dispatch({ type: 'page.signedIn', agent: body?.agent })
  }

  function signedOut(problem, seconds) {
    clearTimeout(startTimer)
    desk.signalling.close()
    desk.dispatch({ type: 'page.signedOut', problem, seconds })
  }

  /** True if the frame is on its way; `as`: under which name a button finds that it has been pressed. */
  function command(type, fields, as = type) {
    const id = desk.signalling.send(type, fields)
    if (id === null) desk.dispatch({ type: 'page.notice', notice: { kind: 'bad', key: 'refused.no_link' } })
    else desk.dispatch({ type: 'page.sent', id, command: as })
    return id !== null
  }

  function forgetNote(place) {
    clearTimeout(noteTimers.get(place))
    noteTimers.delete(place)
  }

  /** `place`: the id of a piece; null: the call. */
  function sendNote(place = null) {
    forgetNote(place)
    const { wrapUp, draft, work } = desk.state
    if (place === null) {
      if (wrapUp) desk.signalling.send('wrapUp.note', { disposition: draft.disposition, notes: draft.notes })
      return
    }
    const piece = work.find(one => one.id === place && one.state !== 'ringing')
    if (piece) desk.signalling.send('wrapUp.note', { contact: piece.contact, piece: piece.id, ...draftOf(desk.state, piece) })
  }

  const actions = {
    // Coming and going

    /** Whoever is signed in already, after a reload, goes straight to the desk. */
    async start() {
      clearTimeout(startTimer)
      try {
        const answer = await request('GET')
        if (answer.status === 200) {
          signedIn(answer.body)
          return desk.signalling.open()
        }
        if (answer.status === 401 || answer.status === 403 || answer.status === 404) return signedOut()
      } catch { /* no server: again, below */ }
      desk.dispatch({ type: 'page.linkDown', retryAt: Date.now() + startAgainMilliseconds })
      startTimer = setTimeout(() => actions.start(), startAgainMilliseconds)
    },

    async signIn(name, password) {
      // Within the gesture: the browser lets the page sound from now on.
      desk.voice.resume()
      desk.ringer.prepare()
      desk.dispatch({ type: 'page.signingIn' })
      try {
        const answer = await request('POST', { name, password })
        if (answer.status === 200 || answer.status === 201) {
          signedIn(answer.body)
          return desk.signalling.open()
        }
        const problem = { 401: 'wrong', 403: 'wrong', 429: 'often' }[answer.status] ?? 'server'
        signedOut(problem, answer.retryAfter || 30)
      } catch {
        signedOut('link')
      }
    },

    async signOut() {
      if (desk.state.call) return desk.dispatch({ type: 'page.notice', notice: { kind: 'warn', key: 'signOut.busy' } })
      for (const place of [null, ...noteTimers.keys()]) sendNote(place)
      const answer = request('DELETE').catch(() => null)
      signedOut()
      await answer
      csrf = null
    },

    takeOver() {
      takingOver = true
      if (desk.state.phase === 'asking') desk.signalling.send('takeOver')
      else desk.signalling.open()
      setTimeout(() => { takingOver = false }, requestMillisecondsMax)
    },
    isTakingOver: () => takingOver,

    async connectionClosed(code) {
      takingOver = false
      if (code === 4001) return desk.dispatch({ type: 'takenOver' })
      try {
        const answer = await request('GET')
        if (answer.status === 401) signedOut('expired')
        else if (code === 4002) desk.signalling.open()
      } catch {
        // The server is away: the connection is being tried, unless it was closed for good.
        if (code === 4002) actions.start()
      }
    },

    retry() {
      if (desk.state.phase === 'starting' || desk.state.phase === 'connecting') actions.start()
      desk.signalling.retry()
    },

    // State and calls

    presence: (presence, reason = null) => command('presence', { presence, reason }),
    channel: (channel, on) => command('channel', { channel, on }),
    accept() {
      const { offer } = desk.state
      desk.voice.resume()
      if (offer) command('accept', { offer: offer.offer })
    },
    decline(reason) {
      const { offer } = desk.state
      if (offer) command('decline', { offer: offer.offer, reason })
    },
    hold: () => command('hold', { on: !desk.state.call.held }),
    mute() {
      const on = !desk.state.call.muted
      // At once: who mutes does not want to be heard for the time of a round trip.
      if (command('mute', { on })) desk.voice.mute(on)
    },
    digit(digit) {
      desk.ringer.key(digit)
      return command('digit', { digit })
    },
    transfer(target) {
      const { transferOf } = desk.state
      return transferOf === null ? command('transfer', target) : command('transfer', { ...target, contact: transferOf }, `transfer ${transferOf}`)
    },
    /** Who is asked: `agent` or `number`. */
    consult: who => command('consult', who),
    /** A step with those who are on the call beside the caller. */
    company: step => command(step),
    openConsult() {
      desk.dispatch({ type: 'page.transfer', contact: null, isConsult: true })
      actions.open('transfer')
    },
    recording: () => command('recording', { paused: desk.state.call.recording === 'on' }),
    hangUp: () => command('hangUp'),
    complete() {
      forgetNote(null)
      const { disposition, notes } = desk.state.draft
      command('wrapUp.complete', { disposition, notes })
    },
    extend: () => command('wrapUp.extend'),
    /** Of the call, or of a piece: whether a wrap-up comes after it. */
    wrapUpAfter: (one, as = 'wrapUpAfter') => command(one.wrapUpAfter ? 'wrapUp.skip' : 'wrapUp.ask', { contact: one.contact }, as),
    draft(change) {
      desk.dispatch({ type: 'page.draft', ...change })
      if (desk.state.wrapUp) actions.noteSoon()
    },
    noteSoon(place = null) { if (!noteTimers.has(place)) noteTimers.set(place, setTimeout(() => sendNote(place), noteMilliseconds)) },
    offered(offer) {
      if (!offer.autoAnswer || !desk.settings.values.autoAnswer) return
      setTimeout(() => {
        if (desk.state.offer?.offer === offer.offer && desk.state.link.up) actions.accept()
      }, autoAnswerMilliseconds)
    },

    // Pieces of work that are no calls

    acceptPiece: piece => command('accept', { offer: piece.offer }, `accept ${piece.offer}`),
    declinePiece: piece => command('decline', { offer: piece.offer, reason: 'busy' }, `decline ${piece.offer}`),
    completePiece: piece => command('work.complete', { contact: piece.contact }, `complete ${piece.contact}`),
    finishPiece(piece) {
      forgetNote(piece.id)
      return command('wrapUp.complete', { contact: piece.contact, piece: piece.id, ...draftOf(desk.state, piece) }, `finish ${piece.contact}`)
    },
    extendPiece: piece => command('wrapUp.extend', { contact: piece.contact }, `extend ${piece.contact}`),
    pieceDraft(piece, change) {
      desk.dispatch({ type: 'page.pieceDraft', piece: piece.id, change })
      if (piece.state !== 'ringing') actions.noteSoon(piece.id)
    },
    openPiece: contact => desk.dispatch({ type: 'page.piece', contact }),
    /** `contact`: of a piece of work; null: the caller. */
    openTransfer(contact = null) {
      desk.dispatch({ type: 'page.transfer', contact })
      actions.open('transfer')
    },

    // The page

    check: () => { if (activity(desk.state) === 'idle') desk.dispatch({ type: 'page.check', on: true }) },
    checked(go) {
      desk.dispatch({ type: 'page.check', on: false })
      if (go && desk.state.presence.presence !== 'available') actions.presence('available')
    },
    dismiss: id => desk.dispatch({ type: 'page.dismiss', id }),
    open: name => document.querySelector(`desk-${name}`).open(),
    async set(name, value) {
      desk.settings.set(name, value)
      if (name === 'microphone' || name === 'processing') await desk.voice.change()
      if (name === 'speaker' || name === 'speakerVolume') await desk.voice.output()
      if (name === 'ringVolume') desk.ringer.prepare()
      if (name === 'stayAwake') desk.attention.wake()
      if (name === 'language') {
        await desk.texts.use(value)
        desk.rebuild()
      }
      desk.show()
    },
  }
  return actions
}
