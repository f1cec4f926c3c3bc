import { NONE, UNKNOWN, type ColumnSchema, type OfferRow } from './column-schema.ts'

/*
 * One supplier's offers as bytes: a directory in JSON that names columns and dictionaries, then the columns as typed
 * arrays and the fragments one after the other, every section on a multiple of eight bytes. Numbers are in the order of
 * the machine, which is little-endian wherever Node runs.
 *   0 "FWPT"   4 offers (u32)   8 directory length (u32)   12 zero   16 directory, sections
 */
const MAGIC = 0x5450_5746
const HEADER_BYTES = 16
/** A column's code is 16 bits wide. */
export const OFFERS_MAX = 65_535
/** The values of a set are one text in the dictionary. */
const SET_SEPARATOR = '+'

type Directory = {
  readonly kind: string
  readonly currencies: readonly string[]
  readonly numbers: readonly string[]
  /** Absent in parts of earlier releases. */
  readonly product?: readonly string[]
  /** For each facet the values that occur, sets joined by "+". */
  readonly facets: Readonly<Record<string, readonly string[]>>
  /** For each text column the texts that occur; absent in parts of kinds without one. */
  readonly texts?: Readonly<Record<string, readonly string[]>>
  /** The lengths of the two fragment buffers: net fares, full. */
  readonly fragments: readonly [number, number]
}

/** The texts of each offer, end to end in one buffer: the i-th lies from `ends[i]` to `ends[i + 1]`. */
export type Fragments = { readonly ends: Uint32Array; readonly bytes: Buffer }

/** A part opened for reading: views on its bytes, nothing copied. */
export type Part = {
  readonly kind: string
  readonly count: number
  /** Minor units of `currencies[currencyCodes[i]]`. */
  readonly net: Float64Array
  readonly currencies: readonly string[]
  readonly currencyCodes: Uint16Array
  /** Epoch milliseconds, 0 when nobody says. */
  readonly expiresAt: Float64Array
  readonly numbers: ReadonlyMap<string, Int32Array>
  /** The columns that name what is sold; none in a part that an earlier release wrote. */
  readonly product: ReadonlyMap<string, Int32Array>
  /** Each offer's code names one of the texts, a value or a set of them: {@link toSet}. */
  readonly facets: ReadonlyMap<string, CodedTexts>
  readonly texts: ReadonlyMap<string, CodedTexts>
  readonly netFare: Fragments
  readonly full: Fragments
}

/** Texts that occur, and each offer's place among them. */
export type CodedTexts = { readonly texts: readonly string[]; readonly codes: Uint16Array }

/** The rows as bytes. Throws a RangeError for more offers than a part can hold. */
export function encodePart(schema: ColumnSchema, rows: readonly OfferRow[]): Buffer {
  if (rows.length > OFFERS_MAX) throw new RangeError(`a part holds at most ${OFFERS_MAX} offers, not ${rows.length}`)
  const currencies = toCodes(rows, (row) => row.net.currency)
  const facets = schema.facets.map(({ name, kind }) => ({ name, ...toCodes(rows, (row) => setText(row.facets[name], kind)) }))
  const texts = (schema.texts ?? []).map((name) => ({ name, ...toCodes(rows, (row) => row.texts?.[name] ?? '') }))
  const fragments = [toFragments(rows, 'netFare'), toFragments(rows, 'full')] as const
  const directory: Directory = {
    kind: schema.kind,
    currencies: currencies.values,
    numbers: schema.numbers.map((column) => column.name),
    product: schema.product ?? [],
    facets: Object.fromEntries(facets.map((facet) => [facet.name, facet.values])),
    ...(texts.length > 0 && { texts: Object.fromEntries(texts.map((column) => [column.name, column.values])) }),
    fragments: [fragments[0].bytes.length, fragments[1].bytes.length],
  }
  const sections: NodeJS.ArrayBufferView[] = [
    Buffer.from(JSON.stringify(directory), 'utf8'),
    toColumn(rows, Float64Array, (row) => row.net.amount),
    currencies.codes,
    toColumn(rows, Float64Array, (row) => row.expiresAt ?? 0),
    ...schema.numbers.map(({ name }) => toColumn(rows, Int32Array, (row) => toInt32(row.numbers[name]))),
    ...facets.map((facet) => facet.codes),
    ...texts.map((column) => column.codes),
    ...(schema.product ?? []).map((name) => toColumn(rows, Int32Array, (row) => toInt32(row.numbers[name]))),
    ...fragments.flatMap(({ ends, bytes }) => [ends, bytes]),
  ]
  const part = Buffer.alloc(sections.reduce((at, section) => at + align(section.byteLength), HEADER_BYTES))
  part.writeUInt32LE(MAGIC, 0)
  part.writeUInt32LE(rows.length, 4)
  part.writeUInt32LE(sections[0]!.byteLength, 8)
  let at = HEADER_BYTES
  for (const section of sections) {
    part.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at)
    at += align(section.byteLength)
  }
  return part
}

const opened = new WeakMap<Buffer, Part>()

/** Opens what {@link encodePart} made, once per buffer. Throws a RangeError for bytes that are not a whole part. */
export function openPart(hot: Buffer): Part {
  const known = opened.get(hot)
  if (known !== undefined) return known
  const part = open(hot)
  opened.set(hot, part)
  return part
}

