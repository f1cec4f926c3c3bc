/** What {@link NameTable.idAt} says of a name that the strict reader treats in a way of its own. */
export const RESERVED = -1
const NOT_THERE = -2
const RESERVED_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const SLOTS = 1_024

/** The local names in one document, each with a number: to compare names is to compare numbers from then on. */
export class NameTable {
  private readonly bytes: Buffer
  private readonly characters: string
  private readonly wanted: ReadonlySet<string>
  private readonly ids = new Map<string, number>()
  private readonly texts: string[] = []
  private readonly isWantedById: boolean[] = []
  /** The name met last under a hash: where it stood, how long it is, and its number. */
  private readonly slots = new Int32Array(SLOTS * 3)

  constructor(bytes: Buffer, characters: string, wanted: ReadonlySet<string>) {
    this.bytes = bytes
    this.characters = characters
    this.wanted = wanted
  }

  /** The number of the name that stands from `start` to `end`, at least one byte; {@link RESERVED} for some. */
  idAt(start: number, end: number): number {
    const { bytes, slots } = this
    const length = end - start
    const hash = length * 31 + bytes[start]! * 7 + bytes[start + (length >> 1)]! * 131 + bytes[end - 1]! * 17
    const slot = (hash & (SLOTS - 1)) * 3
    if (slots[slot + 1] === length && isSame(bytes, slots[slot]!, start, length)) return slots[slot + 2]!
    const id = this.add(this.characters.slice(start, end))
    slots[slot] = start
    slots[slot + 1] = length
    slots[slot + 2] = id
    return id
  }

  private add(text: string): number {
    const known = this.ids.get(text)
    if (known !== undefined) return known
    if (RESERVED_NAMES.has(text)) return RESERVED
    const id = this.texts.push(text) - 1
    this.ids.set(text, id)
    this.isWantedById.push(this.wanted.has(text))
    return id
  }

  /** The number of a name; one that no name has when it is not in the document. */
  idOf(text: string): number {
    return this.ids.get(text) ?? NOT_THERE
  }

  textOf(id: number): string {
    return this.texts[id]!
  }

  isWanted(id: number): boolean {
    return this.isWantedById[id]!
  }
}

/** Whether the same bytes stand at two places. */
export function isSame(bytes: Buffer, one: number, other: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) if (bytes[one + i] !== bytes[other + i]) return false
  return true
}

/** Whether this text, of one byte per character, stands from `start` to `end`. */
export function isAt(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let i = 0; i < text.length; i += 1) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}
