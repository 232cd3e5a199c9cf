// Others on the call, and what can be done with them now. A button is there only while it can be used.

import { button, fill, icon, make, write } from '../dom.js'
import { has, isLost, isPending } from '../state.js'

/** The acts in the order of their buttons, with drawing and key. */
const acts = [['consult', 'people', 'C'], ['swap', 'transfer', 'S'], ['complete', 'check', 'G'], ['merge', 'people', 'J'], ['backOut', 'close', 'B'], ['leave', 'signOut', 'L']]
export const companyKeys = Object.fromEntries(acts.map(([name, , key]) => [key.toLowerCase(), name]))

/** `part`: the call, whose texts and actions it uses. */
export function company(part) {
  const { t, actions } = part
  const buttons = Object.fromEntries(acts.map(([name, drawing, key]) => [name, button({
    text: t(`company.${name}`), icon: drawing, kind: 'act', key, onclick: () => name === 'consult' ? actions.openConsult() : actions.company(name),
  })]))
  const who = make('ul', { class: 'tags company', 'aria-label': t('company.title'), 'aria-live': 'polite' })
  const supervised = make('span', { class: 'tag warn', role: 'status' }, icon('headset'), make('span', {}, t('company.supervised')))
  const row = make('div', { class: 'row acts', role: 'toolbar', 'aria-label': t('company.acts') }, ...Object.values(buttons))
  return {
    nodes: [supervised, who, row], buttons,
    show(state) {
      const { call } = state, lost = isLost(state), can = call.acts ?? []
      supervised.hidden = !call.supervised
      who.hidden = !call.others?.length
      fill(who, [call.others ?? [], call.turnedToCaller, part.desk.texts.tag], () => (call.others ?? []).map(one => make('li', { class: `tag ${one.ringing ? 'warn' : 'busy'}` },
        icon('person'), ` ${one.name ?? one.agent ?? t('company.outside')} · ${t(`company.state.${one.ringing ? 'ringing' : one.part === 'consulted' && call.turnedToCaller ? 'waiting' : one.part}`)}`)))
      for (const [name, node] of Object.entries(buttons)) {
        node.hidden = !can.includes(name) || name === 'consult' && !has(state, 'consult')
        node.disabled = lost || isPending(state, name)
      }
      row.hidden = !can.length
      write(buttons.leave.caption, t(call.part === 'supervising' ? 'company.endSupervision' : 'company.leave'))
    },
  }
}
