// Names of things, as the agent reads them.

export function reasonText(texts, reasons, id) {
  const label = reasons.find(one => one.id === id)?.label
  if (label) return label
  const key = `reason.${id}`
  return texts.has(key) ? texts.text(key) : id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ')
}

export function presenceText(texts, reasons, { presence, reason }) {
  return presence === 'pause' && reason ? reasonText(texts, reasons, reason) : texts.text(`presence.${presence}`)
}

/** good, warn, bad or idle: beside the words, never in place of them. */
export function presenceKind({ presence, reason }) {
  if (reason === 'not-responding') return 'bad'
  return { available: 'good', pause: 'warn', offline: 'idle' }[presence]
}

export function callerText(texts, caller) {
  return caller?.name || numberText(caller?.number) || texts.text('caller.unknown')
}

/** Digits of an international number in groups, which are easier to read out: +49 30 1234 5678 is not guessed at. */
export function numberText(number) {
  if (!number) return null
  const found = /^(\+\d{2})(\d{5,})$/.exec(number)
  if (!found) return number
  const groups = found[2].match(/\d{1,3}/g)
  if (groups.at(-1).length === 1 && groups.length > 1) groups.splice(-2, 2, groups.at(-2) + groups.at(-1))
  return [found[1], ...groups].join(' ')
}

/** "main → sales", or a list of such steps. */
export const pathSteps = path => (Array.isArray(path) ? path : [path]).flatMap(one => String(one).split('→')).map(one => one.trim()).filter(Boolean)

/** Words for MOS (ITU-T G.107, annex B, in three steps that one can act on). */
export function qualityKind(quality) {
  if (!quality || typeof quality.mos !== 'number') return null
  return quality.mos >= 3.6 ? 'good' : quality.mos >= 3.1 ? 'warn' : 'bad'
}

const upper = text => text.charAt(0).toUpperCase() + text.slice(1).replaceAll('-', ' ')

/** One piece of work: "Chat", or the name that the house has for its kind. */
export const kindText = (texts, { kind, channel }) => kind === channel ? texts.text(`kind.${channel}`) : upper(kind)
/** All of them: "Chats". */
export const kindsText = (texts, { kind, channel }) => kind === channel ? texts.text(`channel.${channel}`) : upper(kind)
/** Who it is from, and if nobody knows, what it is. */
export const pieceText = (texts, piece) => piece.caller?.name || numberText(piece.caller?.number) || `${kindText(texts, piece)} #${piece.contact}`
