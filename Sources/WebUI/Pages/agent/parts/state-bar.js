// The bar at the top: the agent's state with its clock, a switch for each channel, what comes after the call, whether the audio stands.

import { Part, attribute, button, clock, fill, icon, make, redraw, write } from '../dom.js'
import { activity, audioStands, ringing } from '../state.js'
import { presenceKind, presenceText } from '../labels.js'

/** What was begun is finished before another state takes effect. */
const hasBegun = state => state.work.some(piece => piece.state === 'active' || piece.state === 'lost')

class StateBar extends Part {
  connectedCallback() {
    document.addEventListener('pointerdown', event => { if (this.menu && !this.menu.hidden && !this.contains(event.target)) this.toggle(false) })
  }

  build() {
    const { t } = this
    this.dot = make('span', { class: 'dot', 'aria-hidden': 'true' })
    this.word = make('span', { class: 'word' })
    this.clock = make('time', { class: 'clock' })
    this.opener = make('button', {
      type: 'button', class: 'presence', id: 'presence', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-controls': 'presence-menu',
      'aria-keyshortcuts': 'P', onclick: () => this.toggle(), onkeydown: event => this.openerKey(event),
    }, this.dot, this.word, this.clock, icon('down'), make('kbd', { 'aria-hidden': 'true' }, 'P'))
    this.menu = make('div', { id: 'presence-menu', class: 'menu', role: 'menu', 'aria-label': t('presence.menu'), hidden: true, onkeydown: event => this.menuKey(event) })
    this.channels = make('div', { id: 'channels', class: 'channels', role: 'group', 'aria-label': t('channels.title'), hidden: true })
    this.pending = make('span', { class: 'tag warn pending' })
    this.undo = button({ icon: 'close', kind: 'icon small', title: t('presence.undo'), onclick: () => this.actions.presence('available') })
    this.undo.setAttribute('aria-label', t('presence.undo'))
    this.pendingRow = make('span', { class: 'pending-row', hidden: true }, this.pending, this.undo)
    this.work = make('span', { class: 'tag busy', hidden: true })
    this.ringing = make('span', { class: 'tag warn', hidden: true })
    this.line = make('button', { type: 'button', class: 'line', onclick: () => this.actions.check() }, icon('headset'), make('span'))
    this.who = make('span', { class: 'who' })
    const iconButton = (name, text, onclick, key) => make('button', { type: 'button', class: 'icon', 'aria-label': text, title: key ? `${text} (${key})` : text, 'aria-keyshortcuts': key, onclick }, icon(name))
    this.append(make('header', { class: 'bar' },
      make('div', { class: 'brand' }, make('img', { src: '/icon.svg', alt: '', width: '28', height: '28' }), make('h1', {}, 'Switchboard')),
      make('div', { class: 'presence-box' }, this.opener, this.menu), this.channels, this.work, this.ringing, this.pendingRow,
      make('div', { class: 'tools' }, this.line, this.who,
        iconButton('keyboard', t('shortcuts.title'), () => this.actions.open('shortcuts'), '?'),
        iconButton('settings', t('settings.title'), () => this.actions.open('settings'), ','),
        iconButton('signOut', t('signOut'), () => this.actions.signOut()))))
  }

  update(state) {
    const { texts } = this.desk, { presence, reasons } = state, doing = activity(state)
    write(this.word, presenceText(texts, reasons, presence))
    this.dot.className = `dot ${presenceKind(presence)}`
    clock(this.clock, { since: presence.since })
    this.pendingRow.hidden = !presence.pending
    if (presence.pending) write(this.pending, this.t('presence.then', { presence: presenceText(texts, reasons, presence.pending) }))
    this.work.hidden = doing === 'idle'
    if (doing !== 'idle') write(this.work, this.t(doing === 'call' && state.call.held ? 'work.held' : `work.${doing}`))
    this.work.className = `tag ${doing === 'offer' ? 'warn' : 'busy'}`
    const new_ = ringing(state).length
    this.ringing.hidden = new_ === 0
    if (new_) write(this.ringing, this.t('piece.new', { count: new_ }))
    write(this.who, state.agent?.name ?? '')
    this.showChannels(state)
    this.showLine(state)
    fill(this.menu, [doing !== 'idle' && doing !== 'offer', hasBegun(state), reasons, presence, texts.tag], () => this.items(state, doing))
  }

