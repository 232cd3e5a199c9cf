// The floor, live: one request a second to /v1/floor, and clocks that run in between.

const pollMilliseconds = 1000
const requestMillisecondsMax = 8000
const element = id => document.getElementById(id)

let floor = null
/** Server time minus ours, in milliseconds: the clocks of the page are the daemon's. */
let offset = 0
let timer = null
/** Counts up with each sign-in and sign-out: an answer to a question of before is nobody's any more. */
let turn = 0

// MARK: Talking to the daemon

async function request(method, path, body) {
  const abort = new AbortController()
  const limit = setTimeout(() => abort.abort(), requestMillisecondsMax)
  try {
    const response = await fetch(path, {
      method, signal: abort.signal, credentials: 'same-origin', cache: 'no-store',
      headers: { 'x-requested-with': 'switchboard', ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    })
    const isJSON = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, body: isJSON ? await response.json() : null }
  } finally {
    clearTimeout(limit)
  }
}

/** `problem` is shown if it turns out that nobody is signed in. */
async function poll(problem = '') {
  clearTimeout(timer)
  const asked = ++turn
  const answer = await request('GET', '/v1/floor').catch(() => null)
  if (asked !== turn) return
  if (answer?.status === 401) return showSignIn(problem)
  let next = pollMilliseconds
  if (!answer) {
    showHealth('bad', 'No connection to the daemon. Trying again.')
    next = 2 * pollMilliseconds
  } else if (answer.status === 200) {
    show(answer.body)
  } else {
    showHealth('bad', answer.body?.detail ?? `The daemon answered ${answer.status}.`)
    next = 5 * pollMilliseconds
  }
  timer = setTimeout(() => poll(), next)
}

/** A mistake of the page is not called a lost connection, and does not end the page. */
function show(body) {
  try {
    floor = body
    offset = Date.parse(floor.status.now) - Date.now()
    showFloor()
  } catch (error) {
    console.error(error)
    showHealth('bad', 'This page cannot show what the daemon answered. Load it again.')
  }
}

async function signIn(code) {
  const button = element('sign-in').querySelector('button')
  button.disabled = true
  try {
    const answer = await request('POST', '/v1/sessions', { code: code.trim() })
    if (answer.status === 200) {
      element('sign-in').hidden = true
      element('code').value = ''
      return poll()
    }
    // The link may have been opened twice: then the session of the first time still counts.
    return poll([answer.body?.detail, answer.body?.mend].filter(Boolean).join(' ') || 'This did not work.')
  } catch {
    showSignIn('No connection to the daemon.')
  } finally {
    button.disabled = false
  }
}

async function signOut() {
  clearTimeout(timer)
  const asked = ++turn
  const answer = await request('DELETE', '/v1/sessions').catch(() => null)
  if (asked !== turn) return
  // 401: the session had ended already.
  if (answer?.status === 204 || answer?.status === 401) return showSignIn()
  showHealth('bad', 'You are still signed in: the daemon did not take the sign-out. Try again.')
  timer = setTimeout(() => poll(), 5 * pollMilliseconds)
}

// MARK: What is shown

function showSignIn(problem = '') {
  clearTimeout(timer)
  turn += 1
  floor = null
  for (const id of ['floor', 'health', 'clock', 'sign-out']) element(id).hidden = true
  document.title = 'Switchboard'
  element('sign-in').hidden = false
  element('sign-in-problem').textContent = problem
  element('code').focus()
}

function showHealth(kind, text) {
  const health = element('health')
  health.hidden = false
  health.className = `health tag ${kind}`
  if (health.textContent !== text) health.textContent = text
}

function showFloor() {
  element('sign-in').hidden = true
  for (const id of ['floor', 'clock', 'sign-out']) element(id).hidden = false
  showStatus(floor.status)
  showTotals()
  fill('queues', floor.queues, queueRow, 'No queues are configured.')
  fill('agents', floor.agents, agentRow, 'No agents are configured.')
  fill('calls', floor.calls, callRow, 'No calls at present.')
  const level = floor.queues[0]?.serviceLevel
  if (level) element('formula').title = level.formula
  element('more-calls').hidden = floor.callsLeftOut === 0
  element('more-calls').textContent = `${floor.callsLeftOut} older calls are not shown.`
  tick()
}

