import { beforeEach, describe, expect, test } from 'vitest'
import { sellerOf } from '../../../test/support/fake-seller.ts'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { flightOffer } from '../../../test/support/offers.ts'
import { ask, ROUTE, searchOver as searchWith } from '../../../test/support/searching.ts'
import { formatMoney, money } from '../../kernel/money.ts'
import { createStoppedClock, plusMs, type Clock } from '../../kernel/time.ts'
import type { Provider } from '../../providers/contract.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { SearchConfig } from '../index.ts'

const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('NH', '3', 250)]
const MINUTE = 60_000

let clock: ReturnType<typeof createStoppedClock>
beforeEach(() => {
  clock = createStoppedClock('2026-11-01T00:00:00Z')
})

const searchOver = (providers: Provider[], config: Partial<SearchConfig> = {}, on: Clock = clock) =>
  searchWith(providers, { clock: on, config })

describe('an offer that was shown', () => {
  test('can be resolved after its prices were refreshed, until its supplier’s retention ends', async () => {
    const search = searchOver([sellerOf('alpha', offers, 0, { retentionMs: 12 * MINUTE })])
    const shown = (await ask(search)).body.data[0]!
    clock.advance(7 * MINUTE)
    const refreshed = (await ask(search)).body.data[0]!
    expect(refreshed.id).not.toBe(shown.id)
    clock.advance(5 * MINUTE - 1)
    const found = await search.findOffer(shown.id)
    expect(found).toMatchObject({ outcome: 'found', providerId: 'alpha', resolvableUntil: plusMs(clock.now(), 1) })
    if (found.outcome !== 'found') throw new Error('not found')
    expect(formatMoney(found.total)).toBe(`USD ${shown.total.amount}`)
    expect(found.offer).toEqual({ ...offers[1], provider: 'alpha', id: shown.id })
    clock.advance(1)
    expect(await search.findOffer(shown.id)).toEqual({ outcome: 'expired' })
    expect(await search.findOffer(refreshed.id)).toMatchObject({ outcome: 'found' })
  })

  test('is net inside and carries the price shown beside it', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const found = await search.findOffer((await ask(search)).body.data[0]!.id)
    if (found.outcome !== 'found') throw new Error('not found')
    expect([formatMoney(found.offer.total), formatMoney(found.total)]).toEqual(['USD 200.00', 'USD 202.00'])
  })

  test('shows nothing of what the supplier asks', async () => {
    const offer = flightOffer({
      total: money(20_000, 'USD'),
      base: money(15_000, 'USD'),
      taxes: money(5_000, 'USD'),
      supplierToken: 'secret words',
    })
    const search = searchOver([sellerOf('alpha', [offer])])
    for (const form of ['full', 'summary']) {
      const { bytes } = await ask(search, `${ROUTE}&view=${form}`)
      for (const hidden of ['200.00', '150.00', '50.00', 'secret words']) expect(bytes.includes(hidden), `${form} ${hidden}`).toBe(false)
    }
  })

  test('expires when its supplier withdraws it', async () => {
    const search = searchOver([sellerOf('alpha', [flightOffer({ expiresAt: plusMs(clock.now(), MINUTE) })])])
    const { id } = (await ask(search)).body.data[0]!
    clock.advance(MINUTE)
    expect(await search.findOffer(id)).toEqual({ outcome: 'expired' })
    expect((await ask(search)).body.data).toEqual([])
  })

  test('is unknown when it never was, expired when the cache has lost it, two when it is two tickets', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const { id } = (await ask(search)).body.data[0]!
    for (const never of [
      '',
      'off_1',
      'bkg_01',
      `${id}9`,
      id.replace(/_\d+$/, '_3'),
      id.replace('off_', 'off_z'),
      `off_${'z'.repeat(17)}_0`,
      `${id}~x`,
    ]) {
      expect([never, await search.findOffer(never)]).toEqual([never, { outcome: 'unknown' }])
    }
    expect(await searchOver([]).findOffer(id)).toEqual({ outcome: 'expired' })
    expect(await search.findOffer(`${id}~${id}`)).toEqual({ outcome: 'combined', offerIds: [id, id] })
  })
})

describe('alternatives to an offer that is gone', () => {
  test('are the nearest in price and time, one per itinerary, without the fare that is gone', async () => {
    const gone = nonstop('GA', '1', 300, '09:00')
    const others = [
      nonstop('GA', '9', 900, '09:00'),
      nonstop('SQ', '2', 310, '10:00'),
      nonstop('SQ', '2', 340, '10:00'),
      nonstop('NH', '3', 290, '22:00'),
      nonstop('JL', '4', 320, '08:30'),
    ]
    const search = searchOver([sellerOf('alpha', [gone, ...others]), sellerOf('beta', [nonstop('GA', '1', 305, '09:00')])])
    const { body } = await ask(search)
    const { id } = body.data.find(({ provider, total }) => provider === 'alpha' && total.amount === '303.00')!
    const found = await search.alternativesTo(id, 3)
    expect(found.map(({ offer }) => `${offer.provider} ${(offer as FlightOffer).slices[0]!.segments[0]!.carrier}`)).toEqual([
      'beta GA',
      'alpha SQ',
      'alpha JL',
    ])
  })

  test('come from the latest superset and can be verified', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const { id } = (await ask(search)).body.data[0]!
    clock.advance(12 * MINUTE)
    const latest = (await ask(search)).body.data.map((offer) => offer.id)
    const found = await search.alternativesTo(id, 3)
    expect(found.length).toBe(2)
    for (const { offer } of found) expect(latest).toContain(offer.id)
    expect(await search.alternativesTo('off_nothing', 3)).toEqual([])
  })
})

describe('an offer whose currency has no rate', () => {
  test('is not shown, and is counted where it came from', async () => {
    const search = searchOver([sellerOf('alpha', [...offers, flightOffer({ total: money(100, 'MMK') })])])
    expect((await ask(search)).body).toMatchObject({ total: 3, sources: [{ offers: 4, left_out: { unpriced: 1 } }] })
  })
})
