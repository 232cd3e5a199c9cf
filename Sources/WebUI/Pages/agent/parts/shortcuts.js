// All keys, in one window.

import { DialogPart, make } from '../dom.js'

const groups = {
  always: ['P', ',', '?', 'Esc'], offer: ['A', 'D', '1 – 9'], call: ['M', 'H', 'K', 'T', 'R', 'W', 'C', 'S', 'G', 'J', 'B', 'L', 'N', '⇧ E'], wrapUp: ['N', 'Ctrl ⏎', 'W'], piece: ['A', 'D', '1 – 9', 'N', 'Ctrl ⏎'], idle: ['A'],
}

class Shortcuts extends DialogPart {
  build() {
    const { t } = this
    this.frame(t('shortcuts.title'), make('p', { class: 'soft lead' }, t('shortcuts.lead')), make('div', { class: 'scroll shortcuts' },
      ...Object.entries(groups).map(([name, keys]) => make('section', {}, make('h3', {}, t(`shortcuts.${name}`)),
        make('dl', { class: 'facts' }, ...keys.map(key => make('div', {}, make('dt', {}, make('kbd', {}, key)), make('dd', {}, t(`shortcuts.${name}.${key.replaceAll(' ', '')}`)))))))))
  }
}

customElements.define('desk-shortcuts', Shortcuts)
