import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AIRLINES } from '../../../fixtures/ndc/airlines.ts'
import { startNdcMock } from '../../../fixtures/ndc/index.ts'
import { parseLocalDate, systemClock } from '../../kernel/time.ts'
import { createPartner } from '../../platform/partner.ts'
import { scanXml, wantedNames } from '../../platform/scan-xml.ts'
import { XmlError } from '../../platform/xml.ts'
import type { ShopReply } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createNdc, NDC_LIMITS } from './index.ts'
import { openMessage, readMessage, type Message } from './message.ts'
import { offersOf, readOffers, SHOP_ELEMENTS } from './read-offers.ts'
import { scanShop } from './read-shop-reply.ts'
import { readSample, SAMPLES } from '../../../test/support/ndc-samples.ts'

const RECORDINGS = new URL('../../../../shared/recordings/ndc-17.2/', import.meta.url)
const recordings = existsSync(RECORDINGS)
  ? readdirSync(RECORDINGS).flatMap((step) => readdirSync(new URL(`${step}/`, RECORDINGS)).map((file) => `${step}/${file}`))
  : []
const SHOPPED = SAMPLES.filter((name) => name.startsWith('shop-'))

/** What is made of a tree, or of its being refused. */
function outcomeOf(read: () => Message): unknown {
  try {
    const message = read()
    return { name: message.name, errors: message.errors, ...readOffers(message, 'ndc-xx', offersOf(message)) }
  } catch (error) {
    if (error instanceof XmlError) return 'not NDC'
    if (error instanceof ProviderError) return { fault: error.fault, message: error.message }
    throw error
  }
}

const strict = (text: string): unknown => outcomeOf(() => readMessage(text))

/** The scanner's outcome, or undefined where it leaves the message to the strict reader. */
function scanned(text: string): unknown {
  const message = scanShop(Buffer.from(text))
  return message === null ? undefined : outcomeOf(() => message)
}

