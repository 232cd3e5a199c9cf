// A call that rings: who, from where, how long already, and how long still.

import { Part, attribute, button, clock, fill, icon, make, write } from '../dom.js'
import { has, isPending } from '../state.js'
import { callerText, pathSteps } from '../labels.js'

class Offer extends Part {
  build() {
    const { t } = this
    this.heading = make('h2', { class: 'state' })
    this.queue = make('p', { class: 'soft' })
    this.wait = make('time', { class: 'clock' })
    this.path = make('ol', { class: 'path', 'aria-label': t('customer.path') })
    this.left = make('time', { class: 'clock' })
    this.bar = make('span', { class: 'bar' })
    this.accept = button({ text: t('offer.accept'), icon: 'phone', kind: 'primary go', key: 'A', onclick: () => this.actions.accept() })
    this.decline = button({ text: t('offer.decline'), icon: 'close', kind: 'quiet', key: 'D', onclick: () => this.ask() })
    this.decline.setAttribute('aria-expanded', 'false')
    this.reasons = make('div', { class: 'reasons', role: 'group', 'aria-label': t('offer.why'), hidden: true })
    this.automatic = make('p', { class: 'soft' }, t('offer.automatic'))
    this.append(make('section', { class: 'card ringing', 'aria-label': t('offer.title') },
      make('div', { class: 'now' }, make('span', { class: 'badge warn bell' }, icon('phone')),
        make('div', {}, make('p', { class: 'eyebrow' }, t('offer.title')), this.heading, this.queue)),
      make('dl', { class: 'facts wide' },
        make('div', {}, make('dt', {}, t('offer.wait')), make('dd', {}, this.wait)),
        this.pathRow = make('div', {}, make('dt', {}, t('customer.path')), make('dd', {}, this.path))),
      make('div', { class: 'row' }, this.accept, this.decline, this.automatic), this.reasons,
      make('div', { class: 'left' }, make('span', { class: 'track', 'aria-hidden': 'true' }, this.bar), make('span', { class: 'soft' }, t('offer.left'), ' ', this.left))))
  }

  update(state) {
    const { t } = this, { texts } = this.desk, { offer } = state
    if (!offer) return
    write(this.heading, callerText(texts, offer.caller))
    write(this.queue, offer.joins ? t(`company.offer.${offer.joins}`) : t('offer.queue', { queue: offer.queue }))
    clock(this.wait, { since: new Date(offer.seenAt + state.clockOffset - (offer.waitSeconds ?? 0) * 1000).toISOString() })
    this.pathRow.hidden = !offer.path?.length
    fill(this.path, offer.path ?? [], path => pathSteps(path).map(step => make('li', {}, step)))
    clock(this.left, { until: offer.until })
    const seconds = Math.max(1, (Date.parse(offer.until) - offer.seenAt - state.clockOffset) / 1000)
    attribute(this.bar, 'data-part-until', offer.until)
    attribute(this.bar, 'data-part-seconds', seconds.toFixed(1))
    const accepting = isPending(state, 'accept'), declining = isPending(state, 'decline')
    const automatic = offer.autoAnswer && this.desk.settings.values.autoAnswer
    write(this.accept.caption, t(accepting ? 'offer.accepting' : 'offer.accept'))
    attribute(this.accept, 'aria-busy', accepting && 'true')
    this.accept.disabled = accepting || declining || !state.link.up
    this.decline.hidden = !has(state, 'decline')
    this.decline.disabled = accepting || declining || !state.link.up
    this.automatic.hidden = !automatic
    fill(this.reasons, [state.declineReasons, texts.tag], () => state.declineReasons.map((reason, index) => button({
      text: reason.label ?? t(`decline.${reason.code}`), kind: 'quiet', key: index < 9 ? String(index + 1) : undefined, onclick: () => this.actions.decline(reason.code),
    })))
    if (this.shownOffer !== offer.offer) {
      this.shownOffer = offer.offer
      this.ask(false)
    }
  }

  /** Why, in one more press: a number does it. */
  ask(on = this.reasons.hidden) {
    this.reasons.hidden = !on
    attribute(this.decline, 'aria-expanded', String(on))
    if (on) this.reasons.querySelector('button')?.focus()
  }
}

customElements.define('desk-offer', Offer)