  /** With one channel alone there is nothing to choose: who closed it would be on a break. One that is closed can be opened. */
  showChannels({ channels }) {
    const { texts } = this.desk, shown = channels.length > 1 || channels.some(one => !one.open) ? channels : []
    this.channels.hidden = shown.length === 0
    fill(this.channels, [shown.map(one => one.channel), texts.tag], ([names]) => names.map(name => make('button', {
      type: 'button', role: 'switch', 'data-channel': name, onclick: event => this.actions.channel(name, event.currentTarget.getAttribute('aria-checked') !== 'true'),
    }, make('span', { class: 'knob', 'aria-hidden': 'true' }), texts.text(`channel.${name}`))))
    // In place, so that whoever sits on a switch stays there.
    for (const { channel, open } of shown) {
      const one = this.channels.querySelector(`[data-channel="${channel}"]`)
      attribute(one, 'aria-checked', String(open))
      attribute(one, 'title', this.t(open ? 'channels.open' : 'channels.closed'))
    }
  }

  showLine(state) {
    const { microphone, connection } = state.media
    const [kind, key] = ['denied', 'missing', 'taken', 'insecure'].includes(microphone) ? ['bad', 'line.noMicrophone']
      : microphone === 'asking' ? ['warn', 'line.asking']
        : !state.link.up ? ['bad', 'line.noLink']
          : audioStands(state) ? ['good', 'line.ready']
            : connection === 'lost' ? ['bad', 'line.lost'] : ['warn', 'line.connecting']
    this.line.className = `line ${kind}`
    redraw(this.line, kind === 'good' ? 'headset' : 'warning')
    write(this.line.lastElementChild, this.t(key))
    this.line.disabled = state.call !== null || state.offer !== null
  }

  // MARK: The menu

  items(state, doing) {
    const { texts } = this.desk, { presence, reasons } = state
    const later = doing === 'call' || doing === 'wrapUp' ? 'presence.afterCall' : hasBegun(state) ? 'presence.afterWork' : null
    const current = presence.pending ?? presence
    const item = (target, kind) => make('button', {
      type: 'button', role: 'menuitemradio', tabindex: '-1',
      'aria-checked': String(current.presence === target.presence && (current.reason ?? null) === (target.reason ?? null)),
      onclick: () => { this.toggle(false); this.actions.presence(target.presence, target.reason ?? null) },
    }, make('span', { class: `dot ${kind}`, 'aria-hidden': 'true' }), make('span', {}, presenceText(texts, reasons, target)), icon('check'))
    return [
      later && make('p', { class: 'menu-title' }, this.t(later)),
      item({ presence: 'available' }, 'good'),
      ...reasons.map(reason => item({ presence: 'pause', reason: reason.id }, 'warn')),
      make('hr'), item({ presence: 'offline' }, 'idle'),
    ]
  }

  toggle(on = this.menu.hidden) {
    this.menu.hidden = !on
    attribute(this.opener, 'aria-expanded', String(on))
    if (on) (this.menu.querySelector('[aria-checked=true]') ?? this.menu.querySelector('button')).focus()
    else if (this.menu.contains(document.activeElement)) this.opener.focus()
  }

  openerKey(event) {
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    this.toggle(true)
  }

  menuKey(event) {
    const items = [...this.menu.querySelectorAll('button')], at = items.indexOf(document.activeElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (next !== undefined) {
      event.preventDefault()
      items.at(next % items.length).focus()
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      this.opener.focus()
      this.toggle(false)
    } else if (event.key === 'Tab') {
      this.toggle(false)
    }
  }
}

customElements.define('desk-state-bar', StateBar)
