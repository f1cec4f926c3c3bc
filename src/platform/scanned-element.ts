import type { NameTable } from './scanned-names.ts'
import { decodeEntities, parseXml, type XmlElement } from './xml.ts'

/** The document that elements were found in: its bytes, the same as one character per byte, its names, and where each attribute lies. */
export type ScannedDocument = {
  readonly bytes: Buffer
  readonly characters: string
  readonly names: NameTable
  /** {@link ATTRIBUTE_FIELDS} numbers per attribute: the local name's, the value's start and end, flags. */
  attributes: Int32Array
}

export const ATTRIBUTE_FIELDS = 4
/** What has to be done to a value before it is one. */
export const HAS_ENTITY = 1
export const HAS_WIDE = 2
/** A declaration of a namespace, which is no attribute. */
export const IS_NAMESPACE = 4

const NO_CHILDREN: readonly ScannedElement[] = []

/**
 * An element of a scanned document, and its own attributes: names and values become strings when they are asked for, and
 * most never are. There are thousands in a document, so it is one object with as few words as will do.
 */
export class ScannedElement implements XmlElement {
  declare readonly name: string
  declare readonly children: readonly ScannedElement[]
  declare private readonly parent: ScannedElement | null
  declare private readonly document: ScannedDocument
  /** Where the tag's name begins, and where the content begins and ends. */
  declare private readonly nameAt: number
  declare private readonly contentAt: number
  declare private contentEnd: number
  /** The range of its attributes in the document's list. */
  declare private readonly firstField: number
  declare private readonly endField: number

  constructor(
    document: ScannedDocument,
    parent: ScannedElement | null,
    name: string,
    nameAt: number,
    contentAt: number,
    firstField: number,
    endField: number,
    isClosed: boolean,
  ) {
    this.name = name
    this.children = isClosed ? NO_CHILDREN : []
    this.parent = parent
    this.document = document
    this.nameAt = nameAt
    this.contentAt = contentAt
    this.contentEnd = contentAt
    this.firstField = firstField
    this.endField = endField
  }

  get attributes(): this {
    return this
  }

  /** Called by the scanner when it comes to an element inside. */
  add(child: ScannedElement): void {
    ;(this.children as ScannedElement[]).push(child)
  }

  /** Called by the scanner when it comes to the closing tag. */
  closeAt(contentEnd: number): void {
    this.contentEnd = contentEnd
  }

  get namespace(): string {
    const { characters } = this.document
    const prefix = characters.slice(this.nameAt, Math.max(this.nameAt, characters.indexOf(this.name, this.nameAt) - 1))
    return this.resolve(prefix === '' ? 'xmlns' : prefix)
  }

  private resolve(declared: string): string {
    const at = this.find(declared, IS_NAMESPACE)
    return at >= 0 ? this.valueAt(at) : (this.parent?.resolve(declared) ?? '')
  }

  get text(): string {
    const { bytes, characters } = this.document
    let plainEnd = this.contentAt
    while (plainEnd < this.contentEnd && isPlain(bytes[plainEnd]!)) plainEnd += 1
    if (plainEnd === this.contentEnd) return characters.slice(this.contentAt, plainEnd)
    const content = bytes.toString('utf8', this.contentAt, this.contentEnd)
    // Text among tags and comments is rare enough to be left to the reader that knows all of it.
    return content.includes('<') ? parseXml(`<text>${content}</text>`).text : decodeEntities(content.replace(/\r\n?/g, '\n'))
  }

  get(name: string): string | undefined {
    const at = this.find(name, 0)
    return at < 0 ? undefined : this.valueAt(at)
  }

  *[Symbol.iterator](): IterableIterator<[string, string]> {
    const { attributes, names } = this.document
    for (let at = this.firstField; at < this.endField; at += ATTRIBUTE_FIELDS)
      if ((attributes[at + 3]! & IS_NAMESPACE) === 0) yield [names.textOf(attributes[at]!), this.valueAt(at)]
  }

  private find(name: string, kind: number): number {
    const { attributes, names } = this.document
    const id = names.idOf(name)
    for (let at = this.firstField; at < this.endField; at += ATTRIBUTE_FIELDS)
      if (attributes[at] === id && (attributes[at + 3]! & IS_NAMESPACE) === kind) return at
    return -1
  }

  private valueAt(at: number): string {
    const { attributes, bytes, characters } = this.document
    const start = attributes[at + 1]!
    const end = attributes[at + 2]!
    const flags = attributes[at + 3]!
    const value = flags & HAS_WIDE ? bytes.toString('utf8', start, end) : characters.slice(start, end)
    return flags & HAS_ENTITY ? decodeEntities(value) : value
  }
}

/** Whether a byte of content is the character that it looks like: no tag, entity, carriage return, or part of another. */
function isPlain(byte: number): boolean {
  return byte < 127 && byte > 31 && byte !== 60 && byte !== 38
}
