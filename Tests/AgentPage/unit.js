// Tests of what the page computes: the reducer, the order of frames, texts and labels. They run in the browser that runs the
// page; the result is in #result, the first line "passed" or "failed".

import { onScale } from '/agent/audio.js'
import { choose, duration } from '/agent/i18n.js'
import { numberText, pathSteps, pieceText, qualityKind } from '/agent/labels.js'
import { Settings, keepDraft, keepDrafts, keptDraft, keptDrafts } from '/agent/settings.js'
import { Sequence, tabIdentity } from '/agent/signalling.js'
import { activity, audioStands, draftOf, initial, isAtWork, isLost, isPending, reduce, ringing, rings } from '/agent/state.js'

const now = Date.parse('2026-11-22T10:00:00Z')
const caller = { number: '+493012345678', name: 'Martin Kessler' }
const offer = { type: 'offer', seq: 2, offer: 9, contact: 4711, caller, queue: 'sales', waitSeconds: 47, path: ['main → sales'], attributes: { order: '20817' }, until: '2026-11-22T10:00:20Z', autoAnswer: false }
const call = { type: 'call', seq: 3, contact: 4711, caller, queue: 'sales', since: '2026-11-22T10:00:00Z', held: false, muted: false, recording: 'off', state: 'talking' }
const wrapUp = { type: 'wrapUp', seq: 4, contact: 4711, since: '2026-11-22T10:03:00Z', until: '2026-11-22T10:03:30Z', extended: false, disposition: null, notes: '' }
const chat = (more = {}) => ({
  type: 'work', seq: 5, id: 'work-4801', contact: 4801, kind: 'chat', channel: 'chat', caller: { name: 'Ines Brandt', number: null }, subject: 'The lid', queue: 'sales',
  waitSeconds: 3, attributes: {}, state: 'active', offer: null, since: '2026-11-22T10:00:00Z', until: null, extended: false, disposition: null, notes: '', ...more,
})
const newChat = (more = {}) => chat({ id: 'offer-95', state: 'ringing', offer: 95, since: null, until: '2026-11-22T10:00:20Z', ...more })
const snapshot = (more = {}) => ({
  type: 'snapshot', seq: 1, agent: { id: 'anna', name: 'Anna Berg' }, state: { presence: 'offline', reason: null, since: '2026-11-22T09:00:00Z', pending: null },
  reasons: ['break', { id: 'gym', label: 'Gym' }], transferTargets: { queues: ['sales'], agents: [{ id: 'ben', name: 'Ben' }] }, dispositions: { required: true, codes: [] },
  figures: { handledToday: 3 }, offer: null, call: null, wrapUp: null, serverTime: '2026-11-22T10:00:05Z', features: ['hold'], audio: { connected: false }, ...more,
})
const after = (...events) => events.reduce((state, event) => reduce(state, event, now), initial)
const desk = (...events) => after(snapshot({ state: { presence: 'available', reason: null, since: null, pending: null } }), ...events)

