// Notes when things happen first while the page comes up, in milliseconds of performance.now(). Runs before the page's own scripts.
(() => {
  const stamps = window.stamps = {}
  const note = (name, at = performance.now()) => { stamps[name] ??= at }
  // A blank page has no storage.
  try {
    const left = sessionStorage.getItem('test.left')
    if (left) note('left', Number(left) - performance.timeOrigin)
    addEventListener('pagehide', () => sessionStorage.setItem('test.left', performance.timeOrigin + performance.now()))
  } catch {}

  window.WebSocket = class extends WebSocket {
    constructor(...parameters) {
      super(...parameters)
      note('connecting')
      this.addEventListener('open', () => note('open'))
      this.addEventListener('message', ({ data }) => note(JSON.parse(data).type))
    }

    send(data) {
      note(JSON.parse(data).type)
      super.send(data)
    }
  }

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...parameters) {
      super(...parameters)
      note('peer')
      this.addEventListener('connectionstatechange', () => note(`peer ${this.connectionState}`))
      listen(this)
    }
  }

  // `heard`: the first packet of the other side has left the jitter buffer. `loud`: its sound was measured, which browsers do ten
  // times a second.
  function listen(peer) {
    const timer = setInterval(async () => {
      if (peer.connectionState === 'closed' || stamps.loud) return clearInterval(timer)
      if (peer.getReceivers().some(receiver => receiver.getSynchronizationSources().length)) note('heard')
      if (stamps.heard && [...(await peer.getStats()).values()].some(one => one.type === 'inbound-rtp' && one.totalAudioEnergy > 0)) note('loud')
    }, 10)
  }
})()
