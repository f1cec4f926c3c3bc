import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attribute, child, children, childText, decodeEntities, descendants, escapeXml, parseXml, writeXml, XmlError } from './xml.ts'

describe('reading XML', () => {
  test('resolves prefixes and leaves values as text', () => {
    const root = parseXml('<a:x xmlns:a="urn:one" xmlns="urn:two"><y pnr="1E5">0012400000001</y><a:y>0xAB12</a:y></a:x>')
    expect([root.name, root.namespace]).toEqual(['x', 'urn:one'])
    expect(children(root, 'y').map((one) => [one.namespace, one.text])).toEqual([
      ['urn:two', '0012400000001'],
      ['urn:one', '0xAB12'],
    ])
    expect(attribute(child(root, 'y'), 'pnr')).toBe('1E5')
  })

  test('decodes entities once, in attributes too, and never inside CDATA', () => {
    const root = parseXml('<r a="1&lt;2 &amp;lt; &#x41;&#66;"><t>Tom &amp; &quot;Jerry&quot; &#8217;<![CDATA[ &amp; <b>]]></t></r>')
    expect(attribute(root, 'a')).toBe('1<2 &lt; AB')
    expect(childText(root, 't')).toBe('Tom & "Jerry" ’ &amp; <b>')
    expect(decodeEntities('&unknown; &#0; &#xD800;')).toBe('&unknown; &#0; &#xD800;')
  })

  test('finds elements however deep they are', () => {
    expect(descendants(parseXml('<r><a><b n="1"/></a><b n="2"/></r>'), 'b').map((one) => attribute(one, 'n'))).toEqual(['1', '2'])
  })

  test.each([
    ['a document type', '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'],
    ['an external entity', '<!DOCTYPE r SYSTEM "http://169.254.169.254/"><r/>'],
    ['nothing', ''],
    ['plain text', 'Service unavailable'],
    ['a cut-off reply', '<r><a>text'],
    ['a cut-off attribute', '<r a="1'],
    ['wrong nesting', '<r><a></r></a>'],
    ['two roots', '<r/><r/>'],
    ['a duplicate attribute', '<r a="1" a="2"/>'],
    ['NUL', '<r>\0</r>'],
    ['text after the root', '<r/>trailing'],
    ['loose HTML', '<html><body><br></body></html>'],
  ])('refuses %s', (_name, text) => {
    expect(() => parseXml(text)).toThrow(XmlError)
  })

  test.each([
    ['100 000 nested elements', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
    ['500 000 siblings', `<r>${'<i/>'.repeat(500_000)}</r>`],
    ['more than the cap', `<r>${'x'.repeat(9 * 1024 * 1024)}</r>`],
    ['a thousand attributes', `<r${Array.from({ length: 1000 }, (_, n) => ` a${n}="1"`).join('')}/>`],
  ])('stops a bomb of %s before building it', (_name, bomb) => {
    const before = process.cpuUsage() // the work done, whatever else the machine is doing
    expect(() => parseXml(bomb)).toThrow(XmlError)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000).toBeLessThan(500)
  })

  test('never throws anything but XmlError, whatever it is given', () => {
    const soup = fc.array(
      fc.constantFrom(
        '<',
        '>',
        '/',
        'a',
        'b:c',
        '="',
        '"',
        "'",
        ' x="1"',
        '<![CDATA[',
        ']]>',
        '<!--',
        '-->',
        '<?x',
        '?>',
        '&amp;',
        '&',
        ' ',
        'é',
        '__proto__',
        '<constructor>',
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(soup, (parts) => {
        try {
          parseXml(parts.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

/** The characters of XML 1.0, https://www.w3.org/TR/xml/#charsets. */
function isSpeakable(code: number): boolean {
  return (
    code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000
  )
}

describe('writing XML', () => {
  test('what was written is read back the same, in attributes and in text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (value) => {
        const root = parseXml(writeXml('r', { a: value }, writeXml('t', {}, escapeXml(value))))
        const speakable = [...value].filter((character) => isSpeakable(character.codePointAt(0)!)).join('')
        expect(attribute(root, 'a')).toBe(speakable)
        expect(child(root, 't')?.text).toBe(speakable)
      }),
      { numRuns: 1_000 },
    )
  })

  test('leaves out what is not there', () => {
    expect(writeXml('a', { x: undefined, y: null, z: 0, b: false })).toBe('<a z="0" b="false"/>')
  })
})
