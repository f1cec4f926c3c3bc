import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, instant, parseLocalDate, plusDays, plusMs } from '../../kernel/time.ts'
import { createPricing, DEFAULT_RATES, type MarkupRule } from '../../pricing/index.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { createPriceHistory } from './index.ts'
import { decodePriceFact, encodePriceFact, pricePlaceOf } from './price-fact.ts'

const HOUR = 3_600_000
const today = parseLocalDate('2026-11-01')
const route = { origin: 'CGK', destination: 'NRT', passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' } as const

function queryOn(departure: string, back?: string, more: Partial<FlightQuery> = {}): FlightQuery {
  const outbound = { origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate(departure) }
  const inbound = back === undefined ? [] : [{ origin: 'NRT', destination: 'CGK', departureDate: parseLocalDate(back) }]
  return { slices: [outbound, ...inbound], passengers: route.passengers, cabin: 'economy', ...more }
}

function dollars(amount: number, provider = 'alpha') {
  return { net: money(amount * 100, 'USD'), provider }
}

function historyWith(options: { markups?: MarkupRule[]; historyDays?: number } = {}) {
  const clock = createStoppedClock('2026-11-01T00:00:00Z')
  const pricing = createPricing({ version: '1', displayCurrency: 'USD', rates: DEFAULT_RATES, markups: options.markups ?? [] })
  const history = createPriceHistory({ redis: null, clock, pricing, config: { historyDays: options.historyDays ?? 3 } })
  const gridAt = (departure: string, back?: string) =>
    history.grid({
      route,
      dates: { departureDate: parseLocalDate(departure), returnDate: back === undefined ? null : parseLocalDate(back) },
      today,
    })
  const cellAt = async (departure: string, back?: string) =>
    (await gridAt(departure, back)).find(
      (cell) => cell.departureDate === departure && cell.returnDate === (back === undefined ? null : parseLocalDate(back)),
    )!
  return { clock, history, gridAt, cellAt }
}

describe('a price', () => {
  test('that was found is told with its age, on its own days only', async () => {
    const { clock, history, gridAt } = historyWith()
    history.note(queryOn('2026-12-02'), { cheapest: dollars(300), checkedAt: clock.now(), offers: 12 })
    history.note(queryOn('2026-12-04'), { cheapest: dollars(250), checkedAt: clock.now() })
    clock.advance(HOUR)
    const cells = await gridAt('2026-12-01')
    expect(cells.map((cell) => [cell.departureDate, cell.state, cell.price?.amount ?? null, cell.isCheapest])).toEqual([
      ['2026-11-28', 'unknown', null, false],
      ['2026-11-29', 'unknown', null, false],
      ['2026-11-30', 'unknown', null, false],
      ['2026-12-01', 'unknown', null, false],
      ['2026-12-02', 'priced', 30_000, false],
      ['2026-12-03', 'unknown', null, false],
      ['2026-12-04', 'priced', 25_000, true],
    ])
    expect(cells[4]!.checkedAt).toBe(clock.now() - HOUR)
  })

  test('is unknown when it was checked too long ago', async () => {
    const { clock, history, cellAt } = historyWith({ historyDays: 2 })
    history.note(queryOn('2026-12-01'), { cheapest: dollars(300), checkedAt: clock.now() })
    clock.advance(48 * HOUR)
    expect(await cellAt('2026-12-01')).toMatchObject({ state: 'priced' })
    clock.advance(1)
    expect(await cellAt('2026-12-01')).toMatchObject({ state: 'unknown', price: null, checkedAt: null })
  })

  test('nobody found is told apart from one nobody knows', async () => {
    const { clock, history, cellAt } = historyWith()
    history.note(queryOn('2026-12-01'), { cheapest: null, checkedAt: clock.now() })
    expect(await cellAt('2026-12-01')).toMatchObject({ state: 'none_found', price: null, checkedAt: clock.now() })
    expect(await cellAt('2026-12-02')).toMatchObject({ state: 'unknown', price: null, checkedAt: null })
  })

  test('is marked up when it is read', async () => {
    const plain = historyWith()
    const dearer = historyWith({ markups: [{ provider: 'alpha', basisPoints: 1_000, fee: null }] })
    for (const { clock, history } of [plain, dearer])
      history.note(queryOn('2026-12-01'), { cheapest: dollars(300), checkedAt: clock.now() })
    expect((await plain.cellAt('2026-12-01')).price).toEqual(money(30_000, 'USD'))
    expect((await dearer.cellAt('2026-12-01')).price).toEqual(money(33_000, 'USD'))
  })

  test('in a currency without a rate is unknown', async () => {
    const { clock, history, cellAt } = historyWith()
    history.note(queryOn('2026-12-01'), { cheapest: { net: money(100, 'KPW'), provider: 'alpha' }, checkedAt: clock.now() })
    expect(await cellAt('2026-12-01')).toMatchObject({ state: 'unknown', price: null })
  })

  test('checked later wins over one checked earlier, in whatever order they come', async () => {
    const { clock, history, cellAt } = historyWith()
    const earlier = clock.now()
    clock.advance(HOUR)
    history.note(queryOn('2026-12-01'), { cheapest: dollars(300), checkedAt: clock.now() })
    history.note(queryOn('2026-12-01'), { cheapest: dollars(100), checkedAt: earlier })
    expect((await cellAt('2026-12-01')).price).toEqual(money(30_000, 'USD'))
  })

  test('belongs to its cabin, its travellers and its direction', async () => {
    const { clock, history, gridAt } = historyWith()
    const found = { cheapest: dollars(1), checkedAt: clock.now() }
    history.note(queryOn('2026-12-01', undefined, { cabin: 'business' }), found)
    history.note(queryOn('2026-12-01', undefined, { passengers: { adults: 2, children: 0, infants: 0 } }), found)
    history.note(
      { ...queryOn('2026-12-01'), slices: [{ origin: 'NRT', destination: 'CGK', departureDate: parseLocalDate('2026-12-01') }] },
      found,
    )
    history.note(queryOn('2026-12-01', '2026-12-03'), found)
    expect(new Set((await gridAt('2026-12-01')).map((cell) => cell.state))).toEqual(new Set(['unknown']))
  })
})

test('a round trip has a grid of its own, without the days nobody could fly', async () => {
  const { clock, history } = historyWith()
  history.note(queryOn('2026-11-03', '2026-11-05'), { cheapest: dollars(500), checkedAt: clock.now() })
  const dates = { departureDate: parseLocalDate('2026-11-02'), returnDate: parseLocalDate('2026-11-04') }
  const cells = await history.grid({ route, dates, today })
  expect(cells.length).toBe(49)
  for (const cell of cells) {
    const isImpossible = cell.departureDate < today || cell.returnDate! < cell.departureDate
    expect(cell.state === 'impossible', `${cell.departureDate} ${cell.returnDate}`).toBe(isImpossible)
  }
  expect(cells.filter((cell) => cell.state === 'priced').map((cell) => [cell.departureDate, cell.returnDate, cell.isCheapest])).toEqual([
    ['2026-11-03', '2026-11-05', true],
  ])
})

test('days airlines do not sell yet are impossible', async () => {
  const { history } = historyWith()
  const cells = await history.grid({ route, dates: { departureDate: plusDays(today, 360), returnDate: null }, today })
  expect(cells.map((cell) => cell.state)).toEqual([...Array(5).fill('unknown'), 'impossible', 'impossible'])
})

test('a journey of several cities has no price of a route', () => {
  const { history, clock } = historyWith()
  const open = queryOn('2026-12-01')
  const openJaw = { ...open, slices: [...open.slices, { origin: 'HND', destination: 'CGK', departureDate: parseLocalDate('2026-12-09') }] }
  expect(pricePlaceOf(openJaw)).toBeNull()
  expect(pricePlaceOf({ ...open, slices: [] })).toBeNull()
  expect(() => history.note(openJaw, { cheapest: dollars(1), checkedAt: clock.now() })).not.toThrow()
})

test('a fact survives being written, and nothing else is read as one', () => {
  const checkedAt = instant(1_793_491_200_000)
  for (const fact of [
    { checkedAt, offers: 0, cheapest: null },
    { checkedAt, offers: 12, cheapest: { net: money(41_250, 'USD'), provider: 'travelport' } },
    { checkedAt: plusMs(checkedAt, 1000), offers: 1, cheapest: { net: money(0, 'IDR'), provider: 'x' } },
  ])
    expect(decodePriceFact(encodePriceFact(fact))).toEqual(fact)
  for (const text of [
    '',
    '0',
    'x',
    '1793491200',
    '1793491200 0 5 USD a',
    '1793491200 1 5 XQX a',
    '1793491200 1 -5 USD a',
    '1793491200 1 9999999999999999 USD a',
  ])
    expect(decodePriceFact(text), text).toBeNull()
})
