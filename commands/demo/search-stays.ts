import { setTimeout as sleep } from 'node:timers/promises'
import { randomInt } from 'node:crypto'
import { plusDays, systemClock, utcDate } from '../../src/kernel/time.ts'
import type { StayOfferView } from '../../src/travel/stay-view.ts'
import { expectStatus } from './client.ts'
import { isOfSupplier, words, type Scene } from './scene.ts'

type Reply = {
  readonly data: readonly { readonly house: { readonly name: string }; readonly offers: readonly StayOfferView[] }[]
  readonly total: number
  readonly matching: number
  readonly sources: readonly { readonly provider: string; readonly state: string; readonly offers: number; readonly ms: number }[]
}

const PLACES = ['SIN', 'BCN', 'BKK', 'IST'] as const
const SEARCH_MS = 15_000
const SEARCH_AGAIN_MS = 200

/**
 * Searches rooms for two, narrows the search down to what is paid now, and returns the cheapest rates of the scene's supplier, each of
 * another house.
 */
export async function searchStays(scene: Scene): Promise<readonly StayOfferView[]> {
  const { story } = scene
  const place = PLACES[randomInt(PLACES.length)]!
  const checkIn = plusDays(utcDate(systemClock.now()), 30 + randomInt(60))
  const query = `place=${place}&check_in=${checkIn}&check_out=${plusDays(checkIn, 2)}&rooms=2&limit=50`
  const all = await story.step('search', async () => {
    const reply = await search(scene, query)
    const sources = reply.sources.map((source) => `${source.provider} ${source.state} ${source.offers} in ${source.ms} ms`)
    return { result: reply, remark: `${place} from ${checkIn}, ${reply.total} houses: ${sources.join(', ')}` }
  })
  if (all.total === 0) throw new Error('no supplier has a room to sell')
  return story.step('filter', async () => {
    const reply = await search(scene, `${query}&pay_at=booking`)
    const shown = reply.data.flatMap(({ offers }) => offers)
    story.check(
      'a filter shows only what it promises',
      shown.length > 0 && shown.every((offer) => offer.pay_at === 'booking'),
      `${shown.filter((offer) => offer.pay_at !== 'booking').length} of ${shown.length} rates are not paid at booking`,
    )
    const own = reply.data.flatMap(({ offers }) => offers.filter((offer) => isOfSupplier(offer.provider, scene.provider)).slice(0, 1))
    const [cheapest] = own
    if (!cheapest) throw new Error(`${scene.provider} has no room that is paid at booking`)
    return {
      result: own,
      ids: { offer: cheapest.id },
      remark: `${reply.matching} houses paid at booking; ${scene.provider} from ${words(cheapest.total)} at ${cheapest.property.name}`,
    }
  })
}

/** Asks until every supplier has been heard: the first answer need not wait for the slow ones. */
async function search(scene: Scene, query: string): Promise<Reply> {
  const deadline = performance.now() + SEARCH_MS
  for (;;) {
    const reply = expectStatus(await scene.api.get<Reply>(`/v1/stays/offers?${query}`), 200, 'the search')
    if (reply.sources.every((source) => source.state !== 'asked') || performance.now() > deadline) return reply
    await sleep(SEARCH_AGAIN_MS)
  }
}
