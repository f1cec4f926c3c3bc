import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createStoppedClock } from '../../kernel/time.ts'
import { FLIGHT_COLUMNS } from '../flights/flight-columns.ts'
import { STAY_COLUMNS } from '../stays/stay-columns.ts'
import { TRIP_COLUMNS } from '../trips/trip-columns.ts'
import { NONE, UNKNOWN, type ColumnSchema, type FacetColumn, type OfferRow, type Selection } from './column-schema.ts'
import { encodePart, openPart } from './part.ts'
import { priceParts, type PricedView } from './priced-view.ts'
import { createRenderer } from './render.ts'
import type { Wording } from './wording.ts'
import { placeOf, selectPage, type Place } from './select.ts'

const { now } = createStoppedClock('2026-11-01T00:00:00Z')
const VALUES = ['a', 'b', 'c']
const BOUND = 5
const setOf = (row: OfferRow, facet: FacetColumn) => {
  const value = row.facets[facet.name]!
  return typeof value === 'string' ? [value] : value
}

/** One row with a value in every column of the schema, whatever it stands for. */
const anyRow = (schema: ColumnSchema): fc.Arbitrary<OfferRow> =>
  fc
    .record({
      amount: fc.integer({ min: 1, max: 9 }),
      house: fc.constantFrom('old mill', 'new mill', 'inn'),
      texts: fc.array(fc.subarray(VALUES), { minLength: schema.facets.length, maxLength: schema.facets.length }),
      numbers: fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(UNKNOWN, NONE)), {
        minLength: schema.numbers.length,
        maxLength: schema.numbers.length,
      }),
    })
    .map(({ amount, house, texts, numbers }) => ({
      net: { amount, currency: 'EUR' },
      expiresAt: null,
      facets: Object.fromEntries(
        schema.facets.map((facet, i) => [facet.name, facet.kind === 'one' ? (texts[i]![0] ?? 'unknown') : texts[i]!]),
      ),
      numbers: Object.fromEntries(schema.numbers.map((column, i) => [column.name, numbers[i]!])),
      ...(schema.texts !== undefined && { texts: Object.fromEntries(schema.texts.map((name) => [name, house])) }),
      netFare: '{}',
      full: '"kind":1}',
      token: '',
    }))

const wording: Wording = {
  money: (minorUnits) => String(minorUnits),
  facetValue: (_, value) => JSON.stringify(value),
  offerHead: (_part, _i, { id, price }) => `{"id":"${id}","total":${price},`,
  offerSummary: () => '{}',
  offerId: ({ firstIndex }, i) => String(firstIndex + i),
}

/** The plain meaning of the three kinds of facets and of bounds. */
function passes(schema: ColumnSchema, row: OfferRow, { only, without, ranges, price, words }: Selection, except: string | null): boolean {
  return (
    Object.entries(words ?? {}).every(([name, wanted]) =>
      wanted.every((word) => row.texts![name]!.split(' ').some((one) => one.startsWith(word))),
    ) &&
    schema.facets.every((facet) => {
      if (facet.group === except) return true
      const chosen = only[facet.name]
      const set = setOf(row, facet)
      const isChosen =
        chosen === undefined ||
        (facet.kind === 'has' ? chosen.every((value) => set.includes(value)) : set.every((value) => chosen.includes(value)))
      return isChosen && !(without[facet.name] ?? []).some((value) => set.includes(value))
    }) &&
    schema.numbers.every((column) => {
      const range = ranges[column.name]
      const value = row.numbers[column.name]!
      if (range === undefined || column.group === except || value === NONE) return true
      return value !== UNKNOWN && value >= range.from && value <= range.to
    }) &&
    (except === 'price' || price.max === null || row.net.amount <= price.max)
  )
}

/** The offers of all pages, each page begun where the one before ended. */
function pagesOf(view: PricedView, selection: Selection, limit: number): number[] {
  const shown: number[] = []
  let after: Place | null = null
  for (;;) {
    const page = selectPage(view, selection, { limit, after })
    shown.push(...Array.from(page.positions, (position) => view.indexOf[position]!))
    if (!page.hasMore) return shown
    after = placeOf(view, selection.sort, page.positions[page.positions.length - 1]!)
  }
}