function showStatus(status) {
  if (status.storage !== 'good') return showHealth('bad', `Storage: ${status.storage}`)
  if (status.admission !== 'open') return showHealth('bad', 'New calls take the fallback of their number')
  if (status.invariantViolations > 0) return showHealth('warn', `${status.invariantViolations} faults found by the self-check`)
  showHealth('good', 'All is well')
}

function showTotals() {
  const waiting = sum(floor.queues, queue => queue.waiting)
  const longest = Math.max(0, ...floor.queues.map(queue => queue.longestWaitSeconds))
  const talking = floor.agents.filter(agent => agent.work.some(work => work.kind === 'talking' || work.kind === 'held')).length
  const ready = floor.agents.filter(agent => agent.canBeOffered).length
  const totals = [
    ['Waiting', waiting, waiting > 0 && ready === 0 ? 'warn' : ''],
    ['Longest wait', duration(longest), longest >= 120 ? 'bad' : longest >= 30 ? 'warn' : ''],
    ['Calls', floor.calls.length + floor.callsLeftOut, ''],
    ['Agents talking', talking, ''],
    ['Agents ready', ready, ''],
    ['Answered', sum(floor.queues, queue => queue.figures.answered), ''],
    ['Abandoned', sum(floor.queues, queue => queue.figures.abandoned), ''],
  ]
  replace(element('totals'), totals.map(([label, value, kind]) =>
    make('li', { class: kind }, make('span', { class: 'value' }, String(value)), make('span', { class: 'label' }, label))))
  document.title = waiting > 0 ? `(${waiting}) Switchboard` : 'Switchboard'
}

function queueRow(queue) {
  const level = queue.serviceLevel
  const target = `within ${level.thresholdSeconds} s`
  const late = queue.longestWaitSeconds > level.thresholdSeconds
  return [
    header(queue.id),
    number(queue.waiting, queue.waiting === 0 ? 'dim' : ''),
    number(queue.waiting ? duration(queue.longestWaitSeconds) : '–', queue.waiting ? (late ? 'warn-text' : '') : 'dim'),
    number(queue.expectedWaitSeconds === null ? '–' : `about ${roughly(queue.expectedWaitSeconds)}`,
      queue.expectedWaitSeconds === null ? 'dim' : ''),
    number(level.value === null ? '–' : `${Math.round(level.value * 100)} % ${target}`,
      level.value === null ? 'dim' : level.value < 0.8 ? 'warn-text' : ''),
    number(queue.figures.answered), number(queue.figures.abandoned), number(queue.figures.diverted),
    number(queue.figures.averageSpeedOfAnswerSeconds === null ? '–' : duration(queue.figures.averageSpeedOfAnswerSeconds)),
    number(`${queue.membersReady} of ${queue.membersSignedIn}`, queue.membersReady === 0 && queue.waiting > 0 ? 'warn-text' : ''),
  ]
}

function agentRow(agent) {
  const { kind, text, since, until } = activity(agent)
  const registered = agent.devices.filter(device => device.isRegistered)
  const device = registered.length ? registered.map(device => device.id).join(', ') : 'not registered'
  const missing = registered.length === 0
  return [
    header(agent.id),
    cell('', make('span', { class: `tag ${kind}` }, text),
      agent.pending ? make('span', { class: 'dim' }, ` then ${word(agent.pending)}`) : ''),
    clock(since, until), number(agent.answered),
    cell(missing ? (agent.state === 'offline' ? 'dim' : 'warn-text') : '', device),
  ]
}

const refusals = { 'no-device': 'no device', removed: 'but no longer configured' }

