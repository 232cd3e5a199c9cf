// The desk is at one tab at a time: asked before it is taken, and said when it has gone.

import { Part, button, make, write } from '../dom.js'

class TakenOver extends Part {
  build() {
    const { t } = this
    this.title_ = make('h1', {})
    this.lead = make('p', { class: 'soft' })
    this.here = button({ text: t('takenOver.here'), kind: 'primary', onclick: () => this.actions.takeOver() })
    this.append(make('section', { class: 'card' }, make('img', { src: '/icon.svg', alt: '', width: '44', height: '44' }), this.title_, this.lead,
      make('div', { class: 'row' }, this.here, button({ text: t('signOut'), kind: 'quiet', onclick: () => this.actions.signOut() }))))
  }

  update(state) {
    const asking = state.phase === 'asking', { t } = this
    write(this.title_, t(asking ? 'takenOver.askTitle' : 'takenOver.title'))
    const since = state.holder?.since
    write(this.lead, asking ? t('takenOver.ask', { since: since ? this.desk.texts.time(since) : '' }) : t('takenOver.lead'))
    if (!this.hidden && this.wasHidden !== false) this.here.focus()
    this.wasHidden = this.hidden
  }
}

customElements.define('desk-taken-over', TakenOver)
