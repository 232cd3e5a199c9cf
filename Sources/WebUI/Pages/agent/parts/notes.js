// Notes on the contact: begun during the call, finished after it.

import { attribute, make } from '../dom.js'

const charactersMax = 4000

/** The field with its label; `show(state)` brings it up to date without disturbing whoever is writing. */
export function notesField(part, label) {
  const id = `${part.localName}-notes`
  const field = make('textarea', {
    id, rows: '5', maxlength: String(charactersMax), 'aria-keyshortcuts': 'N', oninput: event => part.actions.draft({ notes: event.target.value }),
  })
  const node = make('div', { class: 'notes' }, make('label', { for: id }, label, make('kbd', { 'aria-hidden': 'true' }, 'N')), field)
  node.field = field
  node.show = state => {
    if (field.value !== state.draft.notes) field.value = state.draft.notes
    attribute(field, 'placeholder', part.t('notes.placeholder'))
  }
  return node
}
