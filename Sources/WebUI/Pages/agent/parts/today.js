// The agent's own figures of today.

import { Part, fill, make } from '../dom.js'
import { duration } from '../i18n.js'

class Today extends Part {
  build() {
    this.list = make('dl', { class: 'figures' })
    this.section = make('section', { class: 'card', 'aria-labelledby': 'today-title' }, make('h2', { id: 'today-title', class: 'small' }, this.t('today.title')), this.list)
    this.append(this.section)
  }

  update(state) {
    const { t } = this, { figures } = state
    this.hidden = !figures
    fill(this.list, figures ?? {}, () => [
      ['handled', this.desk.texts.number(figures?.handledToday ?? 0)],
      ['talk', duration(figures?.talkSecondsToday ?? 0)],
      ['average', figures?.averageHandleSeconds ? duration(figures.averageHandleSeconds) : '–'],
      ['missed', this.desk.texts.number(figures?.missedToday ?? 0)],
    ].map(([name, value]) => make('div', { class: name === 'missed' && figures?.missedToday ? 'warn' : null },
      make('dt', {}, t(`today.${name}`)), make('dd', {}, value))))
  }
}

customElements.define('desk-today', Today)
