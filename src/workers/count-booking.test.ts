import { expect, test } from 'vitest'
import type { Bookings } from '../booking/index.ts'
import { createStoppedClock } from '../kernel/time.ts'
import { fakeSeller } from '../../test/support/fake-seller.ts'
import { createSuppliers } from '../search/suppliers/suppliers.ts'
import type { WorkerDeps } from './deps.ts'
import { reactions } from './reactions.ts'

test('a booking that its supplier has confirmed is counted for that supplier, once however often the reaction runs', async () => {
  const sellers = ['alpha', 'beta'].map((id) => fakeSeller(id, async () => ({ solutions: 0, offers: [] })))
  const suppliers = createSuppliers({
    providers: sellers,
    redis: null,
    clock: createStoppedClock('2026-11-01T00:00:00Z'),
    logger: { warn: () => undefined },
    deadlineMs: 1_000,
  })
  const bookings = {
    get: async (bookingId: string) => ({ items: [{ id: 'itm_1', provider: bookingId === 'bkg_1' ? 'beta' : 'alpha' }] }),
  } as unknown as Bookings
  const deps = { bookings, search: suppliers } as unknown as WorkerDeps
  const event = { id: 'evt_1', subjectId: 'bkg_1', body: { itemId: 'itm_1', attemptId: 'att_1', pnr: 'ABCDEF' } }
  for (let times = 0; times < 2; times += 1) await reactions['booking.reserved'].bookkeeping!['countBooking']!(deps, event)
  const scores = await suppliers.scorecard()
  expect(scores.map((score) => [score.provider, score.looks.today.bookings])).toEqual([
    ['alpha', 0],
    ['beta', 1],
  ])
})
