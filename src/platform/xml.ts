import { XMLParser } from 'fast-xml-parser'

/**
 * One element of a parsed document. `name` is the local name: prefixes are a sender's whim, so they are resolved and
 * dropped; `namespace` is the URI the prefix stood for, '' when none. `text` is the element's own text, entities decoded.
 */
export type XmlElement = {
  readonly name: string
  readonly namespace: string
  readonly attributes: Pick<ReadonlyMap<string, string>, 'get'> & Iterable<readonly [string, string]>
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** Why a document was refused. `limit` is set when it was too big or too deep rather than wrong. */
export class XmlError extends Error {
  readonly limit: boolean
  constructor(message: string, limit = false) {
    super(message)
    this.name = 'XmlError'
    this.limit = limit
  }
}

export type XmlLimits = { readonly charactersMax: number; readonly depthMax: number; readonly elementsMax: number }

/** What a partner may send at most. Depth and element count stop the known bombs in about a millisecond. */
export const XML_LIMITS: XmlLimits = { charactersMax: 8 * 1024 * 1024, depthMax: 64, elementsMax: 200_000 }

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  cdataPropName: '#cdata',
  // The library's value parsing turns the locator 1E5 into 100000 and eats leading zeros of ticket numbers.
  parseTagValue: false,
  parseAttributeValue: false,
  // Expansion is how XML bombs go off; the five predefined and the numeric entities are decoded here, afterwards.
  processEntities: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
})

/**
 * Reads a whole document and returns its root. Throws {@link XmlError} for anything that is not one well-formed
 * element, for any DOCTYPE, and beyond the limits, which are checked before a tree is built.
 */
export function parseXml(text: string, limits: XmlLimits = XML_LIMITS): XmlElement {
  checkDocument(text, limits)
  let nodes: unknown
  try {
    nodes = parser.parse(text)
  } catch (error) {
    throw new XmlError(`not readable as XML: ${error instanceof Error ? error.message : String(error)}`)
  }
  const roots = Array.isArray(nodes) ? toElements(nodes as RawNode[], new Map()) : []
  if (roots.length !== 1) throw new XmlError(`expected one root element, found ${roots.length}`)
  return roots[0]!
}

/** The first child with this local name, or undefined. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  if (element) for (const one of element.children) if (one.name === name) return one
  return undefined
}

/** All children with this local name, in document order. */
export function children(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  const found: XmlElement[] = []
  if (element) for (const one of element.children) if (one.name === name) found.push(one)
  return found
}

/** The value of an attribute, or undefined when it is absent. An empty value is "". */
export function attribute(element: XmlElement | undefined, name: string): string | undefined {
  return element?.attributes.get(name)
}

/** The trimmed text of the first child with this local name, or undefined when there is no such child. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return child(element, name)?.text.trim()
}

/** Every element below (not including) this one with the local name, in document order. */
export function descendants(element: XmlElement | undefined, name: string): XmlElement[] {
  const found: XmlElement[] = []
  const visit = (one: XmlElement): void => {
    for (const next of one.children) {
      if (next.name === name) found.push(next)
      visit(next)
    }
  }
  if (element) visit(element)
  return found
}

/** What XML 1.0 cannot hold, even escaped: most control characters, two non-characters and halves of surrogate pairs. */
const UNSPEAKABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Text made safe for element content and attribute values alike. Characters that XML cannot hold are left out. */
export function escapeXml(text: string): string {
  return text.replace(UNSPEAKABLE, '').replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character]!)
}

/**
 * Writes one element. Attributes that are undefined or null are left out; values are escaped. `content` is markup:
 * pass text through {@link escapeXml}.
 */
export function writeXml(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean | null | undefined>>,
  ...content: readonly string[]
): string {
  let written = ''
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) written += ` ${key}="${escapeXml(String(value))}"`
  }
  const body = content.join('')
  return body === '' ? `<${name}${written}/>` : `<${name}${written}>${body}</${name}>`
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Decodes the five predefined and the numeric entities; anything else stays as it is written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g,
    (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return NAMED[name]!
      const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(decimal, 10)
      const valid = code === 9 || code === 10 || code === 13 || (code >= 32 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0x10ffff)
      return valid ? String.fromCodePoint(code) : whole
    },
  )
}

