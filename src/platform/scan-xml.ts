import { ATTRIBUTE_FIELDS, HAS_ENTITY, HAS_WIDE, IS_NAMESPACE, Node, NODE_FIELDS, ScannedElement } from './scanned-element.ts'
import { isAt, isSame, NameTable, RESERVED } from './scanned-names.ts'
import { XML_LIMITS, type XmlElement, type XmlLimits } from './xml.ts'

/** Local names of the elements that a reader looks for, to be made once. */
export type WantedNames = ReadonlyMap<string, string>

/** The names filed as the scanner finds them. */
export function wantedNames(names: readonly string[]): WantedNames {
  return new Map(names.map((name) => [name, name]))
}

/** Levels whose elements are all kept: an envelope, its body, and the message. */
const FRAME_DEPTH = 3
const ATTRIBUTES_MAX = 256
/** Where an element stands that was left out, and what the root stands in. */
const NO_NODE = -1

const [LESS, GREATER, SLASH, EQUALS, QUOTE, APOSTROPHE, COLON, BANG, QUESTION, DASH, AMPERSAND, X] = [
  60, 62, 47, 61, 34, 39, 58, 33, 63, 45, 38, 120,
]

/** Kinds of bytes in a tag; 0 is none that we expect there. */
const [SPACE, NAME] = [1, 2]
const KINDS = new Uint8Array(256)
for (const byte of Buffer.from(' \t\n\r')) KINDS[byte] = SPACE
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.')) KINDS[byte] = NAME
/** Bytes in an attribute's value that need a second look. */
const ODD = new Uint8Array(256)
for (let byte = 0; byte < 256; byte += 1) ODD[byte] = byte < 32 || byte > 126 ? 1 : 0
for (const byte of [LESS, AMPERSAND, QUOTE, APOSTROPHE]) ODD[byte] = 1

/**
 * The tree that `parseXml` makes, of the wanted elements below wanted ones only: the others are checked for form and left
 * out. Several times faster, because it makes strings only of what is asked for. Null for whatever is not plain —
 * CDATA, a DOCTYPE, processing instructions, a byte-order mark, control characters in values, an odd name, too much of
 * anything, and everything that is not well-formed: that is for `parseXml` to read or to refuse.
 */
