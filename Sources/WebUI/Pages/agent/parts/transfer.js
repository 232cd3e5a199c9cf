// Who gets the caller: a queue or a colleague, found by typing.

import { DialogPart, fill, icon, make, write } from '../dom.js'

class Transfer extends DialogPart {
  build() {
    const { t } = this
    this.search = make('input', { type: 'search', id: 'transfer-search', autocomplete: 'off', placeholder: t('transfer.search'), 'aria-label': t('transfer.search'), oninput: () => this.update(this.desk.state) })
    this.queues = make('ul', { class: 'targets', 'aria-labelledby': 'transfer-queues' })
    this.agents = make('ul', { class: 'targets', 'aria-labelledby': 'transfer-agents' })
    this.none = make('p', { class: 'soft' }, t('transfer.none'))
    this.frame(t('transfer.title'), this.lead = make('p', { class: 'soft lead' }, t('transfer.lead')), this.search,
      make('div', { class: 'scroll' },
        this.queuesBox = make('div', {}, make('h3', { id: 'transfer-queues' }, t('transfer.queues')), this.queues),
        this.agentsBox = make('div', {}, make('h3', { id: 'transfer-agents' }, t('transfer.agents')), this.agents), this.none))
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
    this.queuesBox.hidden = !queues.length
    this.agentsBox.hidden = !agents.length
    this.none.hidden = Boolean(queues.length + agents.length)
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
    if (this.desk.state.isConsult) return this.actions.consult(target.agent)
    this.actions.transfer(target)
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
