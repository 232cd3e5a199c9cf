// Texts: one catalog for each language, `texts/<tag>.json`, listed in `texts/index.json`.
//
// A text has places `{name}`. Where the number decides, there is a text for each plural form of the language, `key.one`,
// `key.other`, chosen by the parameter `count`.

const folder = new URL('./texts/', import.meta.url)

export class Texts {
  static async load(wanted) {
    const tags = await read('index.json')
    const texts = new Texts()
    texts.tags = tags
    await texts.use(wanted)
    return texts
  }

  /** `wanted`: a tag, or null for the browser's languages. */
  async use(wanted) {
    this.tag = choose(this.tags, wanted ? [wanted] : navigator.languages)
    this.catalog = await read(`${this.tag}.json`)
    this.plurals = new Intl.PluralRules(this.tag)
    document.documentElement.lang = this.tag
  }

  has(key) { return key in this.catalog }

  /** A key that is missing shows itself: a test looks for that. */
  text(key, params = {}) {
    const form = params.count === undefined ? key : `${key}.${this.plurals.select(params.count)}`
    const pattern = this.catalog[form] ?? this.catalog[`${key}.other`] ?? this.catalog[key] ?? key
    return pattern.replace(/\{(\w+)\}/g, (place, name) => params[name] === undefined ? place : String(params[name]))
  }

  number(value, digits = 0) {
    return value.toLocaleString(this.tag, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  }

  percent(value) { return `${this.number(value, value > 0 && value < 10 ? 1 : 0)} %` }

  time(date) { return new Date(date).toLocaleTimeString(this.tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) }

  languageName(tag) {
    const name = new Intl.DisplayNames(tag, { type: 'language' }).of(tag)
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
  }
}

export function choose(tags, wanted) {
  for (const tag of wanted) {
    const found = tags.find(one => one === tag) ?? tags.find(one => one.split('-')[0] === tag.split('-')[0])
    if (found) return found
  }
  return tags[0]
}

async function read(name) {
  const response = await fetch(new URL(name, folder))
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return response.json()
}

/** 0:07, 12:34, 1:02:03 */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds)), two = number => String(number).padStart(2, '0')
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}
