// Who gets the caller, or is asked: a queue, a colleague or a flow, found by typing, or a number outside, typed.

import { DialogPart, attribute, fill, icon, make, write } from '../dom.js'
import { numberText } from '../labels.js'

const digitsMin = 7
/** What was typed, if it can be a number; which ones may be called is the house's affair. */
function typedNumber(text) {
  const bare = text.replace(/[\s().\/-]/g, '')
  return /^\+?\d+$/.test(bare) && bare.replace('+', '').length >= digitsMin ? bare : null
}

class Transfer extends DialogPart {
  build() {
    const { t } = this
    this.search = make('input', { type: 'search', id: 'transfer-search', autocomplete: 'off', placeholder: t('transfer.search'), 'aria-label': t('transfer.search'), oninput: () => this.update(this.desk.state) })
    this.queues = make('ul', { class: 'targets', 'aria-labelledby': 'transfer-queues' })
    this.agents = make('ul', { class: 'targets', 'aria-labelledby': 'transfer-agents' })
    this.flows = make('ul', { class: 'targets', 'aria-labelledby': 'transfer-flows' })
    this.numberList = make('ul', { class: 'targets', 'aria-labelledby': 'transfer-outside' })
    this.none = make('p', { class: 'soft' }, t('transfer.none'))
    this.frame(t('transfer.title'), this.lead = make('p', { class: 'soft lead' }, t('transfer.lead')), this.search,
      make('div', { class: 'scroll' },
        this.numberBox = make('div', {}, make('h3', { id: 'transfer-outside' }, t('company.outside')), this.numberList),
        this.queuesBox = make('div', {}, make('h3', { id: 'transfer-queues' }, t('transfer.queues')), this.queues),
        this.agentsBox = make('div', {}, make('h3', { id: 'transfer-agents' }, t('transfer.agents')), this.agents),
        this.flowsBox = make('div', {}, make('h3', { id: 'transfer-flows' }, t('transfer.flows')), this.flows), this.none))
    this.search.addEventListener('keydown', event => this.enter(event))
    this.dialog.addEventListener('keydown', event => this.arrows(event))
  }

  update(state) {
    const piece = state.transferOf === null ? null : state.work.find(one => one.contact === state.transferOf && one.state === 'active')
    if (!piece && (state.transferOf !== null || !state.call)) return this.close()
    const kind = piece ? 'piece' : state.isConsult ? 'consult' : null
    write(this.title_, this.t(kind ? `transfer.${kind}Title` : 'transfer.title'))
    write(this.lead, this.t(kind ? `transfer.${kind}Lead` : 'transfer.lead'))
    const takes = one => !one.kinds || one.kinds.includes(piece?.kind ?? 'call')
    const wanted = this.search.value.trim().toLocaleLowerCase()
    const found = list => list.filter(one => `${one.id} ${one.name ?? ''}`.toLocaleLowerCase().includes(wanted))
    const queues = state.isConsult ? [] : found(state.transferTargets.queues).filter(takes), agents = found(state.transferTargets.agents).filter(one => one.id !== state.agent?.id)
    const flows = piece || state.isConsult ? [] : found(state.transferTargets.flows)
    this.number = piece || !state.transferTargets.outside ? null : typedNumber(this.search.value)
    const hint = this.t(!piece && state.transferTargets.outside ? 'transfer.searchOrNumber' : 'transfer.search')
    attribute(this.search, 'placeholder', hint)
    attribute(this.search, 'aria-label', hint)
    this.queuesBox.hidden = !queues.length
    this.agentsBox.hidden = !agents.length
    this.flowsBox.hidden = !flows.length
    this.numberBox.hidden = this.number === null
    this.none.hidden = Boolean(queues.length + agents.length + flows.length) || this.number !== null
    fill(this.numberList, [this.number, this.desk.texts.tag], () => this.number === null ? []
      : [this.target('phone', { id: this.number, name: this.t('transfer.call', { number: numberText(this.number) }) }, { number: this.number }, null)])
    fill(this.flows, [flows, this.desk.texts.tag], () => flows.map(one => this.target('transfer', one, { flow: one.id }, null)))
    fill(this.queues, [queues, this.desk.texts.tag], () => queues.map(one => this.target('people', one, { queue: one.id },
      one.waiting === undefined ? null : make('span', { class: 'soft' }, this.t('transfer.waiting', { count: one.waiting })))))
    fill(this.agents, [agents, this.desk.texts.tag], () => agents.map(one => this.target('person', one, { agent: one.id },
      one.state ? make('span', { class: `tag ${{ available: 'good', busy: 'busy', pause: 'warn' }[one.state] ?? ''}` }, this.t(`transfer.state.${one.state}`)) : null)))
  }

  target(drawing, one, target, detail) {
    return make('li', {}, make('button', { type: 'button', onclick: () => this.choose(target) }, icon(drawing), make('span', { class: 'name' }, one.name ?? one.id), detail))
  }

  opened() {
    this.search.value = ''
    this.update(this.desk.state)
    this.search.focus()
  }

  choose(target) {
    this.close()
    if (this.desk.state.isConsult) return this.actions.consult(target)
    this.actions.transfer(target)
  }

  /** Who has typed a number wants it called. */
  enter(event) {
    if (event.key !== 'Enter' || this.number === null) return
    event.preventDefault()
    this.choose({ number: this.number })
  }

  arrows(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const items = [this.search, ...this.dialog.querySelectorAll('.targets button')].filter(one => one.checkVisibility())
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus()
  }
}

customElements.define('desk-transfer', Transfer)
