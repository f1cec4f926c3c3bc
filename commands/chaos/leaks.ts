import type { Traveller } from '../demo/journey.ts'

/** The cards of the gateway's sandbox, and anything else that could be one. */
const CARD = /(?<![\w.-])[345]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}(?![\w.-])/g
const WORDS = /[A-Za-z0-9]{9,}/g

/** What of these people, of cards and of secrets stands in a text: names and passports as they were typed, in any case. */
export function findLeaks(text: string, people: readonly Traveller[], secrets: readonly string[]): string[] {
  if (text === '') return []
  const private_ = new Map(
    people.flatMap(({ givenName, passport }) => [
      [givenName.toLowerCase(), 'a name'] as const,
      ...(passport === undefined ? [] : [[passport.toLowerCase(), 'a passport'] as const]),
    ]),
  )
  const found = new Set<string>()
  for (const [word] of text.matchAll(WORDS)) {
    const what = private_.get(word.toLowerCase())
    if (what) found.add(`${what}: ${word}`)
  }
  for (const [digits] of text.matchAll(CARD)) if (isCardNumber(digits.replace(/[ -]/g, ''))) found.add(`a card: ${digits}`)
  for (const secret of secrets) if (text.includes(secret)) found.add(`a secret: ${secret.slice(0, 4)}…`)
  return [...found]
}

/** Luhn's check. Numbers of 13 digits may be tickets, which pass it one time in ten. */
function isCardNumber(digits: string): boolean {
  if (digits.length < 15 || digits.length > 16) return false
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