function activity(agent) {
  // With whom the agent speaks says more than the mail that lies beside it.
  const work = agent.work.find(one => one.channel === 'voice') ?? agent.work[0]
  if (work) {
    const kinds = { ringing: ['warn', 'Ringing'], talking: ['busy', 'Talking'], held: ['busy', 'Talking, on hold'],
      active: ['busy', 'Working on'], 'wrap-up': ['busy', 'Wrap-up'] }
    const [kind, text] = kinds[work.kind] ?? ['busy', work.kind]
    return { kind, text: `${text} ${work.kind === 'wrap-up' ? 'of ' : ''}#${work.contact}`, since: work.since, until: work.until }
  }
  if (agent.state === 'available') {
    return agent.canBeOffered
      ? { kind: 'good', text: 'Ready', since: agent.idleSince > agent.since ? agent.idleSince : agent.since }
      : { kind: 'warn', text: `Available, ${refusals[agent.refusal] ?? 'but gets no calls'}`, since: agent.since }
  }
  const bad = agent.reason === 'not-responding'
  return { kind: bad ? 'bad' : agent.state === 'pause' ? 'warn' : '', text: word(agent), since: agent.since }
}

function word({ state, reason }) {
  if (reason === 'not-responding') return 'Not responding'
  return state === 'pause' ? `Pause: ${reason}` : state === 'offline' ? 'Offline' : 'Available'
}

const callStates = {
  menu: ['', 'In the menu'], queued: ['warn', 'Waiting'], parked: ['', 'To be called back'], offered: ['warn', 'Ringing at an agent'], dialling: ['', 'Dialling out'],
  talking: ['busy', 'Talking'], held: ['busy', 'On hold'], active: ['busy', 'In work'], lost: ['warn', 'Agent away'],
  voicemail: ['', 'Voicemail'], leaving: ['', 'Leaving'],
  ended: ['', 'Ended'],
}

function callRow(call) {
  const [kind, text] = callStates[call.state] ?? ['', call.state]
  const where = [call.queue, ['talking', 'held', 'active', 'lost'].includes(call.state) ? call.agent : null].filter(Boolean).join(' → ')
  return [
    header(`#${call.id}${call.kind === 'call' ? '' : ` ${call.kind}`}`, 'number'), cell('', make('span', { class: `tag ${kind}` }, text)), clock(call.arrivedAt),
    cell('', where || call.dialled), cell('wrap', happening(call.last)),
  ]
}

function happening(line) {
  if (!line) return ''
  const sentences = {
    'contact.created': () => line.workKind ? `Came in as ${line.workKind}` : `Dialled ${line.number} over ${line.trunk}`,
    'flow.visited': () => `Came to ${line.flow}: ${line.node}`,
    'flow.chose': () => `Pressed ${line.key} in ${line.node}`,
    'contact.noted': () => `${line.attribute} is ${line.value}`,
    'contact.enqueued': () => `Entered ${line.queue} at place ${line.position}`,
    'contact.announced': () => line.expectedWaitSeconds === undefined ? `Heard: place ${line.position}`
      : `Heard: place ${line.position}, about ${roughly(line.expectedWaitSeconds)}`,
    'contact.diverted': () => `Left ${line.queue}: ${line.cause}`,
    'contact.offered': () => `Offered to ${line.agent}`,
    'offer.missed': () => `${line.agent} missed the offer`,
    'offer.rejected': () => `${line.agent} declined the offer`,
    'offer.failed': () => `${line.agent} could not be reached`,
    'offer.not-made': () => `${line.agent} was not rung: the center is at a limit`,
    'offer.rescinded': () => `Offer to ${line.agent} taken back`,
    'contact.answered': () => `${line.agent} answered after ${duration(line.waitSeconds)}`,
    'contact.held': () => 'Put on hold', 'contact.resumed': () => 'Taken back from hold',
    'contact.dialled': () => `Dialling over ${line.trunk}`, 'contact.connected': () => 'Connected',
    'contact.not-connected': () => `Not connected: ${line.cause}`,
    'recording.started': () => 'Recording began', 'recording.stopped': () => 'Recording ended',
    'agent.left': () => `${line.agent} left`,
    'callback.requested': () => `Will be called back by ${line.queue}`,
    'callback.dialled': () => `Called back over ${line.trunk}, attempt ${line.attempt}`,
    'callback.answered': () => 'The customer answered', 'callback.reached': () => 'The customer speaks with an agent',
    'callback.reattached': () => 'The customer called by itself', 'callback.not-reached': () => 'The customer was not reached',
    'callback.expired': () => 'The callback came too late', 'callback.not-callable': () => 'The number may not be called',
    'callback.hung-up': () => 'The customer hung up before an agent came',
    'callback.cancelled': () => 'The callback was taken back', 'callback.diverted': () => 'The callback was given away',
    'contact.ended': () => `Ended: ${line.outcome}`, 'contact.abandoned': () => 'The caller hung up while waiting',
  }
  return sentences[line.kind]?.() ?? line.kind
}

