// The agent's voice and the caller's: one RTCPeerConnection for each sign-in, kept between calls, so that nothing has to be
// set up when a call comes and the server knows that the headset works.

const restartMilliseconds = 1500
const connectMillisecondsMax = 8000
const againMilliseconds = [500, 1500, 3000, 5000]

export class Voice {
  /** `send(sdp)` → id of the frame or null; `changed({microphone?, connection?, label?})`. */
  constructor({ settings, send, changed }) {
    Object.assign(this, { settings, send, changed })
    this.element = new Audio()
    this.element.autoplay = true
    this.stream = null
    this.peer = null
    this.offerId = null
    this.attempt = 0
    this.wanted = false
    this.isMuted = false
    this.meters = {}
    navigator.mediaDevices?.addEventListener('devicechange', () => this.devicesChanged())
    // Allowed after all, in the address bar: no reload needed where the browser tells.
    navigator.permissions?.query({ name: 'microphone' })
      .then(permission => { permission.onchange = () => this.devicesChanged() }).catch(() => null)
  }

  // MARK: Microphone

  constraints() {
    const { microphone, processing } = this.settings.values
    return {
      audio: {
        // A headset that was unplugged is no reason to be without a microphone: wanted, not demanded.
        ...(microphone ? { deviceId: { ideal: microphone } } : {}),
        echoCancellation: processing, noiseSuppression: processing, autoGainControl: processing, channelCount: { ideal: 1 },
      },
    }
  }

  /** True if there is a microphone. */
  async microphone() {
    if (this.stream?.getAudioTracks()[0]?.readyState === 'live') return true
    if (!navigator.mediaDevices) return this.noMicrophone('insecure')
    this.changed({ microphone: 'asking' })
    try {
      this.adopt(await navigator.mediaDevices.getUserMedia(this.constraints()))
      return true
    } catch (error) {
      const causes = { NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'missing', NotReadableError: 'taken' }
      return this.noMicrophone(causes[error.name] ?? 'missing')
    }
  }

  noMicrophone(cause) {
    this.changed({ microphone: cause })
    return false
  }

  adopt(stream) {
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = stream
    const [track] = stream.getAudioTracks()
    track.enabled = !this.isMuted
    // The headset was pulled: with the next best one the call goes on.
    track.onended = () => this.change()
    this.meters.microphone = this.meter(stream)
    this.changed({ microphone: 'ready', label: track.label })
  }

  /** Another microphone, or other treatment of the same, in the middle of a call. */
  async change() {
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
    if (!await this.microphone()) return
    const sender = this.peer?.getSenders()[0]
    if (sender) await sender.replaceTrack(this.stream.getAudioTracks()[0])
    else if (this.wanted) await this.open()
  }

  async devicesChanged() {
    this.changed({})
    if (this.wanted && this.stream?.getAudioTracks()[0]?.readyState !== 'live') await this.change()
  }

  mute(on) {
    this.isMuted = on
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !on
  }

  // MARK: Loudspeaker

  async output() {
    const { speaker, speakerVolume } = this.settings.values
    this.element.volume = speakerVolume
    await useDevice(this.element, speaker)
  }

  /** With a gesture of the agent behind it, what the browser would not play by itself plays. */
  async resume() {
    await this.context?.resume().catch(() => null)
    if (this.element.srcObject && this.element.paused) await this.element.play().catch(() => null)
  }

  // MARK: Connection

