// Work that is no call: pieces side by side, each with its clock; one of them lies open.

import { Part, attribute, button, clock, fill, icon, make, redraw, write } from '../dom.js'
import { draftOf, has, isPending, ringing } from '../state.js'
import { duration } from '../i18n.js'
import { kindText, kindsText, numberText, pieceText } from '../labels.js'
import { pairs } from './customer.js'
import { dispositionField } from './dispositions.js'
import { notesField } from './notes.js'

/** More have no key of their own. */
const keysMax = 9

class Work extends Part {
  build() {
    const { t } = this
    this.rows = new Map()
    this.capacity = make('ul', { class: 'capacity', 'aria-label': t('piece.capacity') })
    this.none = make('p', { class: 'soft' }, t('piece.none'))
    this.list = make('ul', { class: 'pieces' })
    this.append(make('section', { class: 'card work', 'aria-labelledby': 'work-title' },
      make('div', { class: 'work-head' }, make('h2', { id: 'work-title', class: 'small' }, t('piece.title')), this.capacity), this.none, this.list))
  }

  update(state) {
    const { texts } = this.desk
    this.hidden = state.capacity === null && !state.work.length
    fill(this.capacity, [state.capacity, texts.tag], () => (state.capacity?.kinds ?? []).map(one => make('li', { class: `tag ${one.count >= one.most ? 'busy' : ''}` },
      this.t('piece.of', { kind: kindsText(texts, one), count: texts.number(one.count), most: texts.number(one.most) }))))
    this.none.hidden = state.work.length > 0
    this.showRows(state)
  }

  showRows(state) {
    const names = new Set()
    // What is new is not looked for.
    const pieces = [...ringing(state), ...state.work.filter(piece => piece.state !== 'ringing')], first = ringing(state).length
    pieces.forEach((piece, index) => {
      // From the offer to the wrap-up it is the same row, so that the focus stays.
      const name = names.has(String(piece.contact)) ? piece.id : String(piece.contact)
      names.add(name)
      let row = this.rows.get(name)
      if (!row) this.rows.set(name, row = new Row(this, name))
      if (this.list.children[index] !== row.node) this.list.insertBefore(row.node, this.list.children[index] ?? null)
      row.show(state, piece, index - first)
    })
    for (const [name, row] of this.rows) {
      if (names.has(name)) continue
      if (row.node.contains(document.activeElement)) document.getElementById('main').focus({ preventScroll: true })
      row.node.remove()
      this.rows.delete(name)
    }
  }

  /** The row with that number, from 0; what rings has none. */
  row(index) { return [...this.rows.values()].find(row => row.index === index) }
  /** What rings first. */
  get ringing() { return [...this.rows.values()].find(row => row.piece.state === 'ringing') }
  get open() { return [...this.rows.values()].find(row => row.isOpen) }
}

class Row {
  constructor(part, name) {
    const { t, actions } = part
    this.part = part
    this.badge = make('span', { class: 'badge small' }, icon('chat'))
    this.who = make('span', { class: 'who-line' })
    this.about = make('span', { class: 'soft about' })
    this.key = make('kbd', { 'aria-hidden': 'true' })
    this.opener = make('button', { type: 'button', class: 'piece-opener', 'aria-controls': `piece-${name}`, onclick: () => actions.openPiece(this.piece.contact) },
      this.badge, make('span', { class: 'lines' }, this.who, this.about), this.key)
    this.tag = make('span', { class: 'tag' })
    this.clock = make('time', { class: 'clock' })
    this.accept = button({ text: t('offer.accept'), icon: 'check', kind: 'primary slim', key: 'A', onclick: () => actions.acceptPiece(this.piece) })
    this.decline = button({ text: t('offer.decline'), icon: 'close', kind: 'slim', key: 'D', onclick: () => actions.declinePiece(this.piece) })
    this.transfer = button({ text: t('call.transfer'), icon: 'transfer', kind: 'slim', onclick: () => actions.openTransfer(this.piece.contact) })
    this.done = button({ text: t('piece.done'), icon: 'check', kind: 'slim', onclick: () => actions.completePiece(this.piece) })
    this.wrapUpAfter = button({ text: t('call.wrapUpAfter'), icon: 'clock', kind: 'slim', onclick: () => actions.wrapUpAfter(this.piece, `wrapUpAfter ${this.piece.contact}`) })
    this.acts = make('div', { class: 'row piece-acts' }, this.accept, this.decline, this.transfer, this.wrapUpAfter, this.done)
    this.facts = make('dl', { class: 'facts wide' })
    this.dispositions = dispositionField(part, { name: `disposition-${name}`, choose: disposition => actions.pieceDraft(this.piece, { disposition }) })
    this.notes = notesField(part, t('notes.during'), {
      id: `notes-${name}`, key: 'N', draft: state => draftOf(state, this.piece), written: notes => actions.pieceDraft(this.piece, { notes }),
    })
    this.finish = button({ text: t('wrapUp.complete'), icon: 'check', kind: 'primary', key: 'Ctrl ⏎', type: 'submit' })
    this.extend = button({ text: t('wrapUp.extend'), icon: 'clock', kind: 'quiet', onclick: () => actions.extendPiece(this.piece) })
    this.after = make('div', { class: 'row' }, this.finish, this.extend)
    this.body = make('form', { class: 'piece-body', id: `piece-${name}`, hidden: true, onsubmit: event => this.submit(event) }, this.facts, this.dispositions, this.notes, this.after)
    this.node = make('li', { class: 'piece' }, make('div', { class: 'piece-head' }, this.opener, this.tag, this.clock, this.acts), this.body)
  }

