/** What {@link NameTable.idAt} says of a name that the strict reader treats in a way of its own. */
export const RESERVED = -1
const NOT_THERE = -2
const RESERVED_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const EQUALS = 61
const SLOTS = 1_024
/** What a hash of 32 bits is shifted by to be the number of a slot. */
const SLOT_SHIFT = 22

/** The local names in one document, each with a number: to compare names is to compare numbers from then on. */
export class NameTable {
  private readonly bytes: Buffer
  private readonly characters: string
  private readonly wanted: ReadonlyMap<string, string>
  private readonly ids = new Map<string, number>()
  private readonly texts: string[] = []
  private readonly isWantedById: boolean[] = []
  /** The name met last under a hash: where it stood, how long it is, and its number. */
  private readonly slots = new Int32Array(SLOTS * 3)
  /** The same of the name that followed last, by the number of the name before. */
  private readonly followers = new Int32Array(SLOTS * 3)

  constructor(bytes: Buffer, characters: string, wanted: ReadonlyMap<string, string>) {
    this.bytes = bytes
    this.characters = characters
    this.wanted = wanted
  }

  /** The number of the name that stands from `start` to `end`, at least one byte; {@link RESERVED} for some. */
  idAt(start: number, end: number): number {
    const { bytes, slots } = this
    const length = end - start
    const ends = (length << 24) | (bytes[start]! << 16) | (bytes[start + (length >> 1)]! << 8) | bytes[end - 1]!
    // The third letter too: a ChangePenalty and a CancelPenalty come in turns.
    const slot = (Math.imul(ends ^ Math.imul(bytes[start + 2]!, 0x07070707), 0x9e3779b1) >>> SLOT_SHIFT) * 3
    if (slots[slot + 1] === length && isSame(bytes, slots[slot]!, start, length)) return slots[slot + 2]!
    const id = this.add(this.characters.slice(start, end))
    slots[slot] = start
    slots[slot + 1] = length
    slots[slot + 2] = id
    return id
  }

  /** What followed a name last time is expected to follow it again; of no more names than there is room for. */
  expect(previous: number, id: number, start: number, end: number): void {
    if (previous >= SLOTS) return
    const { followers } = this
    followers[previous * 3] = start
    followers[previous * 3 + 1] = end - start
    followers[previous * 3 + 2] = id
  }

  /** The length of the expected name if it stands here, without a prefix and right before its value; else 0. */
  lengthIfNext(previous: number, at: number): number {
    if (previous >= SLOTS) return 0
    const { bytes, followers } = this
    const length = followers[previous * 3 + 1]!
    return bytes[at + length] === EQUALS && isSame(bytes, followers[previous * 3]!, at, length) ? length : 0
  }

  nextOf(previous: number): number {
    return this.followers[previous * 3 + 2]!
  }

  private add(text: string): number {
    const known = this.ids.get(text)
    if (known !== undefined) return known
    if (RESERVED_NAMES.has(text)) return RESERVED
    // The reader's own string where it has one: those are compared as fast as numbers.
    const id = this.texts.push(this.wanted.get(text) ?? text) - 1
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
