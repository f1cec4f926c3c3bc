import type { FieldFault } from '../../kernel/problems.ts'

/** Reads query parameters one by one and collects what is wrong with them. A parameter that is wrong reads as absent. */
export type ParameterReader = {
  readonly faults: FieldFault[]
  readonly has: (name: string) => boolean
  /** Whether it was given at all, well or badly. */
  readonly isGiven: (name: string) => boolean
  readonly text: (name: string) => string | undefined
  /** Every value of a parameter that may be given more than once, in order. */
  readonly list: (name: string) => readonly string[]
  /** As `text`, but its absence is a fault. */
  readonly required: (name: string) => string | undefined
  readonly whole: (name: string, min: number, max: number) => number | undefined
  readonly choice: <T extends string>(name: string, choices: readonly T[]) => T | undefined
  readonly refuse: (name: string, code: string, message: string) => void
}

/** Refuses at once what is not in `known`, what is given twice and what is empty. */
export function readParameters(parameters: Record<string, unknown>, known: readonly string[]): ParameterReader {
  const reader = createReader(new Set(Object.keys(parameters)))
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.includes(name)) reader.refuse(name.slice(0, 60), ...UNKNOWN_PARAMETER)
    else if (Array.isArray(value)) reader.refuse(name, ...DUPLICATE_PARAMETER)
    else reader.take(name, typeof value === 'string' ? value : '')
  }
  return reader
}

/** Of more unknown parameters, the first are told: an answer is not to be made much longer than its question. */
const STRANGERS_MAX = 50

/**
 * The same of the text of a query. `repeatable` may be given more than once. Without `known` all names are known to be
 * known.
 */
export function readQueryText(query: string, repeatable: string, known?: readonly string[]): ParameterReader {
  const given = query
    .split('&')
    .filter((pair) => pair !== '')
    .map(splitPair)
  const strangers = known === undefined ? [] : [...new Set(given.map(([name]) => name).filter((name) => !known.includes(name)))]
  const pairs = strangers.length === 0 ? given : given.filter(([name]) => !strangers.includes(name))
  const reader = createReader(new Set(pairs.map(([name]) => name)))
  for (const name of strangers.slice(0, STRANGERS_MAX)) reader.refuse(name.slice(0, 60), ...UNKNOWN_PARAMETER)
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const [name, value] of pairs) {
    if (seen.has(name) && name !== repeatable) repeated.add(name)
    else if (value === null) reader.refuse(name, ...MALFORMED_ENCODING)
    else reader.take(name, value)
    seen.add(name)
  }
  for (const name of repeated) {
    reader.drop(name)
    reader.refuse(name, ...DUPLICATE_PARAMETER)
  }
  return reader
}

/** A percent-encoded piece of a query as the text it stands for, "+" being a space; null when it stands for none. */
export function decodeQueryText(raw: string): string | null {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/** A whole number of at most six digits, leading zeros allowed; NaN for anything else. */
export function wholeNumberOf(text: string): number {
  if (text.length === 0 || text.length > 6) return Number.NaN
  let number = 0
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

/** What is wrong with a parameter whoever reads it: the code and the message of the fault. */
export const UNKNOWN_PARAMETER = ['unknown-parameter', 'is not a parameter of this request'] as const
export const DUPLICATE_PARAMETER = ['duplicate-parameter', 'is given more than once'] as const
export const EMPTY_PARAMETER = ['empty', 'has no value; leave it out instead'] as const
export const MALFORMED_ENCODING = ['malformed-encoding', 'is not well percent-encoded UTF-8; write a percent sign as %25'] as const

/** All that is wrong, in one text. */
export function describeFaults(faults: readonly FieldFault[]): string {
  return faults.map((fault) => `${fault.pointer}: ${fault.message}.`).join(' ')
}

/** As a message quotes what was sent. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 20))
}

/** The code and message of the fault of not being a whole number in this range. */
export function outOfRange(text: string, min: number, max: number): [code: string, message: string] {
  return ['out-of-range', `${quoted(text)} is not a whole number from ${min} to ${max}`]
}

/** The code and message of the fault of being none of these words. */
export function unknownValue(text: string, choices: readonly string[]): [code: string, message: string] {
  return ['unknown-value', `${quoted(text)} is none of ${choices.join(', ')}`]
}

function splitPair(pair: string): [name: string, value: string | null] {
  const equals = pair.indexOf('=')
  const name = equals === -1 ? pair : pair.slice(0, equals)
  return [decodeQueryText(name) ?? name, equals === -1 ? '' : decodeQueryText(pair.slice(equals + 1))]
}

type OpenReader = ParameterReader & { readonly take: (name: string, value: string) => void; readonly drop: (name: string) => void }

function createReader(given: ReadonlySet<string>): OpenReader {
  const faults: FieldFault[] = []
  const values = new Map<string, string[]>()
  const refuse = (pointer: string, code: string, message: string) => void faults.push({ pointer, code, message })
  const text = (name: string) => values.get(name)?.[0]
  return {
    faults,
    text,
    refuse,
    take(name, value) {
      const trimmed = value.trim()
      if (trimmed === '') refuse(name, ...EMPTY_PARAMETER)
      else if (values.has(name)) values.get(name)?.push(trimmed)
      else values.set(name, [trimmed])
    },
    drop: (name) => void values.delete(name),
    has: (name) => values.has(name),
    isGiven: (name) => given.has(name),
    list: (name) => values.get(name) ?? [],
    required(name) {
      const value = text(name)
      // What was given wrongly has been refused already.
      if (value === undefined && !given.has(name)) refuse(name, 'required', 'is required')
      return value
    },
    whole(name, min, max) {
      const value = text(name)
      if (value === undefined) return undefined
      const number = wholeNumberOf(value)
      if (number >= min && number <= max) return number
      refuse(name, ...outOfRange(value, min, max))
      return undefined
    },
    choice(name, choices) {
      const value = text(name)
      if (value === undefined) return undefined
      const choice = choices.find((one) => one === value)
      if (choice === undefined) refuse(name, ...unknownValue(value, choices))
      return choice
    },
  }
}
