import type { NameTable } from './scanned-names.ts'
import { decodeEntities, parseXml, type XmlElement } from './xml.ts'

/** The document that elements were found in: its bytes, the same as one character per byte, its names, and where each attribute lies. */
export type ScannedDocument = {
  readonly bytes: Buffer
  readonly characters: string
  readonly names: NameTable
  /** {@link ATTRIBUTE_FIELDS} numbers per attribute: the local name's, the value's start and end, flags. */
  readonly attributes: Int32Array
  /** {@link NODE_FIELDS} numbers per element: {@link Node}. */
  readonly nodes: Int32Array
}

const NO_CHILDREN: readonly ScannedElement[] = []

export const ATTRIBUTE_FIELDS = 4
/** What has to be done to a value before it is one. */
export const HAS_ENTITY = 1
export const HAS_WIDE = 2
/** A declaration of a namespace, which is no attribute. */
export const IS_NAMESPACE = 4

/** The numbers of an element, of which a document has a list in the order of the opening tags. */
export const Node = {
  name: 0,
  /** Where the element around it is in the list. */
  parent: 1,
  /** Where the tag's name begins, and where the content begins and ends. */
  nameAt: 2,
  contentAt: 3,
  contentEnd: 4,
  /** The range of its attributes in the document's list. */
  firstField: 5,
  endField: 6,
  /** Where the elements inside it end, which begin behind it. */
  end: 7,
} as const
export const NODE_FIELDS = 8

/**
 * An element of a scanned document: names, values and the elements inside are made when they are asked for, and never kept.
 * There are thousands in a document, and what lives on while it is read is copied by the garbage collector again and again.
 */
export class ScannedElement implements XmlElement {
  declare readonly name: string
  declare private readonly document: ScannedDocument
  /** Where its numbers are in the document's list. */
  declare private readonly at: number

  constructor(document: ScannedDocument, at: number) {
    this.name = document.names.textOf(document.nodes[at + Node.name]!)
    this.document = document
    this.at = at
  }

  get attributes(): this {
    return this
  }

  get children(): readonly ScannedElement[] {
    const { document, at } = this
    const { nodes } = document
    const end = nodes[at + Node.end]!
    let child = at + NODE_FIELDS
    if (child === end) return NO_CHILDREN
    // Most have one: a list that has grown has room for seventeen.
    const found = [new ScannedElement(document, child)]
    while ((child = nodes[child + Node.end]!) < end) found.push(new ScannedElement(document, child))
    return found
  }

  get namespace(): string {
    const { characters, nodes } = this.document
    const nameAt = nodes[this.at + Node.nameAt]!
    const prefix = characters.slice(nameAt, Math.max(nameAt, characters.indexOf(this.name, nameAt) - 1))
    return this.resolve(prefix === '' ? 'xmlns' : prefix)
  }

  private resolve(declared: string): string {
    const at = this.find(declared, IS_NAMESPACE)
    if (at >= 0) return this.valueAt(at)
    const parent = this.document.nodes[this.at + Node.parent]!
    return parent < 0 ? '' : new ScannedElement(this.document, parent).resolve(declared)
  }

  get text(): string {
    const { bytes, characters, nodes } = this.document
    const start = nodes[this.at + Node.contentAt]!
    const end = nodes[this.at + Node.contentEnd]!
    let plainEnd = start
    while (plainEnd < end && isPlain(bytes[plainEnd]!)) plainEnd += 1
    if (plainEnd === end) return characters.slice(start, end)
    const content = bytes.toString('utf8', start, end)
    // Text among tags and comments is rare enough to be left to the reader that knows all of it.
    return content.includes('<') ? parseXml(`<text>${content}</text>`).text : decodeEntities(content.replace(/\r\n?/g, '\n'))
  }

  get(name: string): string | undefined {
    const at = this.find(name, 0)
    return at < 0 ? undefined : this.valueAt(at)
  }

  *[Symbol.iterator](): IterableIterator<[string, string]> {
    const { attributes, names, nodes } = this.document
    const end = nodes[this.at + Node.endField]!
    for (let at = nodes[this.at + Node.firstField]!; at < end; at += ATTRIBUTE_FIELDS)
      if ((attributes[at + 3]! & IS_NAMESPACE) === 0) yield [names.textOf(attributes[at]!), this.valueAt(at)]
  }

  private find(name: string, kind: number): number {
    const { attributes, names, nodes } = this.document
    const id = names.idOf(name)
    const end = nodes[this.at + Node.endField]!
    for (let at = nodes[this.at + Node.firstField]!; at < end; at += ATTRIBUTE_FIELDS)
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
