/** A reply that is not what it should be. Its `message` names the field. */
export class MalformedReply extends Error {
  constructor(field: string) {
    super(`the reply has no usable "${field}"`)
    this.name = 'MalformedReply'
  }
}

/** An object of a reply, whose fields have yet to be looked at. */
export type Fields = Readonly<Record<string, unknown>>

/** An object; throws {@link MalformedReply}. */
export function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedReply(name)
  return value as Fields
}

/** A list; throws {@link MalformedReply}. */
export function list(from: Fields, name: string): readonly unknown[] {
  const value = from[name]
  if (!Array.isArray(value)) throw new MalformedReply(name)
  return value
}

/** Text that is not empty; throws {@link MalformedReply}. */
export function text(from: Fields, name: string): string {
  const value = from[name]
  if (typeof value !== 'string' || value === '') throw new MalformedReply(name)
  return value
}

/** Text, or null where there is none; throws {@link MalformedReply} for anything else. */
export function textOrNull(from: Fields, name: string): string | null {
  const value = from[name]
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw new MalformedReply(name)
  return value
}

/** A whole number from 0; throws {@link MalformedReply}. */
export function count(from: Fields, name: string): number {
  const value = from[name]
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new MalformedReply(name)
  return value as number
}

/** A decimal amount as text, from a JSON number or text; throws {@link MalformedReply}. No digits are lost below 2^53. */
export function decimal(from: Fields, name: string): string {
  const value = from[name]
  const written = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : ''
  if (!/^\d{1,15}(\.\d+)?$/.test(written)) throw new MalformedReply(name)
  return written
}
