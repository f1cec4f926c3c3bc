import { escapeXml, writeXml, type XmlElement } from '../../platform/xml.ts'

/**
 * An element of theirs, written again under our prefixes and in our release: the host wants back what it has just given.
 * `leftOut` are children, however deep, that it needs not.
 */
export function copy(element: XmlElement, leftOut: ReadonlySet<string> = new Set()): string {
  const inner = element.children.filter((one) => !leftOut.has(one.name)).map((one) => copy(one, leftOut))
  return copyElement(element, inner.length > 0 ? inner.join('') : escapeXml(element.text.trim()))
}

/** The element with its attributes and this content. */
export function copyElement(element: XmlElement, content: string): string {
  return writeXml(`${prefixOf(element.namespace)}:${element.name}`, Object.fromEntries(element.attributes), content)
}

function prefixOf(namespace: string): string {
  const service = /\/(common|universal|hotel)_v/.exec(namespace)?.[1]
  return service ?? 'air'
}
