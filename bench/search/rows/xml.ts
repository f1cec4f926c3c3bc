import { parseXml } from '../../../src/platform/xml.ts'
import { readShopReply } from '../../../src/providers/travelport/read-shop-reply.ts'
import { readShop } from '../../../src/providers/travelport/read-shop.ts'
import { notMeasured, toRow, type Row } from '../../report.ts'
import { compareMicros } from '../../stopwatch.ts'
import type { Plan } from '../plan.ts'
import { makeShopReply } from '../shop-reply.ts'
import type { Stage } from '../stage.ts'
import { GateClosed } from './gate.ts'
import { tenth } from './measure.ts'

const GOAL = '>= 10'

/** From the bytes of a large reply to offers: as the search reads it, and by way of fast-xml-parser's tree. */
export async function measureXml(stage: Stage, plan: Plan): Promise<Row[]> {
  stage.say('in process: a shop reply of 1.48 MB to offers')
  const bytes = await makeShopReply(stage.clock)
  const text = bytes.toString('utf8')
  const byTree = () => readShop(parseXml(text).children.find((one) => one.name === 'Body')!.children[0]!)
  const byUs = () => readShopReply({ unread: bytes, status: 200 })
  const [ours, theirs] = [byUs(), byTree()]
  if (JSON.stringify(ours) !== JSON.stringify(theirs)) throw new GateClosed('the two readers understand different offers')
  const micros = await compareMicros(
    [
      { name: 'ours', run: byUs },
      { name: 'fast-xml-parser', run: byTree },
    ],
    Math.max(2_000, plan.engineMs),
  )
  return [
    toRow({
      name: 'xml.travelport',
      figure: micros['fast-xml-parser']! / micros['ours']!,
      goal: GOAL,
      unit: 'x',
      detail: {
        'ours ms': tenth(micros['ours']! / 1_000),
        'fast-xml-parser ms': tenth(micros['fast-xml-parser']! / 1_000),
        bytes: bytes.length,
        offers: ours.offers.length,
      },
    }),
    notMeasured('xml.amadeus', GOAL, 'x', 'there is no Amadeus adapter yet'),
    notMeasured('xml.ndc', GOAL, 'x', 'there is no NDC adapter yet'),
  ]
}
