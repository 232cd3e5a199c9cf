// Keys for the voice menu of the other side.

import { DialogPart, make, write } from '../dom.js'

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const letters = { 2: 'ABC', 3: 'DEF', 4: 'GHI', 5: 'JKL', 6: 'MNO', 7: 'PQRS', 8: 'TUV', 9: 'WXYZ' }

class Keypad extends DialogPart {
  build() {
    const { t } = this
    this.sent = make('output', { class: 'sent', 'aria-label': t('keypad.sent') })
    this.keys = new Map(keys.map(digit => [digit, make('button', {
      type: 'button', class: 'key', 'aria-label': { '*': t('keypad.star'), '#': t('keypad.hash') }[digit] ?? digit, onclick: () => this.press(digit),
    }, digit, make('small', { 'aria-hidden': 'true' }, letters[digit] ?? ''))]))
    this.frame(t('keypad.title'), this.sent, make('div', { class: 'keypad' }, ...this.keys.values()), make('p', { class: 'soft' }, t('keypad.hint')))
    this.dialog.classList.add('narrow')
    this.dialog.addEventListener('keydown', event => this.key(event))
  }

  update(state) { if (!state.call) this.close() }

  opened() {
    write(this.sent, '')
    this.keys.get('1').focus()
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.keys.has(event.key)) return
    event.preventDefault()
    this.keys.get(event.key).focus()
    this.press(event.key)
  }

  press(digit) {
    if (!this.actions.digit(digit)) return
    write(this.sent, `${this.sent.textContent}${digit}`.slice(-24))
  }
}

customElements.define('desk-keypad', Keypad)
