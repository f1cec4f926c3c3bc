import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scanXml, wantedNames } from './scan-xml.ts'
import { parseXml, XmlError, type XmlElement } from './xml.ts'

const NAMES = ['a', 'b', 'c']
const WANTED = wantedNames(NAMES)
const FRAME_DEPTH = 3

type Plain = { name: string; namespace: string; text: string; attributes: Record<string, string>; children: Plain[] }

/** A tree as the scanner should give it: beyond the frame only what is wanted. */
function plain(element: XmlElement, depth = 1): Plain {
  const { name, namespace, text } = element
  const kept = element.children.filter((one) => depth < FRAME_DEPTH || NAMES.includes(one.name))
  return { name, namespace, text, attributes: Object.fromEntries(element.attributes), children: kept.map((one) => plain(one, depth + 1)) }
}

const scan = (text: string | Buffer): XmlElement | null => scanXml(Buffer.from(text as string), WANTED)
const strict = (text: string | Buffer): Plain | null => {
  try {
    return plain(parseXml(Buffer.from(text as string).toString('utf8')))
  } catch (error) {
    if (error instanceof XmlError) return null
    throw error
  }
}

describe('scanning XML', () => {
  test.each([
    [
      'prefixes, entities, both quotes and blanks',
      `<?xml version="1.0" encoding='UTF-8'?>\n<x:a xmlns:x="urn:1" xmlns = 'urn:2' x:p="1 &lt; 2" q='"'><b\n  r = "é&#233;"  /><x:c ></x:c ></x:a>\n`,
    ],
    [
      'unwanted elements, and wanted ones inside them',
      '<a><a><a><z q="<z/>".replace></z></a></a></a>'.replace('"<z/>".replace', '"&lt;z/>"'),
    ],
    ['wanted ones below unwanted ones', '<a><a><a><z><b/><c>text</c></z><b z="1"/></a></a></a>'],
    ['text around tags and comments', '<a>one<!-- <b> & --> two<b>three</b> four\r\n<c/>&amp;<b><!-- > --></b></a>'],
    ['a comment before and after', '<!-- one --><a/><!-- two -->'],
    [
      'bytes that are not UTF-8',
      Buffer.concat([
        Buffer.from('<a b="'),
        Buffer.from([0xc3, 0xff, 0xe2, 0x82]),
        Buffer.from('">'),
        Buffer.from([0x80]),
        Buffer.from('</a>'),
      ]),
    ],
    ['a namespace declared again further in', '<x:a xmlns:x="urn:1"><x:b xmlns:x="urn:2"><x:c/></x:b><x:c/><y:c/></x:a>'],
  ])('reads %s as the strict reader does', (_, text) => {
    const scanned = scan(text)
    expect(scanned && plain(scanned)).toEqual(strict(text))
    expect(scanned).not.toBeNull()
  })

  test.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['CDATA', '<a><![CDATA[<b/>]]></a>'],
    ['a processing instruction', '<a><?x y?></a>'],
    ['a byte-order mark', '\ufeff<a/>'],
    ['a tab in a value', '<a b="1\t2"/>'],
    ['a letter that is not ASCII in a name', '<é/>'],
    ['two attributes of one local name', '<a x:b="1" b="2"/>'],
    ['a name that means something to JavaScript', '<a><constructor/></a>'],
    ['NUL', '<a>\0</a>'],
    ['nothing', ''],
    ['text', 'Service unavailable'],
    ['a cut-off document', '<a><b>text'],
    ['a cut-off value', '<a b="1>'],
    ['a value with a tag in it', '<a b="<c/>"/>'],
    ['attributes without a blank between', '<a b="1"c="2"/>'],
    ['an attribute without a value', '<a b/>'],
    ['wrong nesting', '<a><b></a></b>'],
    ['a tag closed by the beginning of another name', '<ab></a>'],
    ['two roots', '<a/><a/>'],
    ['text after the root', '<a/>text'],
    ['unwanted elements that are not well-formed', '<a><a><a><z q="1" q="2"/></a></a></a>'],
    ['100 000 nested elements', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
    ['65 nested elements', '<a>'.repeat(65) + '</a>'.repeat(65)],
    ['200 000 siblings', `<a>${'<z/>'.repeat(200_000)}</a>`],
    ['300 attributes', `<a${Array.from({ length: 300 }, (_, n) => ` a${n}="1"`).join('')}/>`],
    ['more than the cap', `<a>${'x'.repeat(8 * 1024 * 1024)}</a>`],
  ])('leaves %s to the strict reader', (_, text) => {
    expect(scan(text)).toBeNull()
  })

  test('takes as deep and as many elements as the strict reader does', () => {
    const deep = '<a>'.repeat(64) + '</a>'.repeat(64)
    expect(plain(scan(deep)!)).toEqual(strict(deep))
    expect(scan(`<a>${'<z/>'.repeat(199_999)}</a>`)).not.toBeNull()
  })

  test('whatever it is given, it reads what the strict reader reads, or leaves it', () => {
    const pieces = [
      '<',
      '>',
      '/',
      'a',
      'b',
      'z',
      'b:c',
      '="',
      '"',
      "'",
      ' x="1"',
      " y='&lt;'",
      ' xmlns="u"',
      ' xmlns:b="v"',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?x',
      '?>',
      '&amp;',
      '&',
      ' ',
      '\n',
      '\r',
      'é',
      '<a>',
      '</a>',
      '<b>',
      '</b>',
      '<b:c>',
      '</b:c>',
      '<z>',
      '</z>',
      '<a/>',
      '__proto__',
      '=',
      '\u00a0',
    ]
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''))
    let read = 0
    fc.assert(
      fc.property(
        fc.oneof(
          soup,
          soup.map((inner) => `<a>${inner}</a>`),
          soup.map((inner) => `<a${inner}/>`),
        ),
        (text) => {
          const scanned = scan(text)
          if (!scanned) return
          read += 1
          expect(plain(scanned)).toEqual(strict(text))
        },
      ),
      { numRuns: 6_000 },
    )
    expect(read).toBeGreaterThan(50)
  })
})