/** One row for each result: of a group the first. */
function resultsOf<T extends { row: OfferRow }>(schema: ColumnSchema, rows: readonly T[]): T[] {
  const { group } = schema
  if (group === undefined) return [...rows]
  return rows.filter((one, i) => rows.findIndex((other) => other.row.texts![group] === one.row.texts![group]) === i)
}

describe.each([FLIGHT_COLUMNS, STAY_COLUMNS, TRIP_COLUMNS])('the engine on the columns of a $kind', (schema) => {
  const oneFilter = fc.record({ place: fc.nat(), chosen: fc.subarray(VALUES, { minLength: 1 }), isOut: fc.boolean() })
  const anyCase = fc.record({
    rows: fc.array(anyRow(schema), { maxLength: 40 }),
    filters: fc.array(oneFilter, { maxLength: 2 }),
    column: fc.option(fc.nat()),
    max: fc.option(fc.integer({ min: 1, max: 9 })),
    word: fc.option(fc.constantFrom('mi', 'new', 'o', 'x')),
    limit: fc.integer({ min: 1, max: 4 }),
  })

  test('filters and counts as the words say', () => {
    fc.assert(
      fc.property(anyCase, ({ rows, filters, column, max, word, limit }) => {
        const named = (isOut: boolean) =>
          Object.fromEntries(
            filters.filter((one) => one.isOut === isOut).map((one) => [schema.facets[one.place % schema.facets.length]!.name, one.chosen]),
          )
        const ranges = column === null ? {} : { [schema.numbers[column % schema.numbers.length]!.name]: { from: 0, to: BOUND } }
        const words = word === null || schema.group === undefined ? {} : { words: { [schema.texts!.at(-1)!]: [word] } }
        const selection: Selection = {
          only: named(false),
          without: named(true),
          ranges,
          price: { min: null, max },
          ...words,
          sort: 'price',
        }
        const part = openPart(encodePart(schema, rows))
        const placed = { part, provider: 'p', version: 'v', firstIndex: 0, firstNumber: 0 }
        const view = priceParts(schema, [placed], () => (amount) => amount, now())
        const page = selectPage(view, selection, { limit: 100, after: null })

        const expected = rows.map((row, i) => ({ row, i })).sort((a, b) => a.row.net.amount - b.row.net.amount || a.i - b.i)
        const left = (except: string | null) => expected.filter(({ row }) => passes(schema, row, selection, except))
        const results = resultsOf(schema, left(null))
        expect(Array.from(page.positions, (position) => view.indexOf[position])).toEqual(results.map(({ i }) => i))
        expect([view.results, page.matching]).toEqual([resultsOf(schema, expected).length, results.length])
        expect(pagesOf(view, selection, limit)).toEqual(results.map(({ i }) => i))
        for (const [place, { row }] of page.groups === null ? [] : results.entries()) {
          const own = left(null).filter((one) => one.row.texts![schema.group!] === row.texts![schema.group!])
          const shown = page.groups![place]!
          expect(Array.from(shown.positions, (position) => view.indexOf[position])).toEqual(own.slice(0, 3).map(({ i }) => i))
          expect(shown.more).toBe(Math.max(0, own.length - 3))
        }
        const told = JSON.parse(createRenderer(wording).facets(view, page))
        for (const facet of schema.facets.filter((one) => one.isReported)) {
          for (const { value, count, from } of told[facet.name]) {
            const counted = resultsOf(
              schema,
              left(facet.group).filter(({ row }) => {
                const set = setOf(row, facet)
                return set.includes(value) && (facet.kind === 'has' || set.length === 1)
              }),
            )
            expect([facet.name, value, count, from]).toEqual([facet.name, value, counted.length, counted[0]?.row.net.amount ?? null])
          }
        }
        for (const { name, least, greatest } of schema.reports) {
          const group = schema.numbers.find((one) => one.name === least)!.group
          const known = (column: string) =>
            left(group)
              .map(({ row }) => row.numbers[column]!)
              .filter((value) => value !== UNKNOWN && value !== NONE)
          const [low, high] = [known(least), known(greatest)]
          if (low.length === 0 || high.length === 0) expect(told[name]).toBeNull()
          else expect([told[name].min, told[name].max]).toEqual([Math.min(...low), Math.max(...high)])
        }
      }),
      { numRuns: 300 },
    )
  })
})
