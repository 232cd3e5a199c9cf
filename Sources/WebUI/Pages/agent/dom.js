// Small pieces for the parts. Text goes in as text nodes only, so that nothing from outside is ever markup.

/** `on…` are listeners; false, null and undefined leave an attribute out; true sets it empty. */
export function make(name, properties = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value)
    else attribute(node, key, value)
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false))
  return node
}

export function attribute(node, key, value) {
  if (value === false || value === null || value === undefined) node.removeAttribute(key)
  else if (node.getAttribute(key) !== String(value === true ? '' : value)) node.setAttribute(key, value === true ? '' : value)
}

export function write(node, text) { if (node.textContent !== text) node.textContent = text }

/** Builds the children anew only if what they show has changed, so that the focus and a reader's place survive. */
export function fill(node, value, children) {
  const shown = JSON.stringify(value)
  if (node.shown === shown) return
  node.shown = shown
  node.replaceChildren(...children(value).filter(Boolean))
}

/**
 * One part of the page. `build()` makes its nodes once (and again in another language), `update(state)` brings them up to
 * date. `desk` is what all parts share: { texts, settings, actions, voice, ringer, state }.
 */
export class Part extends HTMLElement {
  static desk = null

  get desk() { return Part.desk }
  get t() { return Part.desk.t }
  get actions() { return Part.desk.actions }

  show(state) {
    if (!this.isBuilt) {
      this.replaceChildren()
      this.build()
      this.isBuilt = true
    }
    this.update(state)
  }

  build() {}
  update() {}
}

/** A part in a window of its own over the page; `isWanted` closes it when its reason is gone. */
export class DialogPart extends Part {
  frame(title, ...children) {
    const { t } = this
    this.title_ = make('h2', { id: `${this.localName}-title` }, title)
    this.dialog = make('dialog', { 'aria-labelledby': this.title_.id, onclick: event => this.outside(event) },
      make('div', { class: 'dialog' },
        make('header', {}, this.title_,
          make('button', { type: 'button', class: 'icon', 'aria-label': t('close'), onclick: () => this.close() }, icon('close'))),
        ...children))
    this.dialog.addEventListener('close', () => this.closed())
    this.replaceChildren(this.dialog)
  }

  open() {
    this.show(this.desk.state)
    if (!this.dialog.open) this.dialog.showModal()
    this.opened()
  }

  close() { if (this.dialog?.open) this.dialog.close() }
  get isOpen() { return Boolean(this.dialog?.open) }
  opened() {}
  closed() {}
  outside(event) { if (event.target === this.dialog) this.close() }
}

/** A button of icon, text and the key that does the same. */
export function button({ text, icon: name, kind = '', key, title, onclick, type = 'button' }) {
  const caption = make('span', { class: 'caption' }, text ?? '')
  const node = make('button', { type, class: kind, title, 'aria-keyshortcuts': key && ariaKey(key), onclick },
    name ? icon(name) : null, caption, key ? make('kbd', { 'aria-hidden': 'true' }, key) : null)
  node.caption = caption
  return node
}

const ariaKey = key => key.replace('⇧', 'Shift+').replace('Ctrl ⏎', 'Control+Enter').replace('⏎', 'Enter')

/** Clocks count by themselves: see `tick`. */
export function clock(node, { since = null, until = null } = {}) {
  attribute(node, 'data-since', since)
  attribute(node, 'data-until', until)
}

