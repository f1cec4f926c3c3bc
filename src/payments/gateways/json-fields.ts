/** A message that is not what it should be. Its `message` names the field. */
export class MalformedMessage extends Error {
  constructor(field: string) {
    super(`it has no usable "${field}"`)
    this.name = 'MalformedMessage'
  }
}

export type Fields = Readonly<Record<string, unknown>>

/** The value as an object with fields; throws {@link MalformedMessage}. */
export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedMessage(name)
  return value as Fields
}

/** A text that is there and not empty; throws {@link MalformedMessage}. */
export function textOf(from: Fields, name: string): string {
  const value = own(from, name)
  if (typeof value !== 'string' || value === '') throw new MalformedMessage(name)
  return value
}

/** A text or, where there is none, null; throws {@link MalformedMessage}. */
export function textOrNull(from: Fields, name: string): string | null {
  const value = own(from, name)
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') throw new MalformedMessage(name)
  return value
}

/** A whole number that loses nothing as one of ours; throws {@link MalformedMessage}. */
export function wholeOf(from: Fields, name: string): number {
  const value = own(from, name)
  if (!Number.isSafeInteger(value)) throw new MalformedMessage(name)
  return value as number
}

function own(from: Fields, name: string): unknown {
  return Object.hasOwn(from, name) ? from[name] : undefined
}
