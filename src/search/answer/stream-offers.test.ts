import { beforeEach, describe, expect, test } from 'vitest'
import Value from 'typebox/value'
import { fakeSeller, sellerOf } from '../../../test/support/fake-seller.ts'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { ask, ROUTE, searchOver as searchWith } from '../../../test/support/searching.ts'
import { createStoppedClock, type Clock } from '../../kernel/time.ts'
import type { Provider } from '../../providers/contract.ts'
import { ProviderError } from '../../providers/errors.ts'
import type { SearchConfig } from '../index.ts'
import { OffersEvent } from '../schemas.ts'
import type { SearchEvent } from './stream-offers.ts'

const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('NH', '3', 250)]
/** What another supplier sells, of which nothing is the same. */
const otherFlights = (n: number) => [nonstop('GA', `${n}1`, 300), nonstop('SQ', `${n}2`, 200), nonstop('NH', `${n}3`, 250)]

let clock: ReturnType<typeof createStoppedClock>
beforeEach(() => {
  clock = createStoppedClock('2026-11-01T00:00:00Z')
})

const searchOver = (providers: Provider[], config: Partial<SearchConfig> = {}, on: Clock = clock) =>
  searchWith(providers, { clock: on, config })

describe('a stream', () => {
  async function follow(search: ReturnType<typeof searchOver>, lastEventId: string | null = null, query = ROUTE): Promise<SearchEvent[]> {
    const events: SearchEvent[] = []
    await search.streamOffers({
      asked: search.parse(query),
      onEvent: (event) => events.push(event),
      signal: new AbortController().signal,
      lastEventId,
    })
    return events
  }
  const inShort = (events: readonly SearchEvent[]) =>
    events.map(({ name, data }) => {
      const told = JSON.parse(data)
      if (name === 'source') return `${told.provider} ${told.state}`
      if (name === 'offers') return `offers +${told.upsert.length} -${told.remove.length} of ${told.total}`
      return name === 'done' ? `done ${told.answered}/${told.total}` : name
    })

  test('tells each supplier’s progress and the growing list', async () => {
    const search = searchOver(
      [sellerOf('quick', offers, 5), sellerOf('slow', otherFlights(1), 200), sellerOf('late', otherFlights(2), 1_500)],
      {
        deadlineMs: 450,
      },
    )
    const events = await follow(search)
    const told = inShort(events).filter((event) => !event.startsWith('offers'))
    expect(told).toEqual([
      ...['quick asked', 'slow asked', 'late asked'],
      ...['quick answered', 'slow answered', 'late timed_out', 'facets', 'done 2/3'],
    ])
    // However the answers fall together, six offers are put in, three of them at once.
    const lists = events.filter(({ name }) => name === 'offers').map(({ data }) => JSON.parse(data))
    expect([lists[0].total, lists[0].reset, lists.at(-1).total]).toEqual([3, true, 6])
    expect(lists.flatMap((list) => list.upsert).length).toBe(6)
    await search.idle()
    expect(inShort(await follow(search))).toEqual([
      'quick answered',
      'slow answered',
      'late answered',
      'offers +9 -0 of 9',
      'facets',
      'done 3/3',
    ])
  })

  test('what it puts in and takes out leads to the page that a plain request shows', async () => {
    const dear = Array.from({ length: 6 }, (_, i) => nonstop('GA', String(i), 500 + i))
    const cheap = Array.from({ length: 4 }, (_, i) => nonstop('SQ', String(i), 100 + i))
    const search = searchOver([sellerOf('quick', dear), sellerOf('slow', cheap, 60)])
    const held = new Map<string, unknown>()
    let order: string[] = []
    for (const { name, data } of await follow(search, null, `${ROUTE}&limit=5`)) {
      if (name !== 'offers') continue
      const change = JSON.parse(data)
      expect(Value.Errors(OffersEvent, change)).toEqual([])
      if (change.reset) held.clear()
      for (const id of change.remove) expect(held.delete(id)).toBe(true)
      for (const offer of change.upsert) held.set(offer.id, offer)
      order = change.order
      expect(held.size).toBe(order.length)
    }
    expect(order.map((id) => held.get(id))).toEqual((await ask(search, `${ROUTE}&limit=5`)).body.data)
  })

  test('tells a result again when another supplier turns out to sell it, and takes out one that is sold cheaper', async () => {
    const at = (dollars: number) => nonstop('GA', '1', dollars)
    const dear = [at(300), nonstop('SQ', '2', 200)]
    const search = searchOver([sellerOf('quick', dear), sellerOf('slow', [at(280), nonstop('SQ', '2', 220)], 60)])
    const held = new Map<string, { provider: string; alternatives: { provider: string }[] }>()
    let order: string[] = []
    for (const { name, data } of await follow(search)) {
      if (name !== 'offers') continue
      const change = JSON.parse(data)
      for (const id of change.remove) held.delete(id)
      for (const offer of change.upsert) held.set(offer.id, offer)
      order = change.order
    }
    const told = order.map((id) => held.get(id)!)
    expect(told.map(({ provider, alternatives }) => [provider, ...alternatives.map((one) => one.provider)])).toEqual([
      ['quick', 'slow'],
      ['slow', 'quick'],
    ])
    expect(held.size).toBe(2)
    expect(told).toEqual((await ask(search)).body.data)
  })

  test('of a search that finds nothing still shows the empty list', async () => {
    const search = searchOver([fakeSeller('down', () => Promise.reject(new ProviderError('down', 'unreachable', '')))])
    expect(inShort(await follow(search))).toEqual(['down asked', 'down failed', 'offers +0 -0 of 0', 'facets', 'done 0/1'])
  })

  test('who comes back to what it has seen is told that it is all, and else everything anew', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const seen = (await follow(search)).at(-1)!.id
    expect(inShort(await follow(search, seen))).toEqual(['alpha answered', 'done 1/1'])
    const [, again] = await follow(search, 'something else')
    expect(JSON.parse(again!.data)).toMatchObject({ reset: true, order: { length: 3 } })
  })
})
