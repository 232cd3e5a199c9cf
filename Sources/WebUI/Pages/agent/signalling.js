// The WebSocket to the desk: frames in order and none missed, a new connection when the old one is dead.

const backOffMilliseconds = [250, 500, 1000, 2000, 3500, 5000]
const answerMillisecondsMax = 10_000
const openMillisecondsMax = 8000
const tabKey = 'switchboard.tab'

/** Whether a frame is to be taken, from its number: pure, for the tests. */
export class Sequence {
  last = null

  /** take, again (seen before: drop it) or gap (something is missing: ask for it). */
  judge(frame) {
    if (frame.seq === undefined) return 'take'
    if (frame.type === 'snapshot' || this.last === null) this.last = frame.seq
    else if (frame.seq <= this.last) return 'again'
    else if (frame.seq > this.last + 1) return 'gap'
    else this.last = frame.seq
    return 'take'
  }
}

/**
 * The id of this tab survives its reload. It lies in the storage only between two loads, so that a duplicated tab, which
 * gets a copy of the storage, does not get the id.
 */
export function tabIdentity(storage = sessionStorage, target = window) {
  const kept = storage.getItem(tabKey)
  storage.removeItem(tabKey)
  const tab = kept ?? Array.from(crypto.getRandomValues(new Uint8Array(8)), byte => byte.toString(16).padStart(2, '0')).join('')
  target.addEventListener('pagehide', () => storage.setItem(tabKey, tab))
  // Out of the back-forward cache the page lives on.
  target.addEventListener('pageshow', () => storage.removeItem(tabKey))
  return tab
}

export class Signalling {
  /** `frame(frame)`, `up()`, `down(retryAt)`, `closed(code)`: what happens, for the page. */
  constructor({ tab, frame, up, down, closed }) {
    Object.assign(this, { tab, onframe: frame, onup: up, ondown: down, onclosed: closed })
    this.sequence = new Sequence()
    this.socket = null
    this.attempt = 0
    this.nextId = Date.now()
    this.unanswered = new Map()
    this.wanted = false
    window.addEventListener('online', () => this.retry())
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.retry() })
  }

  open() {
    this.wanted = true
    this.attempt = 0
    this.connect()
  }

  close() {
    this.wanted = false
    clearTimeout(this.timer)
    this.drop()
    this.sequence = new Sequence()
  }

  /** At once, if a connection is waited for. */
  retry() {
    if (!this.wanted || this.socket) return
    this.attempt = 0
    this.connect()
  }

  /** The id of the frame, or null if there is no connection. */
  send(type, fields = {}) {
    if (this.socket?.readyState !== WebSocket.OPEN) return null
    const id = this.nextId++
    this.socket.send(JSON.stringify({ id, type, ...fields }))
    this.unanswered.set(id, performance.now())
    return id
  }

  /** Round trip of a frame and its answer, in milliseconds. */
  ping() {
    return new Promise(resolve => {
      const id = this.send('ping')
      if (id === null) return resolve(null)
      this.pings ??= new Map()
      this.pings.set(id, resolve)
      setTimeout(() => { if (this.pings.delete(id)) resolve(null) }, answerMillisecondsMax)
    })
  }

  /** From the worker's timer: still there? A dead network does not close a socket. */
  beat() {
    // In the background the timer of the back-off may be late by a minute.
    if (!this.socket) return this.wanted && Date.now() > this.retryAt ? this.connect() : undefined
    this.send('alive', { visible: !document.hidden })
    const oldest = Math.min(...this.unanswered.values())
    if (performance.now() - oldest > answerMillisecondsMax) this.lost()
  }

  // MARK: Inside

  connect() {
    clearTimeout(this.timer)
    const query = new URLSearchParams({ tab: this.tab })
    if (this.sequence.last !== null) query.set('after', this.sequence.last)
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/desk?${query}`)
    this.socket = socket
    this.unanswered.clear()
    const limit = setTimeout(() => { if (this.socket === socket) this.lost() }, openMillisecondsMax)
    socket.onopen = () => {
      clearTimeout(limit)
      if (this.socket !== socket) return
      this.attempt = 0
      this.onup()
    }
    socket.onmessage = event => { if (this.socket === socket) this.receive(event.data) }
    socket.onclose = event => {
      clearTimeout(limit)
      if (this.socket !== socket) return
      this.lost(event.code)
    }
  }

  receive(data) {
    let frame
    try { frame = JSON.parse(data) } catch { return }
    switch (this.sequence.judge(frame)) {
    case 'again': return
    case 'gap': return this.lost()
    case 'take':
      if (frame.type === 'done' || frame.type === 'refused') this.settle(frame.id)
      this.onframe(frame)
    }
  }

  settle(id) {
    const sent = this.unanswered.get(id)
    this.unanswered.delete(id)
    const resolve = this.pings?.get(id)
    if (!resolve) return
    this.pings.delete(id)
    resolve(performance.now() - sent)
  }

  lost(code = 1006) {
    this.drop()
    if (!this.wanted) return
    if (code === 4001 || code === 4002) {
      this.wanted = false
      return this.onclosed(code)
    }
    const base = backOffMilliseconds[Math.min(this.attempt, backOffMilliseconds.length - 1)]
    // Not all desks at once after a restart.
    const wait = base * (0.75 + Math.random() / 2)
    this.attempt += 1
    this.timer = setTimeout(() => { if (this.wanted) this.connect() }, wait)
    this.retryAt = Date.now() + wait
    this.ondown(this.retryAt)
    this.onclosed(code)
  }

  drop() {
    const socket = this.socket
    this.socket = null
    this.unanswered.clear()
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close(1000)
  }
}
