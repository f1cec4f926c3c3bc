import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCurrency } from '../../kernel/currency.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { createCursorCodec } from './cursor.ts'
import { parseSearch, type ParseSearchDeps } from './parse-search.ts'
import { createBroadReader } from './read-broad-search.ts'

const deps: ParseSearchDeps = {
  readBroad: createBroadReader(createStoppedClock('2026-11-25T12:00:00Z')),
  cursors: createCursorCodec('secret'),
  displayCurrency: parseCurrency('USD'),
}
const parse = (query: string) => parseSearch(deps, query)

type Pair = readonly [name: string, value: string]

/** Parameters whose values may be written in small letters, and those that are lists. */
const CAPITALS = [
  'origin',
  'destination',
  'slice',
  'airlines',
  'exclude_airlines',
  'connections',
  'exclude_connections',
  'origin_airports',
  'destination_airports',
]
const LISTS = [...CAPITALS.slice(3), 'alliances', 'cabins', 'bags', 'refundable', 'changeable', 'suppliers', 'overnight']
const WHOLE = [
  'adults',
  'children',
  'infants',
  'nearby_km',
  'max_stops',
  'max_duration',
  'min_connection',
  'max_connection',
  'max_emissions',
  'limit',
]
const PRICES = ['min_price', 'max_price']
/** Names of one thing. */
const ALIASES: Readonly<Record<string, string>> = {
  departure_after: 'slice_1_departure_after',
  return_arrival_before: 'slice_2_arrival_before',
}

