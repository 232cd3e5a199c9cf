// A level meter: a bar that the ear understands, and a value for those who don't see it.

import { Part, make } from '../dom.js'

const refreshMilliseconds = 80, calmMilliseconds = 250, unseenMilliseconds = 600, spokenEvery = 12
const calm = matchMedia('(prefers-reduced-motion: reduce)')
const shown = new Set()
let timer = null

/** One reading for all meters of the page, and none while nobody looks. */
async function read() {
  timer = null
  if (!shown.size) return
  const seen = document.hidden ? [] : [...shown].filter(meter => meter.checkVisibility())
  if (seen.length) {
    const levels = await Part.desk.voice.levels()
    for (const meter of seen) meter.level(levels[meter.getAttribute('side')])
  }
  timer ??= setTimeout(read, !seen.length ? unseenMilliseconds : calm.matches ? calmMilliseconds : refreshMilliseconds)
}

class Meter extends HTMLElement {
  connectedCallback() {
    this.bar ??= make('span', { class: 'bar' })
    if (!this.bar.parentNode) this.append(this.bar)
    this.setAttribute('role', 'meter')
    this.setAttribute('aria-valuemin', '0')
    this.setAttribute('aria-valuemax', '100')
    this.setAttribute('aria-valuenow', '0')
    this.value = 0
    this.count = 0
    shown.add(this)
    timer ??= setTimeout(read, 0)
  }

  disconnectedCallback() { shown.delete(this) }

  level(level) {
    // Up at once, down slowly: a voice is a row of short peaks.
    this.value = Math.max(level ?? 0, this.value * 0.82)
    this.bar.style.transform = `scaleX(${(1 - this.value).toFixed(3)})`
    if (this.count++ % spokenEvery === 0) this.setAttribute('aria-valuenow', String(Math.round(this.value * 100)))
  }
}

/** `side`: microphone or caller. */
export function meter(side, label) {
  return make('desk-meter', { side, 'aria-label': label })
}

customElements.define('desk-meter', Meter)