  show(state, piece, index) {
    const { part } = this, { t } = part, { texts } = part.desk
    this.piece = piece
    this.index = index
    const is = name => piece.state === name
    this.isOpen = state.open === piece.contact && !is('ringing')
    this.node.dataset.state = piece.state
    const kind = kindText(texts, piece), who = pieceText(texts, piece)
    redraw(this.badge, piece.channel)
    this.badge.className = `badge small ${is('ringing') ? 'warn bell' : is('lost') ? 'bad' : 'busy'}`
    write(this.who, who)
    write(this.about, [kind, piece.subject, piece.queue && t('offer.queue', { queue: piece.queue })].filter(Boolean).join(' · '))
    this.key.hidden = index >= keysMax || is('ringing')
    write(this.key, String(index + 1))
    attribute(this.opener, 'aria-expanded', is('ringing') ? null : String(this.isOpen))
    attribute(this.opener, 'aria-label', `${who}, ${kind}, ${t(`piece.state.${piece.state}`)}`)
    write(this.tag, t(`piece.state.${piece.state}`))
    this.tag.className = `tag ${{ ringing: 'warn', active: 'busy', lost: 'bad', wrapUp: 'busy' }[piece.state]}`
    clock(this.clock, piece.until ? { until: piece.until } : { since: piece.since })
    this.show_(this.accept, is('ringing'), isPending(state, `accept ${piece.offer}`), state)
    this.show_(this.decline, is('ringing') && has(state, 'decline'), isPending(state, `decline ${piece.offer}`), state)
    this.show_(this.transfer, is('active') && has(state, 'transfer'), isPending(state, `transfer ${piece.contact}`), state)
    this.show_(this.wrapUpAfter, is('active') && typeof piece.wrapUpAfter === 'boolean', isPending(state, `wrapUpAfter ${piece.contact}`), state)
    attribute(this.wrapUpAfter, 'aria-pressed', String(Boolean(piece.wrapUpAfter)))
    redraw(this.wrapUpAfter, piece.wrapUpAfter ? 'check' : 'clock')
    this.show_(this.done, is('active'), isPending(state, `complete ${piece.contact}`), state)
    this.body.hidden = !this.isOpen
    if (this.isOpen) this.showBody(state, piece)
  }

  show_(node, shown, waiting, state) {
    node.hidden = !shown
    attribute(node, 'aria-busy', waiting && 'true')
    node.disabled = waiting || !state.link.up
  }

  showBody(state, piece) {
    const { part } = this, { t } = part, { texts } = part.desk
    const attributes = Object.entries(piece.attributes ?? {})
    const number = piece.caller?.name ? numberText(piece.caller.number) : null
    fill(this.facts, [piece.contact, piece.queue, piece.waitSeconds, piece.subject, piece.externalId, number, attributes, texts.tag], () => pairs([
      [t('piece.subject'), piece.subject], [t('piece.customer'), number], [t('piece.reference'), piece.externalId],
      [t('customer.waited'), duration(piece.waitSeconds ?? 0)], [t('customer.contact'), `#${piece.contact}`], ...attributes,
    ]))
    const wrapsUp = piece.state === 'wrapUp'
    this.dispositions.show(wrapsUp ? state.dispositions : { required: false, codes: [] }, piece.contact, draftOf(state, piece).disposition)
    this.notes.show(state)
    this.after.hidden = !wrapsUp
    this.show_(this.finish, true, isPending(state, `finish ${piece.contact}`), state)
    this.show_(this.extend, has(state, 'extend') && !piece.extended && Boolean(piece.until), isPending(state, `extend ${piece.contact}`), state)
  }

  submit(event) {
    event?.preventDefault()
    if (this.piece.state !== 'wrapUp') return
    if (this.dispositions.isMissing(draftOf(this.part.desk.state, this.piece).disposition)) return
    this.part.actions.finishPiece(this.piece)
  }
}

customElements.define('desk-work', Work)
