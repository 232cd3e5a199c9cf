// What the page knows, as a value: `reduce(state, event, now)` is the only way to change it. It reads no clock, touches
// no document and sends nothing, so that every state of the page can be made in a test.
//
// Events are the server's frames as they come, and what happens in the page itself, whose types begin with `page.`.

const noticesMax = 4
const recentMax = 10
const secondsAfterNotice = 8
const noReasons = [{ code: 'busy' }, { code: 'wrong-queue' }, { code: 'technical' }]

export const initial = Object.freeze({
  /** starting, signedOut, connecting, asking (another tab holds the desk), takenOver, desk */
  phase: 'starting',
  signIn: { busy: false, problem: null, seconds: 0 },
  link: { up: false, lostAt: null, retryAt: null },
  media: { microphone: 'none', connection: 'none', label: '' },
  agent: null, holder: null,
  presence: { presence: 'offline', reason: null, since: null, pending: null },
  /** Of the agent's queues: { channel, open }; what is new comes over the open ones only. */
  channels: [],
  reasons: [], transferTargets: { queues: [], agents: [], flows: [], outside: false }, dispositions: { required: false, codes: [] }, declineReasons: noReasons,
  figures: null, features: [], graceSeconds: 60,
  offer: null, call: null, wrapUp: null,
  /** What is no call: pieces side by side, in the order in which they were offered; how much there is room for, if anything is. */
  work: [], capacity: null,
  /** The contact whose piece lies open; what was written on each piece, its id → { notes, disposition }. */
  open: null, drafts: {},
  /** The piece that is being transferred; null: the call. */
  transferOf: null,
  /** A colleague is chosen to be asked, and not yet to get the caller. */
  isConsult: false,
  /** What is known of the contact, from the offer on: `call` and `wrapUp` may say less. */
  contact: null,
  audio: { connected: false }, quality: null,
  draft: { contact: null, notes: '', disposition: null },
  /** Commands on their way, id → type: a button shows that it has been heard. */
  pending: {},
  recent: [], notices: [], noticeCount: 0,
  /** Server time minus the time of this computer, in milliseconds. */
  clockOffset: 0,
  checking: false, checked: false,
})

// MARK: Questions that several parts ask

/** What the agent is doing: offer, call, wrapUp or idle. */
export function activity(state) {
  if (state.call) return 'call'
  if (state.offer) return 'offer'
  if (state.wrapUp) return 'wrapUp'
  return 'idle'
}

export const has = (state, feature) => state.features.includes(feature)
export const isPending = (state, type) => Object.values(state.pending).includes(type)
export const ringing = state => state.work.filter(piece => piece.state === 'ringing')
/** Whatever rings: the call first. */
export const rings = state => state.offer ?? ringing(state)[0] ?? null
export const isAtWork = state => activity(state) !== 'idle' || state.work.length > 0
export const draftOf = (state, piece) => state.drafts[piece.id] ?? { notes: piece.notes ?? '', disposition: piece.disposition ?? null }
/** The audio stands at both ends: only then do offers come. */
export const audioStands = state => state.audio.connected && state.media.connection === 'connected'
/** The call is up, but this page has no part in it at the moment. */
export const isLost = state => state.call !== null && (state.call.state === 'lost' || !state.link.up)

// MARK: The reducer

export function reduce(state, event, now) {
  const handler = handlers[event.type]
  return handler ? handler(state, event, now) : state
}

