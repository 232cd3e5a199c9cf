// A device to choose, for the check and the settings.

import { attribute, fill, make } from '../dom.js'
import { devices } from '../audio.js'

/** `kind`: microphones or speakers; `setting`: the name under which the choice is kept. */
export function deviceSelect(part, { kind, setting, id, label }) {
  const select = make('select', { id, 'aria-label': label, onchange: event => part.actions.set(setting, event.target.value) })
  select.refresh = async () => {
    const found = await devices()
    const list = found[kind], chosen = part.desk.settings.values[setting]
    fill(select, [list, part.desk.texts.tag], () => [
      make('option', { value: '' }, part.t('device.default')),
      ...list.map((one, index) => make('option', { value: one.id }, one.label || part.t('device.unnamed', { number: index + 1 }))),
    ])
    select.value = list.some(one => one.id === chosen) ? chosen : ''
    attribute(select, 'disabled', kind === 'speakers' && !found.canChoose)
    return found
  }
  return select
}