describe('a search reply that is scanned', () => {
  test.each(SHOPPED)('says all that the strict reader finds in it: %s', (name) => {
    const text = readSample(name)
    expect(scanned(text)).toBeDefined()
    expect(scanned(text)).toEqual(strict(text))
  })

  test('needs every element that it keeps: each is looked for in a sample, or is another version’s name of one that is', () => {
    const named = new Set(SHOPPED.flatMap((name) => [...readSample(name).matchAll(/<(?:\w+:)?(\w+)[\s>/]/g)].map((match) => match[1]!)))
    expect(SHOP_ELEMENTS.filter((name) => named.has(name)).length).toBeGreaterThan(120)
  })

  test.each(SHOPPED)('loses nothing by what it leaves out: %s', (name) => {
    // An element that the reader asks for, and the scanner does not keep, would change the outcome when it is kept.
    const text = readSample(name)
    const all = wantedNames([...new Set([...text.matchAll(/<(?:\w+:)?(\w+)[\s>/]/g)].map((match) => match[1]!))])
    const root = scanXml(Buffer.from(text), all)!
    expect(outcomeOf(() => openMessage(root))).toEqual(scanned(text))
  })

  test.skipIf(recordings.length === 0)('is read the same in every recording', () => {
    for (const path of recordings) {
      const text = readFileSync(new URL(path, RECORDINGS), 'utf8')
      expect(scanned(text), path).toBeDefined()
      expect(scanned(text), path).toEqual(strict(text))
    }
  })

  test.each(AIRLINES.map(({ code, version }) => ({ code, version })))(
    'is read the same from the mock in $version',
    async ({ code, version }) => {
      const mock = await startNdcMock()
      const partner = createPartner({ name: 'NDC', concurrentMax: 4 })
      try {
        const { url } = mock.airlines.find((one) => one.code === code)!
        const account = { apiKey: 'k', agencyId: '35200001', agencyName: null, currency: 'EUR', limits: NDC_LIMITS }
        const { flights } = createNdc({ config: { airline: code, version, url, ...account }, send: partner.send, clock: systemClock })
        const [here, there] = { '17.2': ['BKK', 'ICN'], '19.2': ['CGK', 'NRT'], '21.3': ['CGK', 'SIN'] }[version] as [string, string]
        const slices = [
          { origin: here, destination: there, departureDate: parseLocalDate('2027-03-01') },
          { origin: there, destination: here, departureDate: parseLocalDate('2027-03-09') },
        ]
        const passengers = { adults: 2, children: 1, infants: 1 }
        const reply = await flights!.shop({ slices, passengers, cabin: 'economy' }, { signal: new AbortController().signal })
        if (!('unread' in reply)) throw new Error('read already')
        const text = Buffer.from(reply.unread).toString('utf8')
        expect(scanned(text)).toEqual(strict(text))
        expect((scanned(text) as ShopReply).offers.length).toBeGreaterThan(20)
      } finally {
        await partner.close()
        await mock.close()
      }
    },
  )

  describe('after it was changed', () => {
    const leavesIn = (text: string): RegExpExecArray[] => [...text.matchAll(/<([\w:.]+)(?:\s[^<>]*)?(?:\/>|>[^<]*<\/\1>)/g)]
    const atLeaf = (text: string, n: number, change: (leaf: string) => string): string => {
      const leaves = leavesIn(text)
      const leaf = leaves[n % leaves.length]
      return leaf ? text.slice(0, leaf.index) + change(leaf[0]) + text.slice(leaf.index + leaf[0].length) : text
    }
    type Change = (text: string, n: number) => string
    /** Ways to write the same, or a little less or more: all of them plain enough for the scanner. */
    const PLAIN: Readonly<Record<string, Change>> = {
      'other quotes': (text, n) => atLeaf(text, n, (leaf) => leaf.replaceAll('"', "'")),
      'letters as entities': (text, n) =>
        atLeaf(text, n, (leaf) => leaf.replace(/>(\w)/, (_, letter: string) => `>&#x${letter.charCodeAt(0).toString(16)};`)),
      'letters that are not ASCII': (text, n) => atLeaf(text, n, (leaf) => leaf.replace(/>(\w)/, '>日本$1')),
      'a comment': (text, n) => atLeaf(text, n, (leaf) => `<!-- <${n}> & -->${leaf}<!---->`),
      'an element less': (text, n) => atLeaf(text, n, () => ''),
      'an element twice': (text, n) => atLeaf(text, n, (leaf) => leaf + leaf),
      'an element inside another': (text, n) => atLeaf(text, n, (leaf) => `<Whatever a="1">${leaf}</Whatever>`),
      'blanks between elements': (text) => text.replaceAll('><', '>\r\n  <'),
      'another digit': (text, n) => atLeaf(text, n, (leaf) => leaf.replace(/\d(?=[^>]*<)/, String(n % 10))),
    }
    /** Damage, and what is unusual. */
    const ODD: Readonly<Record<string, Change>> = {
      'cut off': (text, n) => text.slice(0, (n * 7919) % text.length),
      'a letter lost': (text, n) => text.slice(0, (n * 7919) % text.length) + text.slice(((n * 7919) % text.length) + 1),
      'a letter more': (text, n) =>
        `${text.slice(0, (n * 7919) % text.length)}${'<>"\'&/= !?]\0é\t'[n % 15] ?? ''}${text.slice((n * 7919) % text.length)}`,
      CDATA: (text, n) => atLeaf(text, n, (leaf) => leaf.replace(/>([^<]+)</, '><![CDATA[$1]]><')),
      'an instruction': (text, n) => atLeaf(text, n, (leaf) => `<?go ${n}?>${leaf}`),
    }
    const changes = (of: Readonly<Record<string, Change>>) =>
      fc.tuple(
        fc.constantFrom(...SHOPPED),
        fc.array(fc.tuple(fc.constantFrom(...Object.keys(of)), fc.nat(10_000)), { minLength: 1, maxLength: 5 }),
      )
    const apply = (name: string, steps: readonly (readonly [string, number])[]): string =>
      steps.reduce((text, [change, n]) => ({ ...PLAIN, ...ODD })[change]!(text, n), readSample(name))

    test('into something as plain is read the same, and is never left to the strict reader', () => {
      fc.assert(
        fc.property(changes(PLAIN), ([name, steps]) => {
          const text = apply(name, steps)
          expect(scanned(text)).toEqual(strict(text))
        }),
        { numRuns: 300 },
      )
    })

    test('into something broken is read the same, refused by both, or left to the strict reader', () => {
      let left = 0
      fc.assert(
        fc.property(changes({ ...PLAIN, ...ODD }), ([name, steps]) => {
          const text = apply(name, steps)
          const outcome = scanned(text)
          if (outcome === undefined) left += 1
          else expect(outcome).toEqual(strict(text))
        }),
        { numRuns: 400 },
      )
      expect(left).toBeGreaterThan(30)
    })
  })
})
