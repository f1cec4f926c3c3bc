import { plusDays, utcDate } from '../../../src/kernel/time.ts'
import type { Row, RowScene, RowFacts } from '../row.ts'
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
      const buyers = 50 * scene.scale
      const one = await sellOut(scene, 100 + scene.seeded.int(60), buyers, 1)
      const some = await sellOut(scene, 200 + scene.seeded.int(60), buyers, 5 * scene.scale)
      return {
        broken: [...one.broken, ...some.broken],
        figures: { buyers: buyers * 2, winners_of_1: one.winners, [`winners_of_${5 * scene.scale}`]: some.winners },
      }
    },
    control: {
      without: 'the supplier counting its seats',
      disarm: async (stack) => {
        stack.supplier.control.guardSeats(false)
        return async () => stack.supplier.control.guardSeats(true)
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
  const unit = `${ROUTE.origin}-${ROUTE.destination}-${plusDays(utcDate(stack.clock.now()), days)}`
  stack.supplier.control.limitSeats(unit, seats)
  const offers = await travellers.verified(buyers, { ...ROUTE, days })
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
