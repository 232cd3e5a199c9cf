// What the agent chooses on this computer.

import { DialogPart, button, make } from '../dom.js'
import { meter } from './meter.js'
import { deviceSelect } from './device-row.js'

class SettingsPart extends DialogPart {
  build() {
    const { t, actions } = this, { texts } = this.desk
    const device = (setting, kind) => deviceSelect(this, { kind, setting, id: `set-${setting}`, label: t(`settings.${setting}`) })
    this.selects = [device('microphone', 'microphones'), device('speaker', 'speakers'), device('ringDevice', 'speakers')]
    const range = name => {
      const input = make('input', { type: 'range', min: '0', max: '100', step: '5', id: `set-${name}`, oninput: event => actions.set(name, Number(event.target.value) / 100) })
      input.setting = name
      return input
    }
    this.ranges = [range('speakerVolume'), range('ringVolume')]
    this.switches = ['autoAnswer', 'processing', 'letterKeys', 'stayAwake'].map(name => {
      const input = make('input', { type: 'checkbox', role: 'switch', id: `set-${name}`, 'aria-describedby': `set-${name}-hint`, onchange: event => actions.set(name, event.target.checked) })
      input.setting = name
      return input
    })
    this.language = make('select', { id: 'set-language', onchange: event => actions.set('language', event.target.value) },
      ...texts.tags.map(tag => make('option', { value: tag, lang: tag }, texts.languageName(tag))))
    const row = (name, control, ...more) => make('div', { class: 'setting' }, make('label', { for: control.id }, t(`settings.${name}`)), make('div', { class: 'controls' }, control, ...more))
    const toggle = control => make('div', { class: 'setting switch' }, make('div', {}, make('label', { for: control.id }, t(`settings.${control.setting}`)),
      make('p', { class: 'soft', id: `set-${control.setting}-hint` }, t(`settings.${control.setting}.hint`))), control)
    this.frame(t('settings.title'), make('div', { class: 'scroll' },
      make('h3', {}, t('settings.headset')), row('microphone', this.selects[0], meter('microphone', t('meter.microphone'))),
      row('speaker', this.selects[1]), row('speakerVolume', this.ranges[0]),
      make('h3', {}, t('settings.ring')), row('ringDevice', this.selects[2]),
      row('ringVolume', this.ranges[1], button({ text: t('settings.try'), kind: 'quiet', onclick: () => this.desk.ringer.once() })),
      make('h3', {}, t('settings.desk')), ...this.switches.map(toggle), row('language', this.language)))
  }

  update() {
    if (!this.isOpen) return
    const { values } = this.desk.settings
    for (const one of this.selects) one.refresh()
    for (const one of this.ranges) one.value = String(Math.round(values[one.setting] * 100))
    for (const one of this.switches) one.checked = values[one.setting]
    this.language.value = this.desk.texts.tag
  }

  opened() { this.update() }
}

customElements.define('desk-settings', SettingsPart)
