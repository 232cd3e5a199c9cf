// The last calls at this desk, between calls.

import { Part, fill, icon, make } from '../dom.js'
import { activity } from '../state.js'
import { callerText } from '../labels.js'
import { duration } from '../i18n.js'

class Recent extends Part {
  build() {
    const { t } = this
    this.rows = make('tbody')
    this.section = make('section', { class: 'card recent', 'aria-labelledby': 'recent-title' },
      make('h2', { id: 'recent-title', class: 'small' }, t('recent.title')),
      make('div', { class: 'table', tabindex: '0', role: 'region', 'aria-labelledby': 'recent-title' }, make('table', {},
        make('thead', {}, make('tr', {}, ...['time', 'caller', 'queue', 'talk'].map(name => make('th', { scope: 'col', class: name === 'talk' && 'right' }, t(`recent.${name}`))))),
        this.rows)))
    this.append(this.section)
  }

  update(state) {
    const { texts } = this.desk
    this.hidden = activity(state) !== 'idle' || !state.recent.length
    fill(this.rows, [state.recent, texts.tag], () => state.recent.map(one => make('tr', {},
      make('td', {}, texts.time(one.at)), make('th', { scope: 'row' }, callerText(texts, one.caller)), make('td', {}, one.queue ?? '–'),
      make('td', { class: 'right' }, one.outcome === 'missed' ? make('span', { class: 'tag warn' }, icon('missed'), this.t('recent.missed')) : duration(one.talkSeconds ?? 0)))))
  }
}

customElements.define('desk-recent', Recent)
