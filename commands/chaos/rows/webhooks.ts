import type { Row } from '../row.ts'

const TIMES = 20

/** F11 to F14: what the gateway announces comes twenty times, in another order, never, or too early. */
export const webhookRows: readonly Row[] = [
  {
    id: 'F11',
    fault: 'every webhook twenty times at once',
    run: async ({ stack, travellers }) => {
      const offers = await travellers.verified(3)
      stack.gateway.control.webhooks({ duplicate: TIMES })
      await Promise.all(offers.map((offer, at) => travellers.buy(offer, at === 2 ? 'SOLDOUT' : undefined)))
      return {}
    },
  },
]
