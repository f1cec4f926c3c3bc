import { plusDays, utcDate } from '../../../src/kernel/time.ts'
import type { Row, RowScene, RowFacts } from '../row.ts'
import type { ChaosStack } from '../stack.ts'
import { idsOf } from './suppliers.ts'
import { until } from '../until.ts'

const ROUTE = { origin: 'SIN', destination: 'LHR' }
const ENDED_MS = 120_000

/** F21: many buyers at two APIs for the supplier's last seats, whose mock counts them. */
export const crowdRows: readonly Row[] = [
  {
    id: 'F21',
    fault: 'a crowd buys the same last seat, and another crowd fifty times fewer seats than they are',
    run: async (scene) => {
      const places = Math.ceil(5 * scene.scale)
      const buyers = Math.ceil(50 * scene.scale)
      const one = await sellOut(scene, 100 + scene.seeded.int(60), buyers, 1)
      const some = await sellOut(scene, 200 + scene.seeded.int(60), buyers, places)
      return {
        broken: [...one.broken, ...some.broken],
        figures: { buyers: buyers * 2, winners_of_1: one.winners, [`winners_of_${places}`]: some.winners },
      }
    },
    control: {
      without: 'the supplier counting its seats',
      disarm: async (stack) => {
        await setStock(stack, { checked: false })
        return () => setStock(stack, { checked: true })
      },
      run: async (scene): Promise<RowFacts> => {
        await sellOut(scene, 300 + scene.seeded.int(30), 10, 1)
        return {}
      },
    },
  },
]

async function sellOut(
  { stack, travellers }: RowScene,
  days: number,
  buyers: number,
  seats: number,
): Promise<{ winners: number; broken: string[] }> {
  const date = plusDays(utcDate(stack.clock.now()), days)
  await setStock(stack, { route: `${ROUTE.origin}-${ROUTE.destination}`, date, seats })
  const offers = await travellers.verified(buyers, { ...ROUTE, days, fares: 1 })
  const journeys = await Promise.all(offers.map((offer) => travellers.buy(offer)))
  const ids = idsOf(journeys)
  const statuses = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await stack.sql<{ status: string; count: string }>(
          'select status, count(*)::text as count from booking.bookings where id = any($1) group by 1',
          [ids],
        )
      ).map(({ status, count }) => [status, Number(count)]),
    )
  await until(
    async () => {
      const { TICKETED = 0, REFUNDED = 0 } = await statuses()
      return TICKETED + REFUNDED === ids.length
    },
    ENDED_MS,
    250,
  )
  const now = await statuses()
  const winners = now['TICKETED'] ?? 0
  const isRight = winners === seats && (now['REFUNDED'] ?? 0) === ids.length - seats && ids.length === buyers
  return { winners, broken: isRight ? [] : [`of ${buyers} buyers for ${seats} seats: ${JSON.stringify(now)}`] }
}

async function setStock({ supplier }: ChaosStack, wanted: object): Promise<void> {
  const reply = await fetch(`${supplier.url}/__ctl/stock`, {
    method: 'POST',
    body: JSON.stringify(wanted),
    signal: AbortSignal.timeout(5_000),
  })
  if (!reply.ok) throw new Error(`the supplier refused ${JSON.stringify(wanted)}`)
}
