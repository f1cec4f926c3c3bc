import { compress, decompress } from '@mongodb-js/zstd'
import { encodeSuperset, decodeSuperset } from '../../../src/search/supersets/codec.ts'
import { openSuperset, growSuperset } from '../../../src/search/supersets/superset.ts'
import { toRow, type Row } from '../../report.ts'
import { compareMicros } from '../../stopwatch.ts'
import { listRoutes, offersOf, SUPPLIERS } from '../data-set.ts'
import { openEngine, supplierNames, viewOf } from '../engine.ts'
import type { ShownOffer } from '../facts.ts'
import { prepareOffers } from '../objects.ts'
import type { Plan } from '../plan.ts'
import { shownPriceOf } from '../prices.ts'
import type { Stage } from '../stage.ts'
import { tenth } from './measure.ts'

const OFFERS = 2_000
/** Node decodes zstd without a thread from here on. */
const SYNCHRONOUS_ZSTD = [22, 15] as const

/** From the bytes in the shared cache to something that answers, against objects from JSON in zstd. */
export async function measureCodec(stage: Stage, plan: Plan): Promise<Row[]> {
  stage.say(`in process: reading a superset of ${OFFERS} offers from the shared cache`)
  const offers = offersOf(listRoutes(1)[0]!, OFFERS, 3)
  const { parts } = await openEngine(offers)
  const block = encodeSuperset(SUPPLIERS.reduce(grow, openSuperset('flight:s:{bench}', [], stage.clock)))
  if (block === null) throw new Error('the superset is too large')
  const shown = [...offers.values()].flat().map((offer): ShownOffer => ({ offer, shown: shownPriceOf(offer) }))
  const json = await compress(Buffer.from(JSON.stringify(shown), 'utf8'))

  const micros = await compareMicros(
    [
      {
        name: 'json',
        run: async () => JSON.parse((await decompress(json)).toString('utf8')) as unknown,
      },
      {
        name: 'json, prepared',
        run: async () => prepareOffers(JSON.parse((await decompress(json)).toString('utf8')) as ShownOffer[], supplierNames),
      },
      { name: 'ours', run: () => decodeSuperset(block) },
      { name: 'ours, priced', run: async () => viewOf((await decodeSuperset(block))!.parts) },
    ],
    plan.engineMs * 2,
  )
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isSynchronous = major > SYNCHRONOUS_ZSTD[0] || (major === SYNCHRONOUS_ZSTD[0] && minor >= SYNCHRONOUS_ZSTD[1])
  const goal = isSynchronous ? '>= 12' : '>= 7'
  const detail = { 'json bytes': json.length, 'our bytes': block.length, offers: OFFERS }
  return [
    toRow({
      name: 'cache.read',
      figure: micros['json']! / micros['ours']!,
      goal,
      unit: 'x',
      detail: { 'json us': tenth(micros['json']!), 'ours us': tenth(micros['ours']!), ...detail },
    }),
    toRow({
      name: 'cache.read.priced',
      figure: micros['json, prepared']! / micros['ours, priced']!,
      goal: null,
      unit: 'x',
      detail: {
        what: 'until the first question can be asked: priced, sorted, facets',
        'json us': tenth(micros['json, prepared']!),
        'ours us': tenth(micros['ours, priced']!),
      },
    }),
  ]

  function grow(superset: ReturnType<typeof openSuperset>, { id, name }: (typeof SUPPLIERS)[number], i: number) {
    const now = stage.clock.now()
    const part = parts[i]!
    const counts = { offers: part.offers, solutions: part.offers, duplicates: 0, unusable: 0 }
    const fact = { provider: id, name, state: 'answered', ms: 1, fault: null, answeredAt: now, retentionMs: 60_000, ...counts } as const
    return growSuperset(superset, { fact, part })
  }
}