// MARK: Clocks

function tick() {
  const now = Date.now() + offset
  element('clock').textContent = new Date(now).toLocaleTimeString('en-GB')
  for (const cell of document.querySelectorAll('[data-since], [data-until]')) {
    const text = cell.dataset.since
      ? duration(Math.max(0, (now - Date.parse(cell.dataset.since)) / 1000))
        + (cell.dataset.until ? ` (${left(cell.dataset.until, now)})` : '')
      : left(cell.dataset.until, now)
    if (cell.textContent !== text) cell.textContent = text
  }
}

function left(until, now) { return `${duration(Math.max(0, (Date.parse(until) - now) / 1000))} left` }

/** 0:07, 12:34, 1:02:03 */
function duration(seconds) {
  const whole = Math.floor(seconds), two = number => String(number).padStart(2, '0')
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

function roughly(seconds) { return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min` }

// MARK: Small pieces. Text goes in as text nodes only, so that nothing from outside is ever markup.

function make(name, attributes, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value) node.setAttribute(key, value)
  node.append(...children.filter(child => child !== ''))
  return node
}

const header = (text, kind = '') => make('th', { scope: 'row', class: kind }, text)
const cell = (kind, ...children) => make('td', { class: kind }, ...children)
const number = (value, kind = '') => make('td', { class: `number ${kind}`.trim() }, String(value))
const clock = (since, until) => make('td', { class: 'number', 'data-since': since, 'data-until': until })
const sum = (list, value) => list.reduce((total, one) => total + value(one), 0)

/** Leaves a row alone that has not changed, so that a selection or a reader's place survives. */
function fill(id, items, row, empty) {
  const body = element(id)
  const rows = items.length ? items.map(item => make('tr', {}, ...row(item)))
    : [make('tr', {}, make('td', { class: 'none', colspan: '12' }, empty))]
  replace(body, rows)
}

function replace(parent, nodes) {
  nodes.forEach((node, index) => {
    const old = parent.children[index]
    if (!old) parent.append(node)
    else if (old.source !== node.outerHTML) old.replaceWith(node)
    else return
    node.source = node.outerHTML
  })
  while (parent.children.length > nodes.length) parent.lastElementChild.remove()
}

// MARK: Start

element('sign-in').addEventListener('submit', event => {
  event.preventDefault()
  signIn(element('code').value)
})
element('sign-out').addEventListener('click', signOut)
setInterval(() => { if (floor) tick() }, 1000)
document.addEventListener('visibilitychange', () => { if (!document.hidden && floor) poll() })

function start() {
  const code = new URLSearchParams(location.hash.slice(1)).get('code')
  if (!code) return poll()
  // Out of the address bar and the history: it is spent now, and nobody needs to see it.
  history.replaceState(null, '', location.pathname)
  return signIn(code)
}

window.addEventListener('hashchange', () => { if (location.hash.startsWith('#code=')) start() })
start()