const drawings = {
  phone: 'M5 4h4l2 5-2.6 1.6a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  hangUp: 'M3.5 15.5v-2.2C3.5 10.500 8 9 12 9s8.500 1.500 8.500 4.300v2.200a.9.9 0 0 1-1.100.9l-3.400-.8a.9.9 0 0 1-.7-.9v-1.600a13 13 0 0 0-6.600 0v1.600a.9.9 0 0 1-.7.9l-3.400.8a.9.9 0 0 1-1.100-.9z',
  microphone: 'M12 3.500a2.800 2.800 0 0 1 2.800 2.800v5.400a2.800 2.800 0 0 1-5.600 0V6.300A2.800 2.800 0 0 1 12 3.500zM6 11.500a6 6 0 0 0 12 0M12 17.500v3M8.500 20.500h7',
  muted: 'M9.200 9v2.700a2.800 2.800 0 0 0 4.700 2M14.800 10.500V6.300a2.800 2.800 0 0 0-5.500-.700M6 11.500a6 6 0 0 0 9.800 4.600M18 11.500a6 6 0 0 1-.6 2.600M12 17.500v3M8.500 20.500h7M4 4l16 16',
  pause: 'M8.500 5.500v13M15.500 5.500v13', play: 'M8 5.500v13l10.500-6.500z',
  keypad: 'M6 5.500h.01M12 5.500h.01M18 5.500h.01M6 11.500h.01M12 11.500h.01M18 11.500h.01M6 17.500h.01M12 17.500h.01M18 17.500h.01',
  transfer: 'M4 8h13M13.500 4.500 17 8l-3.500 3.500M20 16H7M10.500 12.500 7 16l3.500 3.500',
  record: 'M12 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM12 9.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.800a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400zM9 14.800a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400z',
  signOut: 'M14 4.500H6.500a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1H14M11 12h9M16.500 8.500 20 12l-3.500 3.500',
  check: 'M5 12.500l4.500 4.500L19 7.500', close: 'M6 6l12 12M18 6L6 18', warning: 'M12 4.500l8.500 15h-17zM12 10v4M12 16.800v.2',
  speaker: 'M5 9.500h3.500L13 5.500v13l-4.500-4H5zM16 9a4.200 4.200 0 0 1 0 6M18.500 6.500a8 8 0 0 1 0 11',
  network: 'M5 18.500v-3M10 18.500v-6M15 18.500v-9M20 18.500v-13', bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4',
  down: 'M7 10l5 5 5-5', clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.500l3 2', keyboard: 'M3.500 7h17v10h-17zM7 10.500h.01M10.500 10.500h.01M14 10.500h.01M17 10.500h.01M8.500 14h7',
  headset: 'M5 15v-3a7 7 0 0 1 14 0v3M5 13.500h2.500v5H6a1 1 0 0 1-1-1zM19 13.500h-2.500v5H18a1 1 0 0 0 1-1zM18 18.500c0 1.500-2 2.500-5 2.500', coffee: 'M5 9h11v6a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10.500h1.500a2.500 2.500 0 0 1 0 5H16M8.500 3.500v2.500M12.500 3.500v2.500',
  chat: 'M4.500 5h15v11H11l-4.500 3.500V16h-2z', message: 'M7.500 3.500h9a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1zM11 17.500h2',
  email: 'M4 6h16v12H4zM4 7l8 6 8-6', ticket: 'M4 7h16v3.200a1.800 1.800 0 0 0 0 3.600V17H4v-3.200a1.800 1.800 0 0 0 0-3.600zM14.500 7v10',
  missed: 'M18 6L7 17M7 8.500V17h8.500', person: 'M12 4.500a3.700 3.700 0 1 1 0 7.400 3.700 3.700 0 0 1 0-7.400zM4.500 20a7.500 7.500 0 0 1 15 0',
  people: 'M9 5a3.300 3.300 0 1 1 0 6.600A3.300 3.300 0 0 1 9 5zM3 19a6 6 0 0 1 12 0M15.500 5.300a3.300 3.300 0 0 1 0 6M17 13.500a6 6 0 0 1 4 5.500',
}

export function icon(name) {
  const namespace = 'http://www.w3.org/2000/svg'
  const drawing = document.createElementNS(namespace, 'svg'), path = document.createElementNS(namespace, 'path')
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false', class: `drawing drawing-${name}` })) {
    drawing.setAttribute(key, value)
  }
  path.setAttribute('d', drawings[name])
  drawing.append(path)
  return drawing
}

/** Another drawing in the same place. */
export function redraw(node, name) {
  const drawing = node.querySelector('svg')
  if (drawing.classList.contains(`drawing-${name}`)) return
  drawing.setAttribute('class', `drawing drawing-${name}`)
  drawing.firstElementChild.setAttribute('d', drawings[name])
}
