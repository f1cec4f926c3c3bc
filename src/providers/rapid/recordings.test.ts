import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { formatAmount } from '../../kernel/money.ts'
import type { MessageKind, Translation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { readItineraries, toReply } from './read-reply.ts'
import { toOccupancy } from './occupancy.ts'
import { toProperties } from './from-wire-content.ts'
import { translate } from './translate.ts'

const SHARED = new URL('../../../../shared/', import.meta.url)
const FOLDER = new URL('recordings/expedia-rapid/', SHARED)
const SPECS = new URL('schemas/expedia-rapid/specs.yaml', SHARED)

type ShopFacts = {
  property_count: number
  rate_count: number
  cheapest: { total: string; currency: string; property: string; room: string; rate: string; occupancy: string; refundable: boolean }
}
type ObjectFacts = {
  status: string | null
  itinerary_id: string | null
  links: string[]
  rooms: [string, string][]
  occupancy_totals: Record<string, { value: string; currency: string }>
}

const isThere = existsSync(FOLDER)
const facts = isThere ? (JSON.parse(readFileSync(new URL('recordings/facts.json', SHARED), 'utf8')) as Record<string, unknown>) : {}
const files = isThere
  ? readdirSync(FOLDER).flatMap((step) => readdirSync(new URL(`${step}/`, FOLDER)).map((file) => ({ step, path: `${step}/${file}` })))
  : []
const read = (path: string): string => readFileSync(new URL(path, FOLDER), 'utf8')
const about = <T>(path: string): T => facts[`expedia-rapid/${path}`] as T

describe.skipIf(!isThere)('every message recorded in ../shared/recordings/expedia-rapid (skipped where the folder is absent)', () => {
  test('each has facts and a reader', () => {
    expect([...new Set(files.map(({ step }) => step))].toSorted()).toEqual(['book', 'errors', 'price', 'retrieve', 'shop'])
    expect(files.filter(({ path }) => about(path) === undefined)).toEqual([])
  })

  test.each(files.filter(({ step }) => step === 'shop'))('$path: every rate, the cheapest to the last detail', ({ path }) => {
    const fact = about<ShopFacts>(path)
    const translation = translate('shop', read(path))
    if (translation.kind !== 'stays') throw new Error(translation.kind)
    expect(translation.solutions).toBe(fact.property_count)
    expect(translation.offers).toHaveLength(fact.rate_count)
    const cheapest = translation.offers.toSorted((a, b) => a.total.amount - b.total.amount)[0]!
    expect({
      total: formatAmount(cheapest.total),
      currency: cheapest.total.currency,
      property: cheapest.property,
      room: cheapest.rooms[0]!.code,
      rate: cheapest.ratePlan?.code,
      occupancy: toOccupancy(cheapest.rooms[0]!.occupancy),
      refundable: cheapest.refundable,
    }).toEqual(fact.cheapest)
  })

  test.each(files.filter(({ step }) => step === 'price'))('$path: its status, prices and links', ({ path }) => {
    const fact = about<ObjectFacts>(path)
    const translation = translate('price', read(path))
    if (translation.kind !== 'note') throw new Error(translation.kind)
    expect(translation.message).toBe(`price check: ${fact.status}`)
    const totals = Object.entries(fact.occupancy_totals).map(([key, { value, currency }]) => [key, { amount: value, currency }])
    expect(translation.facts).toMatchObject({ status: fact.status, occupancyTotals: Object.fromEntries(totals) })
    expect((translation.facts['links'] as string[]).toSorted()).toEqual(fact.links.toSorted())
  })

  test.each(files.filter(({ step }) => step === 'book' || step === 'retrieve'))('$path: the itinerary and its rooms', ({ step, path }) => {
    const fact = about<ObjectFacts>(path)
    const translation = translate(step as MessageKind, read(path))
    if (translation.kind !== 'reservation' || translation.result.outcome !== 'ok') throw new Error(JSON.stringify(translation))
    const { pnr, status, supplierRef, tickets } = translation.result.value
    expect(pnr).toBe(fact.itinerary_id)
    expect(tickets).toEqual([])
    expect(JSON.parse(supplierRef)).toMatchObject({ itinerary: fact.itinerary_id })
    if (fact.rooms.length > 0) expect(status).toBe(fact.rooms.every(([, room]) => room === 'booked') ? 'active' : 'unknown')
  })

  test('errors are outcomes, by what they prove', () => {
    expect(outcomeOf('book', read('errors/409.json'))).toMatchObject({
      outcome: 'rejected',
      reason: 'price_changed',
      code: 'price_mismatch',
    })
    expect(outcomeOf('book', read('errors/401.json'))).toMatchObject({ outcome: 'rejected', code: 'request_unauthenticated' })
    expect(() => translate('shop', read('errors/401.json'))).toThrow(expect.objectContaining({ fault: 'unauthorised' }) as Error)
  })
})

type Example = { readonly path: string; readonly method: string; readonly status: string; readonly name: string; readonly value: unknown }
const examples = existsSync(SPECS) ? listExamples() : []
const of = (path: string, method = 'get', ...statuses: string[]): Example[] =>
  examples.filter((one) => one.path === path && one.method === method && (statuses.length === 0 || statuses.includes(one.status)))

describe.skipIf(examples.length === 0)(
  'every example of their OpenAPI file that belongs to stays (skipped where the file is absent)',
  () => {
    test('there are many', () => {
      expect(examples.length).toBeGreaterThan(100)
    })

    test.each(examples.filter(({ path, status }) => path.endsWith('availability') && !path.startsWith('/calendars') && status === '200'))(
      'available rooms: $path $name',
      ({ value }) => {
        const translation = translate('shop', JSON.stringify(value))
        const properties = value as { rooms?: { rates: unknown[] }[] }[]
        const rates = properties.flatMap(({ rooms }) => (rooms ?? []).flatMap((room) => room.rates))
        expect(translation).toMatchObject({ kind: 'stays', solutions: properties.filter(({ rooms }) => rooms).length })
        expect(translation.kind === 'stays' && translation.offers).toHaveLength(rates.length)
      },
    )

    test.each(of('/properties/{property_id}/rooms/{room_id}/rates/{rate_id}', 'get', '200'))('price check: $name', ({ value }) => {
      expect(translate('price', JSON.stringify(value))).toMatchObject({
        kind: 'note',
        facts: { status: (value as { status: string }).status },
      })
    })

    test.each(of('/itineraries', 'post', '201'))('a booking: $name', ({ name, value }) => {
      const outcome = outcomeOf('book', JSON.stringify(value))
      if (name.includes('Payment Challenged')) expect(outcome).toMatchObject({ outcome: 'unknown', cause: 'pending' })
      else
        expect(outcome).toMatchObject({
          outcome: 'ok',
          value: { pnr: '8999989898988', status: name.includes('With Hold') ? 'unknown' : 'active' },
        })
    })

    test.each([...of('/itineraries', 'get', '200', '206'), ...of('/itineraries/{itinerary_id}', 'get', '200', '206')])(
      'an itinerary: $path $status $name',
      ({ value }) => {
        const translation = translate('retrieve', JSON.stringify(value))
        if (Array.isArray(value) && value.length === 0) {
          expect(translation).toMatchObject({ kind: 'note', facts: { itineraries: 0 } })
          expect(readItineraries(toReply(200, '[]'))).toEqual([])
          return
        }
        expect(translation).toMatchObject({
          kind: 'reservation',
          result: { outcome: 'ok', value: { pnr: '8999989898988', status: 'active' } },
        })
      },
    )

    test.each(of('/properties/content', 'get', '200'))('static content: $name', ({ name, value }) => {
      const properties = toProperties(value as Record<string, unknown>)
      // An answer to a question for three fields lacks the place, and is no property of ours.
      expect(properties).toHaveLength(name.includes('include') ? 0 : Object.keys(value as object).length)
      for (const property of properties) expect(property).toMatchObject({ provider: 'rapid', name: expect.any(String) as string })
    })

    test.each(examples.filter(({ path, status }) => Number(status) >= 400 && /^\/(properties\/(\{|availability)|itineraries)/.test(path)))(
      'an error is never taken for a success: $method $path $status $name',
      ({ status, value }) => {
        const message = JSON.stringify(value)
        const type = (value as { type: string }).type
        for (const kind of ['shop', 'price'] as const) {
          const error = thrownBy(() => translate(kind, message))
          expect(error).toBeInstanceOf(ProviderError)
          expect((error as ProviderError).fault).not.toBe('malformed')
        }
        for (const kind of ['book', 'retrieve'] as const) {
          const outcome = outcomeOf(kind, message)
          expect(outcome.outcome).not.toBe('ok')
          if (Number(status) >= 500 || message.includes('duplicate_itinerary')) expect(outcome.outcome, type).toBe('unknown')
        }
      },
    )
  },
)

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return null
}

function outcomeOf(kind: MessageKind, message: string): WriteOutcome<unknown> {
  const translation: Translation = translate(kind, message)
  if (translation.kind !== 'reservation') throw new Error(`understood ${translation.kind}`)
  return translation.result
}

/** YAML is read with the package that our API documentation reads it with; it is none of our own. */
function listExamples(): Example[] {
  const { parse } = createRequire(import.meta.resolve('@fastify/swagger'))('yaml') as { parse: (text: string, options: object) => Node }
  const specs = parse(readFileSync(SPECS, 'utf8'), { maxAliasCount: -1, logLevel: 'silent' })
  const follow = (node: Node | undefined): Node => {
    const ref = node?.['$ref']
    if (typeof ref !== 'string') return node ?? {}
    return follow(
      ref
        .split('/')
        .slice(1)
        .reduce<Node>((at, key) => at[key] as Node, specs),
    )
  }
  return Object.entries(specs['paths'] as Node).flatMap(([path, methods]) =>
    Object.entries(methods as Node)
      .filter(([method]) => ['get', 'post', 'put', 'delete'].includes(method))
      .flatMap(([method, operation]) =>
        Object.entries((operation as Node)['responses'] as Node).flatMap(([status, response]) =>
          Object.values((follow(response as Node)['content'] ?? {}) as Node).flatMap((content) => {
            const { examples: named, example } = content as { examples?: Node; example?: unknown }
            return [
              ...Object.entries(named ?? {}).map(([name, one]) => ({ path, method, status, name, value: follow(one as Node)['value'] })),
              ...(example === undefined ? [] : [{ path, method, status, name: 'example', value: example }]),
            ]
          }),
        ),
      ),
  )
}

type Node = { readonly [key: string]: unknown }
