/**
 * Takes people and secrets out of a partner's message, so that it can be kept for a test: names, addresses, birth dates,
 * documents, card numbers, passwords and tokens, by the names that partners give such fields, in JSON, XML and forms alike.
 * What is left has the shape of the message. Better one field too many than one too few.
 */
export function redactMessage(text: string): string {
  return redactNumbers(text.trimStart().startsWith('<') ? redactXml(text) : (redactJson(text) ?? redactForm(text)))
}

/** Headers without what opens a door. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? HIDDEN : value]))
}

/** An address without its query's secrets. */
export function redactUrl(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? url : `${url.slice(0, at)}?${redactForm(url.slice(at + 1))}`
}

export const HIDDEN = 'REDACTED'

const SECRET_HEADER = /^(authorization|cookie|set-cookie|proxy-authorization)$|api-?key|signature|secret|token|password/i

/** Names of fields, without separators and case, in which partners write people or secrets. */
const PRIVATE = new RegExp(
  [
    'given|firstname|first$|forename|family|surname|lastname|middlename|holder|travell?er_?name|passenger_?name|nameremark|fullname|paxname',
    'email|phone|mobile|telephone|address|street|postal|zip|city_?name$',
    'born|birth|dob$|passport|document_?(number|id)|doc_?(id|number)|nationalid|identit|ssn|loyalty|frequent',
    'card|cvc|cvv|pan$|iban|account_?number|expiration|expiry_?date',
    'password|passwd|secret|token$|apikey|credential|nonce|signature|authorization|username|userid',
  ].join('|'),
  'i',
)

/** A person's own words: free text that repeats names. */
const isPrivate = (name: string): boolean => PRIVATE.test(name.replace(/[-_.:]/g, ''))

function redactJson(text: string): string | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return JSON.stringify(redactValue(value, false))
}

function redactValue(value: unknown, hidden: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => redactValue(one, hidden))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactValue(inner, hidden || isPrivate(key))]))
  return hidden && (typeof value === 'string' || typeof value === 'number') ? HIDDEN : value
}

function redactXml(text: string): string {
  const attributes = text.replace(/\s([\w.:-]+)\s*=\s*("[^"]*"|'[^']*')/g, (whole, name: string) =>
    isPrivate(name.split(':').at(-1)!) ? ` ${name}="${HIDDEN}"` : whole,
  )
  // The text of an element with such a name, and of everything directly in it.
  return attributes.replace(
    /<([\w.-]+:)?([\w.-]+)([^<>]*)>([^<>]+)</g,
    (whole, prefix: string | undefined, name: string, rest: string, inner: string) =>
      isPrivate(name) && inner.trim() !== '' && !rest.endsWith('/') ? `<${prefix ?? ''}${name}${rest}>${HIDDEN}<` : whole,
  )
}

function redactForm(text: string): string {
  return text
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=')
      return at > 0 && isPrivate(pair.slice(0, at)) ? `${pair.slice(0, at)}=${HIDDEN}` : pair
    })
    .join('&')
}

/** Card numbers and e-mail addresses, wherever they stand. */
function redactNumbers(text: string): string {
  return text
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, HIDDEN)
    .replace(/(?<![\w-])\d{13,19}(?![\w-])/g, (digits) => (isCardNumber(digits) ? HIDDEN : digits))
}

/** Luhn's check; ticket numbers of 13 digits pass it one time in ten, and one hidden ticket number does no harm. */
function isCardNumber(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}
