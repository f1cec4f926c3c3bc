/**
 * Reading JSON that somebody else wrote: each reader gives the value if it is of its kind and otherwise nothing, so that
 * one odd field costs itself and not the message.
 */

export type JsonObject = Readonly<Record<string, unknown>>

/** The object, or an empty one. */
export function toObject(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** True for an object that is no array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of a list; none when it is no list. A lone object counts as a list of one. */
export function toObjects(value: unknown): readonly JsonObject[] {
  if (isObject(value)) return [value]
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A text that is not blank, trimmed; a number counts as its digits. Null otherwise. */
export function toText(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' ? null : text
}

/** A whole number, also one written as text. Null otherwise. */
export function toWhole(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

/** True and false, also written as text; null for anything else: nothing was said. */
export function toFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  return value === 'true' ? true : value === 'false' ? false : null
}

/** The texts of a list. */
export function toTexts(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.flatMap((one) => {
        const text = toText(one)
        return text === null ? [] : [text]
      })
    : []
}