const handlers = {
  // Server

  snapshot(state, frame, now) {
    const contact = frame.offer ?? frame.call ?? frame.wrapUp ?? null
    const known = state.contact?.contact === contact?.contact ? state.contact : null
    // Back in a desk that was at work, nobody wants to be asked about the loudspeaker first.
    const work = (frame.work ?? []).map(piece => seen(piece, now))
    const working = Boolean(contact) || work.length > 0 || frame.state.presence !== 'offline'
    const checked = state.checked || working
    return withDraft({
      ...state, phase: 'desk', holder: null, agent: person(frame.agent), presence: presence(frame.state),
      channels: frame.state.channels ?? [],
      reasons: (frame.reasons ?? []).map(named), transferTargets: targets(frame.transferTargets),
      dispositions: { required: Boolean(frame.dispositions?.required), codes: frame.dispositions?.codes ?? [] },
      declineReasons: frame.declineReasons ?? noReasons, figures: frame.figures ?? null, features: frame.features ?? [],
      graceSeconds: frame.graceSeconds ?? 60, offer: offer(frame.offer, now), call: frame.call ?? null, wrapUp: frame.wrapUp ?? null,
      work, capacity: frame.capacity ?? null, open: stillOpen(state.open, work), drafts: kept(work.reduce((drafts, piece) => moved(drafts, piece, null), state.drafts), work),
      contact: contact ? merged(known, contact) : null, audio: { connected: Boolean(frame.audio?.connected) },
      recent: frame.recent ?? state.recent, clockOffset: frame.serverTime ? Date.parse(frame.serverTime) - now : state.clockOffset,
      pending: {}, quality: frame.call ? state.quality : null, checked, checking: state.phase === 'desk' ? state.checking : !checked,
      signIn: initial.signIn,
    })
  },
  state(state, frame) {
    const one = frame.state ?? frame
    return { ...state, presence: presence(one), channels: one.channels ?? state.channels }
  },
  figures: (state, frame) => ({ ...state, figures: without(frame.figures ?? frame) }),
  transferTargets: (state, frame) => ({ ...state, transferTargets: targets(frame) }),
  capacity: (state, frame) => ({ ...state, capacity: without(frame) }),
  work(state, frame, now) {
    const piece = seen(without(frame), now), before = state.work.find(one => one.id === piece.id)
    const work = before ? state.work.map(one => one === before ? piece : one) : [...state.work, piece]
    // What was just accepted lies open; another one is not pushed aside by a wrap-up that begins.
    const opens = !before && piece.state !== 'ringing' && (piece.state === 'active' || state.open === null)
    return { ...state, work, drafts: moved(state.drafts, piece, before), open: opens ? piece.contact : state.open, checking: false, checked: true }
  },
  'work.ended'(state, frame, now) {
    const piece = state.work.find(one => one.id === frame.id)
    if (!piece) return state
    const work = state.work.filter(one => one !== piece)
    const after = { ...state, work, open: stillOpen(state.open, work), drafts: kept(state.drafts, work) }
    if (['accepted', 'declined', 'done', 'finished'].includes(frame.reason)) return after
    const missed = frame.reason === 'missed'
    return notice(after, { kind: missed ? 'warn' : 'info', key: `piece.ended.${frame.reason}`, params: { piece }, sticky: missed }, now)
  },
  audio: (state, frame) => ({ ...state, audio: { connected: Boolean(frame.connected) } }),
  offer(state, frame, now) {
    const one = offer(without(frame), now)
    return { ...state, offer: one, contact: merged(null, one), checking: false, quality: null }
  },
  'offer.ended'(state, frame, now) {
    if (state.offer?.offer !== frame.offer) return state
    const { caller, queue, contact } = state.offer
    const after = { ...state, offer: null, contact: state.call || state.wrapUp ? state.contact : null }
    if (frame.reason === 'declined') return after
    const missed = frame.reason === 'missed'
    return notice(missed ? remember(after, { contact, caller, queue, outcome: 'missed', talkSeconds: null }, now) : after,
      { kind: missed ? 'warn' : 'info', key: `offer.ended.${frame.reason}`, params: { caller }, sticky: missed }, now)
  },
  call(state, frame, now) {
    const call = without(frame)
    const isTold = state.call?.contact === call.contact && state.call?.notReached
    const known = state.contact?.contact === call.contact ? state.contact : null
    const offered = state.offer?.contact === call.contact ? null : state.offer
    const after = withDraft({
      ...state, call, offer: offered, contact: merged(known, call), wrapUp: null, quality: call.state === 'lost' ? null : state.quality,
      checking: false, checked: true,
    })
    if (!call.notReached || isTold) return after
    return notice(after, { kind: 'warn', key: `company.notReached.${call.notReached.reason}`, params: { cause: call.notReached.cause }, sticky: true }, now)
  },
  'call.ended'(state, frame, now) {
    if (state.call?.contact !== frame.contact) return state
    const { caller, queue, since } = { ...state.contact, ...state.call }
    const seconds = Math.max(0, Math.round((now + state.clockOffset - Date.parse(since)) / 1000))
    const after = remember({ ...state, call: null, quality: null }, {
      contact: frame.contact, caller, queue, outcome: 'handled', talkSeconds: seconds,
    }, now)
    if (frame.by === 'agent') return after
    return notice(after, { kind: 'info', key: `call.ended.${frame.by ?? 'system'}` }, now)
  },
  wrapUp(state, frame) {
    const wrapUp = without(frame)
    const known = state.contact?.contact === wrapUp.contact ? state.contact : null
    return withDraft({ ...state, wrapUp, call: null, offer: null, quality: null, contact: merged(known, wrapUp) })
  },
  'wrapUp.ended'(state, frame) {
    if (state.wrapUp?.contact !== frame.contact) return state
    return { ...state, wrapUp: null, contact: state.call || state.offer ? state.contact : null, draft: initial.draft }
  },
  quality: (state, frame) => state.call ? { ...state, quality: without(frame) } : state,
  'media.closed': state => ({ ...state, audio: { connected: false } }),
  mustAsk: (state, frame) => ({ ...state, phase: 'asking', holder: frame.holder ?? {} }),
  takenOver: state => ({
    ...initial, phase: 'takenOver', agent: state.agent, clockOffset: state.clockOffset, checked: state.checked,
  }),
  done: (state, frame) => ({ ...state, pending: omit(state.pending, frame.id) }),
  refused(state, frame, now) {
    const after = { ...state, pending: omit(state.pending, frame.id) }
    if (!(frame.id in state.pending)) return after
    return notice(after, { kind: 'bad', key: `refused.${frame.code}`, text: frame.detail ?? frame.code }, now)
  },

  // The page itself

  'page.signedOut': (state, event) => ({
    ...initial, phase: 'signedOut', notices: [],
    signIn: { busy: false, problem: event.problem ?? null, seconds: event.seconds ?? 0 },
  }),
  'page.signingIn': state => ({ ...state, signIn: { busy: true, problem: null, seconds: 0 } }),
  'page.signedIn': (state, event) => ({
    ...state, phase: state.phase === 'desk' ? 'desk' : 'connecting', agent: person(event.agent), signIn: initial.signIn,
  }),
  'page.linkUp': state => ({ ...state, link: { up: true, lostAt: null, retryAt: null } }),
  'page.linkDown': (state, event, now) => ({
    ...state, link: { up: false, lostAt: state.link.lostAt ?? now, retryAt: event.retryAt ?? null }, pending: {},
  }),
  'page.media': (state, event) => ({ ...state, media: { ...state.media, ...without(event) } }),
  'page.sent': (state, event) => ({ ...state, pending: { ...state.pending, [event.id]: event.command } }),
  'page.draft'(state, event) {
    const { notes = state.draft.notes, disposition = state.draft.disposition } = event
    return { ...state, draft: { contact: event.contact ?? state.draft.contact, notes, disposition } }
  },
  'page.piece': (state, event) => ({ ...state, open: state.open === event.contact ? null : event.contact }),
  'page.pieceDraft'(state, event) {
    const piece = state.work.find(one => one.id === event.piece)
    if (!piece) return state
    const { notes, disposition } = { ...draftOf(state, piece), ...event.change }
    return { ...state, drafts: { ...state.drafts, [piece.id]: { notes, disposition } } }
  },
  'page.transfer': (state, event) => ({ ...state, transferOf: event.contact ?? null, isConsult: event.isConsult ?? false }),
  'page.check': (state, event) => ({ ...state, checking: event.on, checked: state.checked || !event.on }),
  'page.notice': (state, event, now) => notice(state, event.notice, now),
  'page.dismiss': (state, event) => ({ ...state, notices: state.notices.filter(one => one.id !== event.id) }),
  'page.second'(state, event, now) {
    const left = state.notices.filter(one => one.until === null || one.until > now)
    return left.length === state.notices.length ? state : { ...state, notices: left }
  },
}