type RawNode = { readonly ':@'?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>

function toElements(nodes: readonly RawNode[], scope: ReadonlyMap<string, string>): XmlElement[] {
  const elements: XmlElement[] = []
  for (const node of nodes) {
    const tag = tagOf(node)
    if (tag !== undefined) elements.push(toElement(tag, node, scope))
  }
  return elements
}

function tagOf(node: RawNode): string | undefined {
  for (const key of Object.keys(node)) if (key !== ':@' && key !== '#text' && key !== '#cdata') return key
  return undefined
}

function toElement(tag: string, node: RawNode, outer: ReadonlyMap<string, string>): XmlElement {
  let scope = outer
  const attributes = new Map<string, string>()
  for (const [key, value] of Object.entries(node[':@'] ?? {})) {
    if (key === 'xmlns' || key.startsWith('xmlns:')) {
      if (scope === outer) scope = new Map(outer)
      ;(scope as Map<string, string>).set(key.slice(6), decodeEntities(value))
    } else attributes.set(localName(key), decodeEntities(value))
  }
  const nodes = node[tag] as readonly RawNode[]
  const colon = tag.indexOf(':')
  return {
    name: localName(tag),
    namespace: scope.get(colon < 0 ? '' : tag.slice(0, colon)) ?? '',
    attributes,
    children: toElements(nodes, scope),
    text: textOf(nodes),
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function textOf(nodes: readonly RawNode[]): string {
  let text = ''
  for (const node of nodes) {
    if (typeof node['#text'] === 'string') text += decodeEntities(node['#text'])
    else if (Array.isArray(node['#cdata'])) for (const part of node['#cdata'] as readonly RawNode[]) text += String(part['#text'] ?? '')
  }
  return text
}

const ATTRIBUTE = /\s+([^\s=<>/"']+)\s*=\s*(?:"[^"<]*"|'[^'<]*')/y
const TAG_NAME = /[^\s/>="'<&!?]+/y

/**
 * One pass over the text, without building anything: well-formed nesting, one root, no DOCTYPE, no attribute twice, and
 * the limits. fast-xml-parser accepts duplicate attributes and two roots, and would build a bomb before counting it.
 */
function checkDocument(text: string, limits: XmlLimits): void {
  if (text.length > limits.charactersMax) throw new XmlError(`longer than ${limits.charactersMax} characters`, true)
  if (text.includes('\0')) throw new XmlError('contains NUL')
  const open: string[] = []
  let elements = 0
  let roots = 0
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  for (;;) {
    const start = text.indexOf('<', at)
    if (open.length === 0 && text.slice(at, start < 0 ? undefined : start).trim() !== '')
      throw new XmlError('text outside the root element')
    if (start < 0) break
    if (text.startsWith('<!--', start)) at = endOf(text, '-->', start + 4)
    else if (text.startsWith('<![CDATA[', start)) {
      if (open.length === 0) throw new XmlError('text outside the root element')
      at = endOf(text, ']]>', start + 9)
    } else if (text.startsWith('<?', start)) at = endOf(text, '?>', start + 2)
    else if (text.startsWith('<!', start)) throw new XmlError('a document type declaration is not accepted')
    else if (text.startsWith('</', start)) {
      const end = endOf(text, '>', start + 2)
      if (open.pop() !== text.slice(start + 2, end - 1).trimEnd()) throw new XmlError('an element is closed that is not open')
      at = end
    } else {
      elements += 1
      if (elements > limits.elementsMax) throw new XmlError(`more than ${limits.elementsMax} elements`, true)
      if (open.length === 0 && (roots += 1) > 1) throw new XmlError('more than one root element')
      const tag = openingTag(text, start)
      at = tag.end
      if (!tag.closed) open.push(tag.name)
      if (open.length > limits.depthMax) throw new XmlError(`nested deeper than ${limits.depthMax}`, true)
    }
  }
  if (open.length > 0) throw new XmlError('ends before its elements are closed')
  if (roots === 0) throw new XmlError('holds no element')
}

function openingTag(text: string, start: number): { name: string; closed: boolean; end: number } {
  TAG_NAME.lastIndex = start + 1
  const name = TAG_NAME.exec(text)?.[0]
  if (name === undefined) throw new XmlError('a tag has no name')
  let at = TAG_NAME.lastIndex
  const seen: string[] = []
  for (;;) {
    ATTRIBUTE.lastIndex = at
    const match = ATTRIBUTE.exec(text)
    if (!match) break
    if (seen.includes(match[1]!)) throw new XmlError(`the attribute ${match[1]} stands twice in one element`)
    if (seen.push(match[1]!) > 256) throw new XmlError('an element has more than 256 attributes', true)
    at = ATTRIBUTE.lastIndex
  }
  while (isSpace(text.charCodeAt(at))) at += 1
  const closed = text[at] === '/'
  if (closed) at += 1
  if (text[at] !== '>') throw new XmlError(`the tag ${name.slice(0, 40)} is not well-formed`)
  return { name, closed, end: at + 1 }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  if (found < 0) throw new XmlError('ends before its elements are closed')
  return found + mark.length
}
