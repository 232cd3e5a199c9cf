// What happened and needs no answer: a missed call, a caller who hung up, a command that was refused.

import { Part, fill, icon, make } from '../dom.js'
import { callerText, kindText, pieceText } from '../labels.js'

class Notices extends Part {
  build() {
    this.list = make('ul', { class: 'notices', 'aria-live': 'polite', 'aria-label': this.t('notices') })
    this.append(this.list)
  }

  update(state) {
    fill(this.list, state.notices, notices => notices.map(one => make('li', { class: `notice ${one.kind}` },
      icon(one.key.endsWith('.ended.missed') ? 'missed' : one.kind === 'info' ? 'bell' : 'warning'), make('p', {}, this.sentence(one)),
      make('button', { type: 'button', class: 'icon small', 'aria-label': this.t('close'), onclick: () => this.actions.dismiss(one.id) }, icon('close')))))
  }

  sentence(one) {
    const { texts } = this.desk, params = { ...one.params, time: texts.time(one.at) }
    if ('caller' in params) params.caller = callerText(texts, params.caller)
    if ('piece' in params) Object.assign(params, { kind: kindText(texts, params.piece), from: pieceText(texts, params.piece) })
    return texts.has(one.key) ? texts.text(one.key, params) : texts.text('refused.other', { detail: one.text ?? one.key })
  }
}

customElements.define('desk-notices', Notices)
