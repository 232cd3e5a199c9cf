// Who it is: what is known of the caller, from the offer to the end of the wrap-up. The place for the customer's history.

import { Part, fill, make, write } from '../dom.js'
import { callerText, numberText, pathSteps } from '../labels.js'
import { duration } from '../i18n.js'

class Customer extends Part {
  build() {
    const { t } = this
    this.heading = make('h2', { class: 'name', id: 'customer-name' })
    this.number = make('p', { class: 'number' })
    this.facts = make('dl', { class: 'facts' })
    this.path = make('ol', { class: 'path', 'aria-label': t('customer.path') })
    this.pathRow = make('div', {}, make('h3', {}, t('customer.path')), this.path)
    this.attributes_ = make('dl', { class: 'facts' })
    this.attributesRow = make('div', {}, make('h3', {}, t('customer.attributes')), this.attributes_)
    this.append(make('section', { class: 'card', 'aria-labelledby': 'customer-name' },
      make('div', { class: 'heading' }, this.heading, this.number), this.facts, this.pathRow, this.attributesRow))
  }

  update(state) {
    const { t } = this, { texts } = this.desk, contact = state.contact
    if (!contact) return
    write(this.heading, callerText(texts, contact.caller))
    const number = contact.caller?.name ? numberText(contact.caller.number) ?? t('caller.noNumber') : ''
    write(this.number, number)
    this.number.hidden = !number
    // While it rings, the wait still grows, and is shown where one looks.
    const waited = state.offer || contact.waitSeconds === undefined ? null : duration(contact.waitSeconds)
    fill(this.facts, [contact.queue, waited, contact.contact, texts.tag], () => pairs([
      [t('customer.queue'), contact.queue], [t('customer.waited'), waited], [t('customer.contact'), `#${contact.contact}`],
    ]))
    this.pathRow.hidden = !contact.path?.length
    fill(this.path, contact.path ?? [], path => pathSteps(path).map(step => make('li', {}, step)))
    const attributes = Object.entries(contact.attributes ?? {})
    this.attributesRow.hidden = !attributes.length
    fill(this.attributes_, attributes, () => pairs(attributes))
  }
}

export function pairs(list) {
  return list.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, String(value))))
}

customElements.define('desk-customer', Customer)
