import { startDuffelMock, type DuffelMock } from '../../fixtures/duffel/index.ts'
import { plusDays, utcDate } from '../../src/kernel/time.ts'
import type { OfferView } from '../../src/travel/offer-view.ts'
import { createApi, type Verification } from '../demo/client.ts'
import type { RowScene } from './row.ts'

/** A second supplier: one that tells of changes of airlines, and has a statement. */
export type SoldForDuffel = {
  readonly duffel: DuffelMock
  /** One of its offers, confirmed live. */
  readonly offer: () => Promise<OfferView>
  /** Ends everybody who sells for it; the runner brings the usual ones back. */
  readonly leave: () => Promise<void>
}

/** Replaces every process by one API and two workers that sell for Duffel as well. */
export async function sellForDuffel({ stack, travellers, seeded }: RowScene): Promise<SoldForDuffel> {
  const duffel = await startDuffelMock({ clock: stack.clock })
  stack.alsoSells(() => duffel.control.state().reservations)
  const environment = { DUFFEL_URL: duffel.url, DUFFEL_TOKEN: duffel.token }
  const before = stack.processes()
  const sellers = await Promise.all([
    stack.start('api', environment),
    stack.start('worker', environment),
    stack.start('worker', environment),
  ])
  await Promise.all(before.map((one) => one.stop()))
  return {
    duffel,
    offer: async () => {
      const date = plusDays(utcDate(stack.clock.now()), 40 + seeded.int(20))
      for (let round = 0; round < 40; round += 1) {
        const found = await travellers.get<{ data: OfferView[] }>(
          `/v1/flights/offers?origin=SIN&destination=LHR&departure_date=${date}&adults=1&limit=50`,
        )
        for (const offer of found?.body.data?.filter(({ provider }) => provider === 'duffel') ?? []) {
          // Not a write that is repeated later: once this row is over, no API here sells for Duffel any more.
          const verified = await createApi(sellers[0].url).post<Verification>(`/v1/offers/${offer.id}/verifications`, {})
          if (verified.status === 200 && verified.body.offer) return verified.body.offer as OfferView
        }
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      throw new Error('Duffel has nothing to sell')
    },
    leave: async () => {
      await Promise.all(sellers.map((one) => one.stop()))
      await duffel.close()
    },
  }
}