function open(hot: Buffer): Part {
  if (hot.length < HEADER_BYTES || hot.readUInt32LE(0) !== MAGIC) throw new RangeError('these bytes are no part')
  // Typed arrays need an aligned start; a decoder may have put the bytes anywhere.
  const bytes = hot.byteOffset % 8 === 0 ? hot : Buffer.from(new Uint8Array(hot).buffer)
  const count = bytes.readUInt32LE(4)
  const take = sectionsOf(bytes)
  const directory = JSON.parse(take.bytes(bytes.readUInt32LE(8)).toString('utf8')) as Directory
  const net = take.column(count, Float64Array)
  const currencyCodes = take.column(count, Uint16Array)
  const expiresAt = take.column(count, Float64Array)
  const numbers = new Map(directory.numbers.map((name) => [name, take.column(count, Int32Array)]))
  const facets = new Map(
    Object.entries(directory.facets).map(([name, values]) => [name, { texts: values, codes: take.column(count, Uint16Array) }]),
  )
  const texts = new Map(
    Object.entries(directory.texts ?? {}).map(([name, values]) => [name, { texts: values, codes: take.column(count, Uint16Array) }]),
  )
  const product = new Map((directory.product ?? []).map((name) => [name, take.column(count, Int32Array)]))
  const [netFare, full] = directory.fragments.map((length) => {
    const ends = take.column(count + 1, Uint32Array)
    if (ends[count] !== length) throw new RangeError('the fragments of a part do not add up')
    return { ends, bytes: take.bytes(length) }
  }) as [Fragments, Fragments]
  return {
    kind: directory.kind,
    count,
    net,
    currencies: directory.currencies,
    currencyCodes,
    expiresAt,
    numbers,
    facets,
    texts,
    product,
    netFare,
    full,
  }
}

/** The i-th text. */
export function fragmentText({ ends, bytes }: Fragments, i: number): string {
  return bytes.toString('utf8', ends[i], ends[i + 1])
}

/** The values that a text of a facet stands for. */
export function toSet(text: string): readonly string[] {
  return text === '' ? [] : text.split(SET_SEPARATOR)
}

/** The text of an offer in a text column. */
export function sharedText(part: Part, name: string, i: number): string {
  const column = part.texts.get(name)
  return column === undefined ? '' : column.texts[column.codes[i]!]!
}

/** The values of an offer in a facet. */
export function facetValues(part: Part, facet: string, i: number): readonly string[] {
  const column = part.facets.get(facet)
  return column === undefined ? [] : toSet(column.texts[column.codes[i]!]!)
}

type Column = Float64Array | Int32Array | Uint32Array | Uint16Array
type ColumnType<T extends Column> = { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBufferLike, at: number, length: number): T }

/** Takes section after section; throws a RangeError when the bytes end before. */
function sectionsOf(bytes: Buffer) {
  let at = HEADER_BYTES
  const next = (size: number): number => {
    if (at + size > bytes.length) throw new RangeError('a part ends too early')
    const from = bytes.byteOffset + at
    at += align(size)
    return from
  }
  return {
    column: <T extends Column>(length: number, type: ColumnType<T>): T =>
      new type(bytes.buffer, next(length * type.BYTES_PER_ELEMENT), length),
    bytes: (length: number): Buffer => Buffer.from(bytes.buffer, next(length), length),
  }
}

/** A number of each row; typed arrays' own `from` walks an iterator, which takes many times as long. */
function toColumn<T extends Float64Array | Int32Array | Uint16Array>(
  rows: readonly OfferRow[],
  type: new (length: number) => T,
  numberOf: (row: OfferRow) => number,
): T {
  const column = new type(rows.length)
  for (let i = 0; i < rows.length; i += 1) column[i] = numberOf(rows[i]!)
  return column
}

function toCodes(rows: readonly OfferRow[], textOf: (row: OfferRow) => string): { values: readonly string[]; codes: Uint16Array } {
  const known = new Map<string, number>()
  const codes = toColumn(rows, Uint16Array, (row) => {
    const text = textOf(row)
    const code = known.get(text)
    if (code !== undefined) return code
    known.set(text, known.size)
    return known.size - 1
  })
  return { values: [...known.keys()], codes }
}

function setText(value: string | readonly string[] | undefined, kind: 'one' | 'every' | 'has'): string {
  if (value === undefined) return kind === 'one' ? 'unknown' : ''
  if (typeof value === 'string') return value
  if (value.length <= 1) return value[0] ?? ''
  return [...new Set(value)].sort().join(SET_SEPARATOR)
}

function toInt32(value: number | undefined): number {
  return value === undefined ? UNKNOWN : Math.max(UNKNOWN, Math.min(NONE, Math.round(value)))
}

function toFragments(rows: readonly OfferRow[], name: 'netFare' | 'full'): Fragments {
  const texts = rows.map((row) => row[name])
  const whole = texts.join('')
  const bytes = Buffer.from(whole, 'utf8')
  // As many bytes as characters: each is one byte, and nothing has to be measured again.
  const isAscii = bytes.length === whole.length
  const ends = new Uint32Array(rows.length + 1)
  texts.forEach((text, i) => (ends[i + 1] = ends[i]! + (isAscii ? text.length : Buffer.byteLength(text, 'utf8'))))
  return { ends, bytes }
}

function align(bytes: number): number {
  return (bytes + 7) & ~7
}