const tests = {
  'a first snapshot of an agent who is offline leads to the check'() {
    const state = after(snapshot())
    equal([state.phase, state.checking, activity(state)], ['desk', true, 'idle'])
    equal(state.clockOffset, 5000)
    equal(state.reasons, [{ id: 'break' }, { id: 'gym', label: 'Gym' }])
    equal(reduce(state, { type: 'page.check', on: false }, now).checking, false)
  },
  'who was at work before a reload is not asked about the loudspeaker'() {
    equal(after(snapshot({ call })).checking, false)
    equal(desk().checking, false)
  },
  'an offer interrupts the check, and its wait goes on growing'() {
    const state = after(snapshot(), offer)
    equal([activity(state), state.checking, state.offer.seenAt], ['offer', false, now])
    equal(state.contact, { contact: 4711, caller, queue: 'sales', waitSeconds: 47, path: ['main → sales'], attributes: { order: '20817' } })
  },
  'channels come with the state, and a state without them leaves them'() {
    const channels = [{ channel: 'voice', open: true }, { channel: 'chat', open: false }]
    equal(desk().channels, [])
    const state = after(snapshot({ state: { presence: 'available', reason: null, since: null, pending: null, channels } }))
    equal(state.channels, channels)
    equal(reduce(state, { type: 'state', presence: 'pause', reason: 'break' }, now).channels, channels)
    const opened = channels.map(one => ({ ...one, open: true }))
    equal(reduce(state, { type: 'state', presence: 'available', channels: opened }, now).channels, opened)
  },
  'the call ends its offer, and what the offer told stays known until the wrap-up is over'() {
    const talking = desk(offer, call)
    equal([activity(talking), talking.offer], ['call', null])
    equal(talking.contact.path, ['main → sales'])
    const after = reduce(reduce(talking, { type: 'call.ended', contact: 4711, by: 'caller' }, now + 60_000), wrapUp, now)
    equal([activity(after), after.call, after.contact.attributes.order], ['wrapUp', null, '20817'])
    equal(after.recent[0].talkSeconds, 65)
    equal(after.notices[0].key, 'call.ended.caller')
    equal(activity(reduce(after, { type: 'wrapUp.ended', contact: 4711 }, now)), 'idle')
  },
  'the end of another call or offer changes nothing'() {
    const talking = desk(offer, call)
    equal(reduce(talking, { type: 'call.ended', contact: 1, by: 'caller' }, now), talking)
    equal(reduce(talking, { type: 'wrapUp.ended', contact: 1 }, now), talking)
    const ringing = desk(offer)
    equal(reduce(ringing, { type: 'offer.ended', offer: 8, reason: 'missed' }, now), ringing)
  },
  'a missed call is told until somebody has read it; one that was declined is not told'() {
    const missed = desk(offer, { type: 'offer.ended', offer: 9, reason: 'missed' })
    equal([missed.notices[0].until, missed.recent[0].outcome, missed.contact], [null, 'missed', null])
    equal(reduce(missed, { type: 'page.second' }, now + 3_600_000).notices.length, 1)
    equal(reduce(missed, { type: 'page.dismiss', id: 1 }, now).notices, [])
    equal(desk(offer, { type: 'offer.ended', offer: 9, reason: 'declined' }).notices, [])
  },
  'a passing notice passes, and notices have a maximum'() {
    const one = { type: 'page.notice', notice: { key: 'a' } }
    equal(reduce(desk(one), { type: 'page.second' }, now + 8001).notices, [])
    equal(desk(one, one).notices.length, 1)
    equal(desk(...[...'abcdefgh'].map(key => ({ type: 'page.notice', notice: { key } }))).notices.map(one => one.key), ['e', 'f', 'g', 'h'])
  },
  'notes begun in the call are those of its wrap-up, and not those of the next call'() {
    const noted = desk(offer, call, { type: 'page.draft', notes: 'without lid' }, wrapUp)
    equal(noted.draft, { contact: 4711, notes: 'without lid', disposition: null })
    equal(reduce(noted, { ...call, contact: 4712 }, now).draft, { contact: 4712, notes: '', disposition: null })
    equal(reduce(noted, { type: 'wrapUp.ended', contact: 4711 }, now).draft.notes, '')
  },
  'after a reload the notes are those of the tab, else those of the server'() {
    const kept = { ...initial, draft: { contact: 4711, notes: 'here', disposition: 'order' } }
    const frame = snapshot({ wrapUp: { ...wrapUp, notes: 'there', disposition: 'other' } })
    equal(reduce(kept, frame, now).draft.notes, 'here')
    equal(reduce(initial, frame, now).draft, { contact: 4711, notes: 'there', disposition: 'other' })
  },
  'a command is pending until it is answered or the connection is lost'() {
    const sent = desk(call, { type: 'page.sent', id: 5, command: 'hold' })
    equal(isPending(sent, 'hold'), true)
    equal(isPending(reduce(sent, { type: 'done', id: 5 }, now), 'hold'), false)
    const refused = reduce(sent, { type: 'refused', id: 5, code: 'no_call', detail: 'There is no call.' }, now)
    equal([isPending(refused, 'hold'), refused.notices[0].key, refused.notices[0].text], [false, 'refused.no_call', 'There is no call.'])
    equal(reduce(sent, { type: 'refused', id: 77, code: 'x' }, now).notices, [])
    equal(reduce(sent, { type: 'page.linkDown' }, now).pending, {})
  },
  'lost since the first failure, however often it is tried; the call stays on the page'() {
    const lost = desk({ type: 'page.linkUp' }, call, { type: 'page.linkDown', retryAt: 1 })
    equal([isLost(lost), lost.link.lostAt, activity(lost)], [true, now, 'call'])
    equal(reduce(lost, { type: 'page.linkDown', retryAt: 2 }, now + 5000).link, { up: false, lostAt: now, retryAt: 2 })
    const back = reduce(lost, { type: 'page.linkUp' }, now)
    equal([isLost(back), isLost(reduce(back, { ...call, state: 'lost' }, now))], [false, true])
  },
  'offers come when the audio stands at both ends'() {
    const half = desk({ type: 'page.media', connection: 'connected' })
    equal([audioStands(half), audioStands(reduce(half, { type: 'audio', connected: true }, now))], [false, true])
    equal(desk({ type: 'audio', connected: true }, { type: 'media.closed', reason: 'x' }).audio.connected, false)
  },
  'another tab: asked, taken, lost'() {
    equal(after({ type: 'mustAsk', holder: { since: 'x' } }).holder, { since: 'x' })
    const gone = desk(call, { type: 'takenOver' })
    equal([gone.phase, gone.call, gone.agent.id], ['takenOver', null, 'anna'])
  },
  'a chat rings, is accepted and lies open; another one that comes does not push it aside'() {
    const rung = desk(newChat())
    equal([ringing(rung).length, rings(rung).contact, rung.open, isAtWork(rung), activity(rung)], [1, 4801, null, true, 'idle'])
    const active = reduce(reduce(rung, chat(), now), { type: 'work.ended', id: 'offer-95', contact: 4801, reason: 'accepted' }, now)
    equal([active.work.map(one => one.id), active.open, active.notices.length], [['work-4801'], 4801, 0])
    const second = reduce(active, newChat({ id: 'offer-96', contact: 4802 }), now)
    equal([second.open, second.work.length], [4801, 2])
    equal(reduce(second, { type: 'page.piece', contact: 4801 }, now).open, null)
    equal(rings(reduce(second, offer, now)).offer, 9)
  },
  'what was written on a piece is its own, stays into its wrap-up, and goes with it'() {
    const one = desk(chat(), chat({ id: 'work-4802', contact: 4802 }), { type: 'page.pieceDraft', piece: 'work-4801', change: { notes: 'sent a lid' } })
    equal([draftOf(one, one.work[0]).notes, draftOf(one, one.work[1]).notes], ['sent a lid', ''])
    const wrapping = reduce(reduce(one, chat({ id: 'wrap-up-4801', state: 'wrapUp', notes: '' }), now), { type: 'work.ended', id: 'work-4801', contact: 4801, reason: 'done' }, now)
    equal(draftOf(wrapping, wrapping.work.find(piece => piece.state === 'wrapUp')).notes, 'sent a lid')
    const over = reduce(wrapping, { type: 'work.ended', id: 'wrap-up-4801', contact: 4801, reason: 'finished' }, now)
    equal([over.drafts, over.open, over.work.length], [{}, 4802 === over.open ? 4802 : null, 1])
    equal(reduce(over, { type: 'page.pieceDraft', piece: 'work-4801', change: { notes: 'late' } }, now), over)
  },
  'two pieces of one contact have a draft each; the wrap-up of the second part begins with what was written on that'() {
    const both = desk(chat({ id: 'wrap-up-4801', state: 'wrapUp', since: 'a', notes: 'first' }), chat(), { type: 'page.pieceDraft', piece: 'work-4801', change: { notes: 'second' } })
    equal(both.work.map(piece => draftOf(both, piece).notes), ['first', 'second'])
    const next = reduce(both, chat({ id: 'wrap-up-4801', state: 'wrapUp', since: 'b', notes: '' }), now)
    equal(draftOf(next, next.work.find(piece => piece.state === 'wrapUp')).notes, 'second')
    equal(Object.keys(next.drafts), ['wrap-up-4801'])
  },
  'a missed chat is told until somebody has read it, and the end of an unknown piece changes nothing'() {
    const missed = desk(newChat(), { type: 'work.ended', id: 'offer-95', contact: 4801, reason: 'missed' })
    equal([missed.notices[0].key, missed.notices[0].until, missed.work], ['piece.ended.missed', null, []])
    equal(reduce(missed, { type: 'work.ended', id: 'work-1', contact: 1, reason: 'done' }, now), missed)
  },
  'a snapshot brings the pieces back; drafts of those that are gone are forgotten'() {
    const { type, seq, ...piece } = chat()
    const before = { ...initial, drafts: { 'work-4801': { notes: 'here', disposition: null }, 'work-7': { notes: 'gone', disposition: null } } }
    const state = reduce(before, snapshot({ work: [piece], capacity: { units: 20, unitsMax: 100, kinds: [] } }), now)
    equal([state.work.length, state.checking, state.capacity.units, Object.keys(state.drafts)], [1, false, 20, ['work-4801']])
    equal(desk().capacity, null)
  },
  'signing out leaves nothing of the caller on the page'() {
    const out = desk(offer, call, { type: 'page.draft', notes: 'private' }, { type: 'page.signedOut' })
    equal([out.contact, out.call, out.draft.notes, out.recent], [null, null, '', []])
    const left = desk(chat(), { type: 'page.pieceDraft', piece: 'work-4801', change: { notes: 'private' } }, { type: 'page.signedOut' })
    equal([left.work, left.drafts, left.open], [[], {}, null])
  },
  'quality counts in a call only'() {
    equal(desk({ type: 'quality', mos: 4 }).quality, null)
    equal(desk(call, { type: 'quality', mos: 4 }).quality, { mos: 4 })
  },
  'an unknown frame changes nothing'() { equal(reduce(initial, { type: 'weather', seq: 3 }, now), initial) },

  'frames: in order, once, and a gap is noticed'() {
    const sequence = new Sequence()
    equal(sequence.judge({ type: 'snapshot', seq: 10 }), 'take')
    equal(sequence.judge({ type: 'state', seq: 11 }), 'take')
    equal(sequence.judge({ type: 'state', seq: 11 }), 'again')
    equal(sequence.judge({ type: 'done' }), 'take')
    equal(sequence.judge({ type: 'state', seq: 13 }), 'gap')
    equal(sequence.last, 11)
    equal(sequence.judge({ type: 'snapshot', seq: 2 }), 'take')
    equal(sequence.judge({ type: 'state', seq: 3 }), 'take')
  },
  'the id of a tab survives its reload and is not copied to its double'() {
    const storage = memory(), target = new EventTarget()
    const first = tabIdentity(storage, target)
    equal(tabIdentity(storage, new EventTarget()) === first, false)
    target.dispatchEvent(new Event('pagehide'))
    equal(tabIdentity(storage, new EventTarget()), first)
  },
  'settings and drafts survive broken storage'() {
    const storage = memory()
    storage.setItem('switchboard.desk', '{broken')
    storage.setItem('switchboard.draft', '"text"')
    const settings = new Settings(storage)
    equal(settings.values.ringVolume, 0.6)
    settings.set('ringVolume', 0.2)
    equal(new Settings(storage).values.ringVolume, 0.2)
    equal(keptDraft(storage).notes, '')
    keepDraft({ contact: 1, notes: 'a', disposition: null }, storage)
    equal(keptDraft(storage), { contact: 1, notes: 'a', disposition: null })
    keepDraft({ contact: null }, storage)
    equal(keptDraft(storage).contact, null)
  },

  'durations'() { equal([0, 7.9, 754, 3723, -2].map(duration), ['0:00', '0:07', '12:34', '1:02:03', '0:00']) },
  'languages: exact, then by the first part, then the first'() {
    equal([choose(['en', 'de'], ['de-AT', 'en']), choose(['en', 'de'], ['fr', 'en-GB']), choose(['en', 'de'], ['fr'])], ['de', 'en', 'en'])
  },
  'numbers in groups, and left alone when they are not international'() {
    equal(['+493012345678', '+4420718387', '110', null, 'anonymous'].map(numberText), ['+49 301 234 5678', '+44 207 183 87', '110', null, 'anonymous'])
  },
  'paths'() { equal(pathSteps(['main → sales', 'night']), ['main', 'sales', 'night']) },
  'quality in words'() { equal([4.2, 3.3, 2, undefined].map(mos => qualityKind({ mos })), ['good', 'warn', 'bad', null]) },
  'loudness on a scale of decibels'() { equal([1, 0.001, 0, null].map(onScale), [1, 0, 0, null]) },
}

function memory() {
  const map = new Map()
  return { getItem: key => map.get(key) ?? null, setItem: (key, value) => map.set(key, value), removeItem: key => map.delete(key) }
}

function equal(found, expected) {
  const [one, other] = [found, expected].map(value => JSON.stringify(value))
  if (one !== other) throw new Error(`found ${one}, expected ${other}`)
}

const lines = Object.entries(tests).map(([name, test]) => {
  try {
    test()
    return `ok      ${name}`
  } catch (error) {
    return `FAILED  ${name}: ${error.message}`
  }
})
const failed = lines.some(line => line.startsWith('FAILED'))
document.getElementById('result').textContent = [failed ? 'failed' : `passed ${lines.length}`, ...lines].join('\n')
