/**
 * Ways into a message that do not care which version wrote it: 17.2 has keys and codes as attributes and several
 * references in one text, later versions have an element for each.
 */
import { attribute, child, childText, type XmlElement } from '../../platform/xml.ts'
import { ProviderError } from '../errors.ts'
import { MODULE_ID } from './wire.ts'

/** The error for a message that is NDC and ours to read, but does not say what it must. */
export function malformed(message: string, cause?: unknown): ProviderError {
  return new ProviderError(MODULE_ID, 'malformed', message, { cause })
}

/**
 * What an element says under the first of these names, as an attribute or as a child (or the code inside that child);
 * undefined when nothing but blanks.
 */
export function value(element: XmlElement | undefined, ...names: readonly string[]): string | undefined {
  if (!element) return undefined
  for (const name of names) {
    const stated = attribute(element, name)?.trim()
    if (stated) return stated
    const inner = child(element, name)
    if (!inner) continue
    const text = inner.text.trim() || childText(inner, 'Code') || childText(inner, 'Value')
    if (text) return text
  }
  return undefined
}

/** The references under these names, children in document order and then attributes, blanks between them or not. */
export function refs(element: XmlElement | undefined, ...names: readonly string[]): readonly string[] {
  if (!element) return []
  const found: string[] = []
  for (const one of element.children) if (names.includes(one.name)) addWords(found, one.text)
  for (const name of names) addWords(found, attribute(element, name) ?? '')
  return found
}

function addWords(found: string[], text: string): void {
  for (const word of text.split(/\s+/)) if (word !== '') found.push(word)
}

/** The children with one of these names, in document order. */
export function all(element: XmlElement | undefined, ...names: readonly string[]): readonly XmlElement[] {
  return element ? element.children.filter((one) => names.includes(one.name)) : []
}

/** The first child with one of these names. */
export function any(element: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined {
  return element?.children.find((one) => names.includes(one.name))
}

/** Follows a path of children; each step may name several, "Dep|Departure". */
export function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let here = element
  for (const step of path) here = any(here, ...step.split('|'))
  return here
}

/** "true" and "false" (and 1 and 0) as such; anything else is null: the airline does not say. */
export function flag(text: string | undefined): boolean | null {
  const word = text?.toLowerCase()
  return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : null
}

/** A whole number, or null. */
export function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null
}

const DURATION = /^P(?:0+Y)?(?:0+M)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d+(?:\.\d+)?S)?)?$/

/** An XML Schema duration, "PT9H45M0S" or "P0Y0M0DT7H40M0S", in whole minutes; null when absent or of another form. */
export function durationOf(text: string | undefined): number | null {
  const match = text === undefined || text === 'P' ? null : DURATION.exec(text)
  return match ? Number(match[1] ?? 0) * 1440 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0) : null
}

/** Longest reference text that is looked into for several keys. */
const RUN_TOGETHER_MAX = 2_000

/**
 * The keys in a reference. One airline writes several without a blank between them, "FL1FL2": such a text is taken apart
 * when it is nothing but known keys. Undefined when it is not.
 */
export function knownKeys(reference: string, known: ReadonlyMap<string, unknown>): readonly string[] | undefined {
  if (known.has(reference)) return [reference]
  if (reference.length > RUN_TOGETHER_MAX) return undefined
  const keys = [...known.keys()].filter((key) => key !== '' && key.length < reference.length)
  const found: string[] = []
  for (let from = 0; from < reference.length;) {
    let longest = ''
    for (const key of keys) if (key.length > longest.length && reference.startsWith(key, from)) longest = key
    if (longest === '') return undefined
    found.push(longest)
    from += longest.length
  }
  return found
}