export function scanXml(bytes: Buffer, wanted: WantedNames, limits: XmlLimits = XML_LIMITS): XmlElement | null {
  const length = lengthWithoutBlanks(bytes)
  // Every name and run of blanks ends at this last byte at the latest.
  if (length === 0 || bytes[length - 1] !== GREATER || bytes.length > limits.charactersMax || bytes.includes(0)) return null
  const characters = bytes.toString('latin1', 0, length)
  const names = new NameTable(bytes, characters, wanted)
  let fields = new Int32Array(Math.max(1_024, length >> 3))
  let used = 0
  let nodes = new Int32Array(Math.max(1_024, length >> 4))
  let nodesEnd = 0
  let elements = 0
  const openNameAt = new Int32Array(limits.depthMax + 2)
  const openNameEnd = new Int32Array(limits.depthMax + 2)
  const openNode = new Int32Array(limits.depthMax + 2).fill(NO_NODE)
  let depth = 0
  let at = declarationEnd(characters)

  for (;;) {
    if (depth === 0) {
      while (at < length && KINDS[bytes[at]!] === SPACE) at += 1
      if (at === length) return nodesEnd === 0 ? null : new ScannedElement({ bytes, characters, names, attributes: fields, nodes }, 0)
      if (bytes[at] !== LESS) return null
    } else {
      while (at < length && bytes[at] !== LESS) at += 1
      if (at === length) return null
    }
    const start = at
    let byte = bytes[start + 1]!

    if (byte === SLASH) {
      at = start + 2
      const nameLength = openNameEnd[depth]! - openNameAt[depth]!
      if (depth === 0 || !isSame(bytes, openNameAt[depth]!, at, nameLength)) return null
      at += nameLength
      while (KINDS[bytes[at]!] === SPACE) at += 1
      if (bytes[at] !== GREATER) return null
      at += 1
      const closed = openNode[depth]!
      if (closed !== NO_NODE) {
        nodes[closed + Node.contentEnd] = start
        nodes[closed + Node.end] = nodesEnd
      }
      depth -= 1
      continue
    }
    if (byte === BANG) {
      if (bytes[start + 2] !== DASH || bytes[start + 3] !== DASH) return null
      const end = characters.indexOf('-->', start + 4)
      if (end < 0) return null
      at = end + 3
      continue
    }
    if (byte === QUESTION || (depth === 0 && nodesEnd > 0)) return null

    at = start + 1
    let localAt = at
    while (KINDS[bytes[at]!] === NAME) at += 1
    if (bytes[at] === COLON) {
      if (at === localAt) return null
      localAt = at += 1
      while (KINDS[bytes[at]!] === NAME) at += 1
    }
    const nameEnd = at
    if (nameEnd === localAt || (elements += 1) > limits.elementsMax) return null
    const nameId = names.idAt(localAt, nameEnd)
    if (nameId === RESERVED) return null

    const firstField = used
    let previous = nameId
    for (;;) {
      const spaceAt = at
      while (KINDS[(byte = bytes[at]!)] === SPACE) at += 1
      if (byte === GREATER || byte === SLASH) break
      if (at === spaceAt || used - firstField >= ATTRIBUTES_MAX * ATTRIBUTE_FIELDS) return null
      const attributeAt = at
      let attributeLocalAt = at
      let attributeEnd = at + names.lengthIfNext(previous, at)
      let attributeId: number
      if (attributeEnd > at) {
        attributeId = names.nextOf(previous)
        at = attributeEnd
      } else {
        while (KINDS[bytes[at]!] === NAME) at += 1
        if (bytes[at] === COLON) {
          if (at === attributeAt) return null
          attributeLocalAt = at += 1
          while (KINDS[bytes[at]!] === NAME) at += 1
        }
        attributeEnd = at
        if (attributeEnd === attributeLocalAt) return null
        attributeId = names.idAt(attributeLocalAt, attributeEnd)
        if (attributeId === RESERVED) return null
        names.expect(previous, attributeId, attributeLocalAt, attributeEnd)
      }
      previous = attributeId
      while (KINDS[bytes[at]!] === SPACE) at += 1
      if (bytes[at] !== EQUALS) return null
      at += 1
      while (KINDS[bytes[at]!] === SPACE) at += 1
      const quote = bytes[at]!
      if (quote !== QUOTE && quote !== APOSTROPHE) return null
      const valueAt = (at += 1)
      let flags = 0
      for (;;) {
        while (ODD[(byte = bytes[at]!)] === 0) at += 1
        if (byte === quote) break
        if (at >= length || byte === LESS || byte < 32) return null
        if (byte === AMPERSAND) flags |= HAS_ENTITY
        else if (byte > 126) flags |= HAS_WIDE
        at += 1
      }
      if (bytes[attributeAt] === X && isDeclaration(bytes, attributeAt, attributeLocalAt, attributeEnd)) flags |= IS_NAMESPACE
      for (let field = firstField; field < used; field += ATTRIBUTE_FIELDS) if (fields[field] === attributeId) return null
      if (used + ATTRIBUTE_FIELDS > fields.length) {
        fields = longer(fields)
      }
      fields[used] = attributeId
      fields[used + 1] = valueAt
      fields[used + 2] = at
      fields[used + 3] = flags
      used += ATTRIBUTE_FIELDS
      at += 1
    }
    const isClosed = byte === SLASH
    if (isClosed && bytes[(at += 1)] !== GREATER) return null
    at += 1

    const parent = openNode[depth]!
    let node = NO_NODE
    if ((depth === 0 || parent !== NO_NODE) && (depth < FRAME_DEPTH || names.isWanted(nameId))) {
      node = nodesEnd
      nodesEnd += NODE_FIELDS
      if (nodesEnd > nodes.length) nodes = longer(nodes)
      nodes[node + Node.name] = nameId
      nodes[node + Node.parent] = parent
      nodes[node + Node.nameAt] = start + 1
      nodes[node + Node.contentAt] = at
      nodes[node + Node.contentEnd] = at
      nodes[node + Node.firstField] = firstField
      nodes[node + Node.endField] = used
      nodes[node + Node.end] = nodesEnd
    } else used = firstField
    if (isClosed) continue
    depth += 1
    if (depth > limits.depthMax) return null
    openNameAt[depth] = start + 1
    openNameEnd[depth] = nameEnd
    openNode[depth] = node
  }
}

function longer(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(numbers.length * 2)
  copy.set(numbers)
  return copy
}

/** Whether an attribute declares a namespace: `xmlns:air`, whose local name is `air`, or `xmlns`. */
function isDeclaration(bytes: Buffer, start: number, localAt: number, end: number): boolean {
  return isAt(bytes, start, localAt, 'xmlns:') || isAt(bytes, start, end, 'xmlns')
}

function lengthWithoutBlanks(bytes: Buffer): number {
  let length = bytes.length
  while (length > 0 && KINDS[bytes[length - 1]!] === SPACE) length -= 1
  return length
}

/** Where the XML declaration ends, if the document begins with one; any other processing instruction is met and refused. */
function declarationEnd(characters: string): number {
  const match = /^<\?xml(?: +[a-z]+ *= *(?:"[\w.-]*"|'[\w.-]*'))* *\?>/.exec(characters.slice(0, 200))
  return match ? match[0].length : 0
}
