// Notes on the contact: begun during the call, finished after it.

import { attribute, make } from '../dom.js'

const charactersMax = 4000

/**
 * The field with its label; `show(state)` brings it up to date without disturbing whoever is writing. `draft(state)` is what
 * stands in it, `written(notes)` takes what was written.
 */
export function notesField(part, label, {
  id = `${part.localName}-notes`, draft = state => state.draft, written = notes => part.actions.draft({ notes }), key = 'N',
} = {}) {
  const field = make('textarea', {
    id, rows: '5', maxlength: String(charactersMax), 'aria-keyshortcuts': key, oninput: event => written(event.target.value),
  })
  const node = make('div', { class: 'notes' }, make('label', { for: id }, label, key && make('kbd', { 'aria-hidden': 'true' }, key)), field)
  node.field = field
  node.show = state => {
    if (field.value !== draft(state).notes) field.value = draft(state).notes
    attribute(field, 'placeholder', part.t('notes.placeholder'))
  }
  return node
}
