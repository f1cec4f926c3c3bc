import { decodeEntities, parseXml, type XmlElement } from './xml.ts'

/** The document that elements were found in: its bytes, the same as one character per byte, and where each attribute lies. */
export type ScannedDocument = {
  readonly bytes: Buffer
  readonly characters: string
  /** {@link ATTRIBUTE_FIELDS} numbers per attribute: hash of the local name, its start and end, the value's start and end, flags. */
  attributes: Int32Array
}

export const ATTRIBUTE_FIELDS = 6
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
    const content = this.document.bytes.toString('utf8', this.contentAt, this.contentEnd)
    // Text among tags and comments is rare enough to be left to the reader that knows all of it.
    return content.includes('<') ? parseXml(`<text>${content}</text>`).text : decodeEntities(content.replace(/\r\n?/g, '\n'))
  }

  get(name: string): string | undefined {
    const at = this.find(name, 0)
    return at < 0 ? undefined : this.valueAt(at)
  }

  *[Symbol.iterator](): IterableIterator<[string, string]> {
    const { attributes, characters } = this.document
    for (let at = this.firstField; at < this.endField; at += ATTRIBUTE_FIELDS)
      if ((attributes[at + 5]! & IS_NAMESPACE) === 0) yield [characters.slice(attributes[at + 1], attributes[at + 2]), this.valueAt(at)]
  }

  private find(name: string, kind: number): number {
    const { attributes, characters } = this.document
    const hash = hashOf(name)
    for (let at = this.firstField; at < this.endField; at += ATTRIBUTE_FIELDS) {
      if (attributes[at] !== hash || (attributes[at + 5]! & IS_NAMESPACE) !== kind) continue
      if (isAt(characters, attributes[at + 1]!, attributes[at + 2]!, name)) return at
    }
    return -1
  }

  private valueAt(at: number): string {
    const { attributes, bytes, characters } = this.document
    const start = attributes[at + 3]!
    const end = attributes[at + 4]!
    const flags = attributes[at + 5]!
    const value = flags & HAS_WIDE ? bytes.toString('utf8', start, end) : characters.slice(start, end)
    return flags & HAS_ENTITY ? decodeEntities(value) : value
  }
}

/** Whether this text stands from `start` to `end`. */
export function isAt(characters: string, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let i = 0; i < text.length; i += 1) if (characters.charCodeAt(start + i) !== text.charCodeAt(i)) return false
  return true
}

/** The number under which names are filed: cheap to make of either end and the middle, and different for most. */
export function hashOf(name: string): number {
  const { length } = name
  return (length << 24) | (name.charCodeAt(0) << 16) | (name.charCodeAt(length >> 1) << 8) | name.charCodeAt(length - 1)
}