const some = (...values: string[]) => fc.constantFrom(...values)
const listOf = (...values: string[]) => fc.subarray(values, { minLength: 1 }).map((list) => list.join(','))
const optional = (entries: Record<string, fc.Arbitrary<string>>) =>
  fc
    .record(Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, fc.option(value, { nil: undefined, freq: 2 })])))
    .map((record): Pair[] => Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const journey: fc.Arbitrary<Pair[]> = fc.oneof(
  some('2026-12-01', '2026-12-02').map((date): Pair[] => [
    ['origin', 'CGK'],
    ['destination', 'NRT'],
    ['departure_date', date],
  ]),
  some('2026-12-01', '2026-12-10').map((date): Pair[] => [
    ['origin', 'JKT'],
    ['destination', 'LON'],
    ['departure_date', '2026-12-01'],
    ['return_date', date],
  ]),
  some('CGK', 'SIN').map((place): Pair[] => [
    ['slice', 'CGK.NRT.2026-12-01'],
    ['slice', `NRT.${place}.2026-12-03`],
  ]),
  fc.constant<Pair[]>([['slice', 'CGK.NRT.2026-12-01']]),
)
const broad = optional({
  adults: some('1', '2'),
  children: some('0', '1'),
  infants: some('0', '1'),
  cabin: some('economy', 'first'),
  nearby_km: some('0', '80'),
})
const selection = optional({
  max_stops: some('0', '1', '9'),
  airlines: listOf('GA', 'SQ', 'JL'),
  exclude_airlines: listOf('3K', 'JT'),
  alliances: listOf('star', 'oneworld', 'skyteam'),
  min_price: some('0', '100', '100.50'),
  max_price: some('900', '900.05'),
  max_duration: some('600', '1200'),
  connections: listOf('SIN', 'TYO', 'HND', 'NRT'),
  exclude_connections: listOf('KUL', 'XQX'),
  min_connection: some('0', '60'),
  max_connection: some('60', '240'),
  cabins: listOf('business', 'economy', 'mixed'),
  bags: listOf('0', '1', '2', 'unknown'),
  refundable: listOf('yes', 'no', 'unknown'),
  changeable: listOf('yes', 'unknown'),
  suppliers: listOf('duffel', 'travelport'),
  overnight: listOf('yes', 'no'),
  origin_airports: listOf('CGK', 'HLP', 'JKT'),
  destination_airports: listOf('LHR', 'LGW'),
  max_emissions: some('500', '900'),
  departure_after: some('00:00', '06:00', '22:00'),
  departure_before: some('09:30', '21:59', '23:59'),
  arrival_before: some('00:00', '23:59'),
  sort: some('price', 'best', 'duration'),
  self_transfer: some('exclude'),
})
const page = optional({ limit: some('25', '50'), view: some('full', 'summary') })
const whole = fc
  .tuple(journey, broad, selection, page)
  .map((parts) => parts.flat() as Pair[])
  .filter(isValid)

/** Nearby airports are not for every journey: that is no question of spelling. */
function isValid(pairs: readonly Pair[]): boolean {
  try {
    parse(spellPlainly(pairs))
    return true
  } catch {
    return false
  }
}

function spellPlainly(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

/** Another way of writing the same: order, small letters, repeated and shuffled lists, zeros, encoding, other names. */
function spellOtherwise(pairs: readonly Pair[], choices: readonly number[]): string {
  let next = 0
  const choose = (count: number) => choices[next++ % choices.length]! % count
  const slices = pairs.filter(([name]) => name === 'slice')
  const rest = shuffle(
    pairs.filter(([name]) => name !== 'slice'),
    choose,
  )
  // Slices stand in their order, wherever they stand.
  for (const slice of slices.toReversed()) rest.unshift(slice)
  return rest
    .map(([name, value]) => {
      let text = value
      if (LISTS.includes(name) && choose(2) === 1) text = shuffle([...text.split(','), text.split(',')[0]!], choose).join(',')
      if (CAPITALS.includes(name) && choose(2) === 1) text = text.toLowerCase()
      if (WHOLE.includes(name)) text = text.padStart(choose(5), '0')
      if (PRICES.includes(name) && choose(2) === 1) text = text.includes('.') ? `0${text}000` : `${text}.00`
      if (choose(3) === 1) text = [...text].map((letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`).join('')
      const alias = choose(2) === 1 ? ALIASES[name] : undefined
      return `${choose(9) === 1 ? '&' : ''}${alias ?? name}=${choose(4) === 1 ? '+' : ''}${text}`
    })
    .join('&')
}

function shuffle<T>(list: readonly T[], choose: (count: number) => number): T[] {
  const left = [...list]
  return list.map(() => left.splice(choose(left.length), 1)[0]!)
}

test('every way of writing a search and view has one query string, which is read as itself', () => {
  fc.assert(
    fc.property(whole, fc.array(fc.nat(), { minLength: 7, maxLength: 40 }), (pairs, choices) => {
      const plain = parse(spellPlainly(pairs))
      const other = parse(spellOtherwise(pairs, choices))
      expect(other).toEqual(plain)
      const canonical = parse(plain.canonicalQuery)
      expect(canonical).toEqual(plain)
    }),
    { numRuns: 2_000 },
  )
})

test('the query string says the search, then the selection, then the page', () => {
  fc.assert(
    fc.property(whole, (pairs) => {
      const { search, view, canonicalQuery } = parse(spellPlainly(pairs))
      const pageName = `${view.limit === 25 ? '' : `&limit=${view.limit}`}${view.form === 'full' ? '' : `&view=${view.form}`}`
      expect(canonicalQuery).toBe(`${search.name}${view.selectionName === '' ? '' : '&'}${view.selectionName}${pageName}`)
      expect(canonicalQuery).toMatch(/^[\w=&.,:-]+$/)
    }),
  )
})

test('selections have equal names exactly when they are equal', () => {
  const route: Pair[] = [
    ['origin', 'CGK'],
    ['destination', 'NRT'],
    ['departure_date', '2026-12-01'],
  ]
  const nameOf = (pairs: readonly Pair[]) => parse(spellPlainly([...route, ...pairs])).view
  const few = optional({
    departure_after: some('00:00', '06:00', '22:00'),
    departure_before: some('05:59', '21:59', '23:59'),
    min_price: some('0', '0.00', '5'),
    connections: listOf('TYO', 'HND', 'NRT'),
    sort: some('price', 'best'),
    self_transfer: some('include', 'exclude', 'only'),
  })
  const [same, different] = [{ seen: 0 }, { seen: 0 }]
  fc.assert(
    fc.property(
      fc.oneof(
        few,
        selection.filter((pairs) => isValid([...route, ...pairs])),
      ),
      few,
      (a, b) => {
        const [first, second] = [nameOf(a), nameOf(b)]
        const isSame = isDeepStrictEqual(first.selection, second.selection)
        ;(isSame ? same : different).seen += 1
        expect([first.selectionName, second.selectionName, first.selectionName === second.selectionName]).toEqual([
          first.selectionName,
          second.selectionName,
          isSame,
        ])
      },
    ),
    { numRuns: 3_000 },
  )
  expect(same.seen).toBeGreaterThan(20)
  expect(different.seen).toBeGreaterThan(1_000)
})

test('a search has one name however wide it is asked, and another when anything of it differs', () => {
  fc.assert(
    fc.property(fc.tuple(journey, broad), fc.tuple(journey, broad), (a, b) => {
      const [first, second] = [a.flat() as Pair[], b.flat() as Pair[]]
      fc.pre(isValid(first) && isValid(second))
      const [one, other] = [parse(spellPlainly(first)).search, parse(spellPlainly(second)).search]
      const facts = ({ query, nearbyKm, combinesTickets }: typeof one) => ({ query, nearbyKm, combinesTickets })
      expect(one.name === other.name).toBe(isDeepStrictEqual(facts(one), facts(other)))
      expect(one.key === other.key).toBe(isDeepStrictEqual(one.query, other.query))
    }),
    { numRuns: 1_000 },
  )
})
