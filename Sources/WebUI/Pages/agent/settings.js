// What the agent has chosen on this computer, and the notes of the contact at hand. The first outlives the browser, the
// second only a reload of the tab.

const settingsKey = 'switchboard.desk'
const draftKey = 'switchboard.draft'
const draftsKey = 'switchboard.drafts'

export const defaults = Object.freeze({
  language: null, microphone: '', speaker: '', ringDevice: '',
  /** 0 … 1 */
  speakerVolume: 1, ringVolume: 0.6,
  /** Echo, noise and level, by the browser. */
  processing: true,
  autoAnswer: false, letterKeys: true, stayAwake: true,
})

export class Settings {
  constructor(storage = localStorage) {
    this.storage = storage
    this.values = { ...defaults, ...readObject(storage, settingsKey) }
  }

  set(name, value) {
    this.values = { ...this.values, [name]: value }
    write(this.storage, settingsKey, this.values)
  }
}

export function keptDraft(storage = sessionStorage) {
  const { contact = null, notes = '', disposition = null } = readObject(storage, draftKey)
  return { contact, notes: String(notes), disposition }
}

export function keepDraft(draft, storage = sessionStorage) {
  if (draft.contact === null) storage.removeItem(draftKey)
  else write(storage, draftKey, draft)
}

/** Of the pieces of work, contact → { notes, disposition }. */
export const keptDrafts = (storage = sessionStorage) => readObject(storage, draftsKey)

export function keepDrafts(drafts, storage = sessionStorage) {
  if (Object.keys(drafts).length === 0) storage.removeItem(draftsKey)
  else write(storage, draftsKey, drafts)
}

function readObject(storage, key) {
  try {
    const value = JSON.parse(storage.getItem(key) ?? '{}')
    return value && typeof value === 'object' ? value : {}
  } catch {
    return {}
  }
}

// A full or forbidden storage costs a setting, not the call.
function write(storage, key, value) {
  try { storage.setItem(key, JSON.stringify(value)) } catch { /* as said */ }
}
