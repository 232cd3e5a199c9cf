// What it was about: one of the codes of the house, for the wrap-up of a call and of any other piece of work.

import { fill, make, write } from '../dom.js'

/**
 * `name`: of the group on this page; `choose(code)` takes the choice, null takes it back. `show(dispositions, key, chosen)`
 * brings it up to date; `isMissing(chosen)` says, and shows, that there has to be a choice first.
 */
export function dispositionField(part, { name, choose }) {
  const { t } = part
  const need = make('span', { class: 'soft' })
  const problem = make('p', { class: 'problem', role: 'alert', id: `${name}-problem` })
  let rules = { required: false, codes: [] }
  const take = code => {
    write(problem, '')
    choose(code)
  }
  const codes = make('div', { class: 'codes', onkeydown: event => {
    // Escape takes an optional choice back.
    if (event.key === 'Escape' && !rules.required) take(null)
  } })
  const node = make('fieldset', { 'aria-describedby': problem.id }, make('legend', {}, t('wrapUp.disposition'), ' ', need), codes, problem)
  node.show = (dispositions, key, chosen) => {
    rules = dispositions
    node.hidden = !rules.codes.length
    write(need, t(rules.required ? 'wrapUp.required' : 'wrapUp.optional'))
    fill(codes, [rules.codes, key, part.desk.texts.tag], () => rules.codes.map(({ code, label }) => make('label', { class: 'code' },
      make('input', { type: 'radio', name, value: code, onchange: () => take(code) }), make('span', {}, label ?? code))))
    for (const input of codes.querySelectorAll('input')) input.checked = input.value === chosen
    if (chosen) write(problem, '')
  }
  node.isMissing = chosen => {
    if (!rules.required || !rules.codes.length || chosen) return false
    write(problem, t('wrapUp.choose'))
    codes.querySelector('input')?.focus()
    return true
  }
  return node
}