// MARK: Pieces

const person = agent => typeof agent === 'string' ? { id: agent, name: agent } : agent ?? null
const named = one => typeof one === 'string' ? { id: one } : one
const targets = one => ({
  queues: (one?.queues ?? []).map(named), agents: (one?.agents ?? []).map(named), flows: (one?.flows ?? []).map(named), outside: Boolean(one?.outside),
})
const presence = one => ({ presence: one.presence, reason: one.reason ?? null, since: one.since ?? null, pending: one.pending ?? null })

/** A waiting time that grows needs the moment at which it was true. */
function offer(one, now) { return one ? { ...one, seenAt: one.seenAt ?? now } : null }

const seen = (piece, now) => ({ ...piece, seenAt: piece.seenAt ?? now })
const stillOpen = (contact, work) => work.some(piece => piece.contact === contact) ? contact : null
/** Of what is gone nothing stays in the page. */
const kept = (drafts, work) => Object.fromEntries(Object.entries(drafts).filter(([id]) => work.some(piece => piece.id === id)))
/** What was written while a contact was worked on goes on in the wrap-up that begins; that of another part of it is the server's. */
function moved(drafts, piece, before) {
  if (piece.state !== 'wrapUp' || before?.since === piece.since) return drafts
  const worked = `work-${piece.contact}`, own = before ? omit(drafts, piece.id) : drafts
  return worked in own ? { ...omit(own, worked), [piece.id]: own[piece.id] ?? own[worked] } : own
}

/** What is known of a contact: a later frame adds, and takes nothing away by leaving it out. */
function merged(known, frame) {
  const result = { ...known }
  for (const field of ['contact', 'caller', 'queue', 'waitSeconds', 'path', 'attributes']) {
    if (frame[field] !== undefined && frame[field] !== null) result[field] = frame[field]
  }
  return result
}

/** Notes belong to one contact: those of this tab if they are of this contact, else the server's. */
function withDraft(state) {
  const contact = (state.call ?? state.wrapUp)?.contact
  if (contact === undefined) return state
  if (state.draft.contact === contact) return state
  return { ...state, draft: { contact, notes: state.wrapUp?.notes ?? '', disposition: state.wrapUp?.disposition ?? null } }
}

function remember(state, call, now) {
  const at = new Date(now + state.clockOffset).toISOString()
  return { ...state, recent: [{ at, ...call }, ...state.recent.filter(one => one.contact !== call.contact)].slice(0, recentMax) }
}

function notice(state, one, now) {
  const id = state.noticeCount + 1
  const full = { id, at: now, until: one.sticky ? null : now + secondsAfterNotice * 1000, kind: 'info', params: {}, ...one }
  const others = state.notices.filter(other => other.key !== full.key)
  return { ...state, noticeCount: id, notices: [...others, full].slice(-noticesMax) }
}

function without(frame) {
  const { seq, type, ...rest } = frame
  return rest
}

function omit(map, key) {
  const { [key]: gone, ...rest } = map
  return rest
}