  /** A new connection in place of the old one. */
  async open() {
    this.wanted = true
    clearTimeout(this.againTimer)
    if (!await this.microphone()) return
    // Signed out while the browser was asking.
    if (!this.wanted) return this.close()
    this.dropPeer()
    const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: [] })
    this.peer = peer
    this.since = performance.now()
    peer.ontrack = event => this.heard(event)
    peer.onconnectionstatechange = () => { if (this.peer === peer) this.connectionChanged() }
    peer.addTransceiver(this.stream.getAudioTracks()[0], { direction: 'sendrecv', streams: [this.stream] })
    this.changed({ connection: 'connecting' })
    clearTimeout(this.connectTimer)
    this.connectTimer = setTimeout(() => {
      if (this.peer === peer && peer.connectionState !== 'connected') this.again()
    }, connectMillisecondsMax)
    await this.offer()
  }

  close() {
    this.wanted = false
    for (const timer of [this.againTimer, this.connectTimer, this.restartTimer]) clearTimeout(timer)
    this.dropPeer()
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
    this.isMuted = false
    this.changed({ microphone: 'none', connection: 'none' })
  }

  /** The offer goes out without waiting for candidates: the server never needs those of a browser (ICE-lite). */
  async offer(options = {}) {
    const peer = this.peer
    try {
      await peer.setLocalDescription(await peer.createOffer(options))
      if (this.peer !== peer) return
      this.offerId = this.send(peer.localDescription.sdp)
      if (this.offerId === null) this.again()
    } catch {
      if (this.peer === peer) this.again()
    }
  }

  async answer(frame) {
    // Of an offer that has been replaced meanwhile.
    if (frame.id !== this.offerId || this.peer?.signalingState !== 'have-local-offer') return
    const peer = this.peer
    try {
      await peer.setRemoteDescription({ type: 'answer', sdp: frame.sdp })
    } catch {
      if (this.peer === peer) this.again()
    }
  }

  refused(id) { if (id === this.offerId) this.again() }

  /** A new address of this computer, the same keys: the call goes on. */
  restart() {
    if (!this.peer || this.peer.signalingState !== 'stable') return this.again()
    this.changed({ connection: 'connecting' })
    clearTimeout(this.connectTimer)
    const peer = this.peer
    this.connectTimer = setTimeout(() => {
      if (this.peer === peer && peer.connectionState !== 'connected') this.again()
    }, connectMillisecondsMax)
    this.offer({ iceRestart: true })
  }

  connectionChanged() {
    clearTimeout(this.restartTimer)
    switch (this.peer.connectionState) {
    case 'connected':
      this.attempt = 0
      this.setupMilliseconds ??= Math.round(performance.now() - this.since)
      clearTimeout(this.connectTimer)
      return this.changed({ connection: 'connected' })
    case 'disconnected':
      this.restartTimer = setTimeout(() => this.restart(), restartMilliseconds)
      return this.changed({ connection: 'connecting' })
    case 'failed': return this.again()
    }
  }

  /** Later, and later still: the server may be away for a while. */
  again() {
    clearTimeout(this.againTimer)
    if (!this.wanted) return
    this.changed({ connection: 'lost' })
    this.againTimer = setTimeout(() => this.open(), againMilliseconds[Math.min(this.attempt++, againMilliseconds.length - 1)])
  }

  dropPeer() {
    const peer = this.peer
    this.peer = null
    this.offerId = null
    this.setupMilliseconds = undefined
    if (!peer) return
    peer.onconnectionstatechange = null
    peer.ontrack = null
    peer.close()
  }

  async heard(event) {
    const stream = event.streams[0] ?? new MediaStream([event.track])
    this.element.srcObject = stream
    this.meters.caller = this.meter(stream)
    await this.output()
    await this.element.play().catch(() => this.changed({ silent: true }))
  }

  // MARK: Levels and figures

  /** Reads the level of a stream, or says null where the browser has no running AudioContext (Firefox without a device). */
  meter(stream) {
    try {
      this.context ??= new AudioContext({ latencyHint: 'interactive' })
      this.context.resume().catch(() => null)
      const source = this.context.createMediaStreamSource(stream), analyser = this.context.createAnalyser()
      analyser.fftSize = 1024
      source.connect(analyser)
      const samples = new Float32Array(analyser.fftSize)
      // `source` is held, or it would be collected and fall silent.
      return Object.assign(() => {
        if (this.context.state !== 'running') return null
        analyser.getFloatTimeDomainData(samples)
        return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
      }, { source })
    } catch {
      return null
    }
  }

  /** Loudness 0 … 1 on a scale of decibels, -60 … 0, of both sides; null if unknown. */
  async levels() {
    let microphone = this.meters.microphone?.() ?? null
    let caller = this.meters.caller?.() ?? null
    if ((microphone === null || caller === null) && this.peer) {
      for (const one of (await this.peer.getStats()).values()) {
        if (one.type === 'media-source') microphone ??= one.audioLevel ?? null
        if (one.type === 'inbound-rtp') caller ??= one.audioLevel ?? null
      }
    }
    return { microphone: onScale(microphone), caller: onScale(caller) }
  }

  /** For the check: what the checks of ICE, which go on between calls, say about the network. */
  async network() {
    const result = { roundTripMs: null, lossPercent: null, setupMs: this.setupMilliseconds ?? null }
    if (!this.peer) return result
    for (const one of (await this.peer.getStats()).values()) {
      if (one.type !== 'candidate-pair' || !one.nominated) continue
      if (one.currentRoundTripTime !== undefined) result.roundTripMs = one.currentRoundTripTime * 1000
      // The newest request may still be on its way.
      const sent = (one.requestsSent ?? 0) - 1
      if (sent > 0) result.lossPercent = Math.max(0, 100 * (1 - (one.responsesReceived ?? 0) / sent))
    }
    return result
  }
}

export function onScale(level) {
  if (level === null) return null
  return Math.min(1, Math.max(0, 1 + Math.log10(Math.max(level, 1e-6)) / 3))
}

/** Microphones and loudspeakers, each { id, label }; empty where the browser doesn't tell. */
export async function devices() {
  const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? []
  const of = kind => all.filter(one => one.kind === kind && one.deviceId !== '' && one.deviceId !== 'default' && one.deviceId !== 'communications')
    .map(one => ({ id: one.deviceId, label: one.label }))
  return { microphones: of('audioinput'), speakers: of('audiooutput'), canChoose: 'setSinkId' in HTMLMediaElement.prototype }
}

/** A device that is gone gives way to the default one: a ring somewhere is better than none. */
export async function useDevice(element, id) {
  if (!element.setSinkId) return
  await element.setSinkId(id).catch(() => id ? element.setSinkId('').catch(() => null) : null)
}
