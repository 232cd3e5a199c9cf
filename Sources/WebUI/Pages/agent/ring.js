// The ring, made here: two soft strokes and a pause, on its own device, so that it is heard beside a headset on the desk.

import { useDevice } from './audio.js'

const sampleRate = 24_000
const seconds = 3.2
/** A browser that doesn't allow sound leaves the promise open rather than refuse it. */
const allowedMilliseconds = 700

export class Ringer {
  constructor(settings) {
    this.settings = settings
    this.element = new Audio()
    this.source = null
  }

  /** False if the browser doesn't let the page sound, because nobody has touched it yet. */
  async start() {
    if (this.source) return true
    const context = this.prepare()
    this.source = play(context, this.gain, this.sound, true)
    return this.sounds(this.settings.values.ringDevice)
  }

  stop() {
    this.source?.stop()
    this.source = null
    this.element.pause()
  }

  /** One stroke: for the settings, where `device` and the volume are tried. */
  async once(device = this.settings.values.ringDevice) {
    if (this.source) return
    const context = this.prepare()
    const source = play(context, this.gain, this.sound, false)
    await this.sounds(device)
    setTimeout(() => { if (!this.source) this.element.pause(); source.disconnect() }, 1600)
  }

  /** What a key of the keypad sounds like to the one who presses it; the caller's side hears what the server sends. */
  key(digit) {
    const context = this.prepare()
    const rows = ['123A', '456B', '789C', '*0#D'], row = rows.findIndex(one => one.includes(digit))
    if (row < 0) return
    const end = context.currentTime + 0.12, volume = context.createGain()
    volume.gain.setValueAtTime(0.12, context.currentTime)
    volume.gain.setTargetAtTime(0, end - 0.02, 0.01)
    volume.connect(context.destination)
    for (const frequency of [[697, 770, 852, 941][row], [1209, 1336, 1477, 1633][rows[row].indexOf(digit)]]) {
      const tone = context.createOscillator()
      tone.frequency.value = frequency
      tone.connect(volume)
      tone.start()
      tone.stop(end)
    }
  }

  resume() { this.context?.resume().catch(() => null) }

  // MARK: Inside

  prepare() {
    if (!this.context) {
      this.context = new AudioContext()
      this.gain = this.context.createGain()
      const stream = this.context.createMediaStreamDestination()
      this.gain.connect(stream)
      // By an element, because not every browser lets an AudioContext choose its device.
      this.element.srcObject = stream.stream
      this.sound = ringSound(this.context)
    }
    this.gain.gain.value = this.settings.values.ringVolume
    this.context.resume().catch(() => null)
    return this.context
  }

  async sounds(device) {
    await useDevice(this.element, device)
    try {
      await Promise.race([Promise.all([this.element.play(), this.context.resume()]), new Promise(resolve => setTimeout(resolve, allowedMilliseconds))])
      return this.context.state === 'running'
    } catch {
      return false
    }
  }
}

function play(context, target, buffer, loop) {
  const source = context.createBufferSource()
  source.buffer = buffer
  source.loop = loop
  source.connect(target)
  source.start()
  return source
}

/** A loop of sound rather than notes on a timer: timers stand still in a tab in the background. */
function ringSound(context) {
  const buffer = context.createBuffer(1, sampleRate * seconds, sampleRate), samples = buffer.getChannelData(0)
  const strokes = [{ at: 0, pitch: 587.33 }, { at: 0.22, pitch: 783.99 }, { at: 0.62, pitch: 587.33 }, { at: 0.84, pitch: 783.99 }]
  for (const { at, pitch } of strokes) {
    const first = Math.round(at * sampleRate), length = Math.min(sampleRate, samples.length - first)
    for (let index = 0; index < length; index += 1) {
      const time = index / sampleRate, swell = Math.min(1, time / 0.008) * Math.exp(-time * 5)
      const angle = 2 * Math.PI * pitch * time
      samples[first + index] += swell * (0.42 * Math.sin(angle) + 0.14 * Math.sin(2 * angle) + 0.05 * Math.sin(3 * angle))
    }
  }
  return buffer
}
