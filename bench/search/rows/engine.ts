import { toRow, type Row } from '../../report.ts'
import { compareMicros } from '../../stopwatch.ts'
import { listRoutes, offersOf } from '../data-set.ts'
import { openEngine, supplierNames, VERSION } from '../engine.ts'
import { askObjects, prepareOffers, viewsOf, type Prepared } from '../objects.ts'
import { openCrossfilter } from '../peers/crossfilter.ts'
import { openDuckdb } from '../peers/duckdb.ts'
import { openItemsjs } from '../peers/itemsjs.ts'
import type { Peer } from '../peers/peer.ts'
import { askPlainObjects } from '../plain-objects.ts'
import type { Plan } from '../plan.ts'
import { shownPriceOf } from '../prices.ts'
import { createQuestions } from '../questions.ts'
import type { Stage } from '../stage.ts'
import { offerIdOf } from '../../../src/search/supersets/superset.ts'
import type { FlightOffer } from '../../../src/travel/flight.ts'
import { GateClosed } from './gate.ts'
import { tenth } from './measure.ts'

const LIMIT = 25
const PEER_OFFERS = 2_000
const GATE_QUESTIONS = 150

/** The engine without HTTP: against the peers, and as the offers grow twentyfold. */
export async function measureEngine(stage: Stage, plan: Plan): Promise<Row[]> {
  stage.say(`in process: the engine and its peers on ${PEER_OFFERS} offers`)
  const offers = offersOf(listRoutes(1)[0]!, PEER_OFFERS, 3)
  const prepared = prepare(offers)
  const engine = await openEngine(offers)
  checkObjects(engine, prepared)
  const peers = [openCrossfilter(prepared), openItemsjs(prepared), await openDuckdb(prepared)]
  for (const peer of peers) await checkPeer(peer, prepared)

  const ask = <T>(answer: (selection: ReturnType<ReturnType<typeof createQuestions>>) => T) => {
    const question = createQuestions(1)
    return () => answer(question())
  }
  const micros = await compareMicros(
    [
      { name: 'ours', run: ask((selection) => engine.answer(selection, LIMIT)) },
      { name: 'plain objects', run: ask((selection) => askPlainObjects(prepared, selection, LIMIT)) },
      { name: 'one pass', run: ask((selection) => onePass(prepared, selection)) },
      ...peers.map((peer) => ({ name: peer.name, run: ask((selection) => peer.answer(selection, LIMIT)) })),
    ],
    plan.engineMs * 2,
  )
  for (const peer of peers) peer.close()
  const against = (name: string, goal: string | null, allowance: string | null): Row =>
    toRow({
      name: `engine.${name.replaceAll(' ', '-')}`,
      figure: micros[name]! / micros['ours']!,
      goal,
      unit: 'x',
      detail: {
        'ours us': tenth(micros['ours']!),
        'theirs us': tenth(micros[name]!),
        offers: PEER_OFFERS,
        ...(allowance && { allowance }),
      },
    })
  return [
    ...peers.map((peer) => against(peer.name, '> 1', peer.allowance)),
    against('plain objects', '>= 50', null),
    against('one pass', null, 'objects in one hand-written pass over facts read out beforehand'),
    await measureGrowth(stage, plan),
  ]
}

async function measureGrowth(stage: Stage, plan: Plan): Promise<Row> {
  stage.say('in process: growth from 400 to 8,000 offers')
  const tasks = await Promise.all(
    [400, 2_000, 8_000].map(async (count) => {
      const engine = await openEngine(offersOf(listRoutes(1)[0]!, count, 3))
      const question = createQuestions(1)
      return { name: String(count), run: () => engine.answer(question(), LIMIT) }
    }),
  )
  const micros = await compareMicros(tasks, plan.engineMs)
  return toRow({
    name: 'engine.growth',
    figure: micros['8000']! / micros['400']!,
    goal: '<= 6',
    unit: 'x',
    detail: { 'us at 400': tenth(micros['400']!), 'us at 2,000': tenth(micros['2000']!), 'us at 8,000': tenth(micros['8000']!) },
  })
}

function prepare(offers: ReadonlyMap<string, readonly FlightOffer[]>): Prepared {
  const all = [...offers.values()].flat()
  return prepareOffers(
    all.map((offer, i) => ({ offer: { ...offer, id: offerIdOf(VERSION, i) }, shown: shownPriceOf(offer) })),
    supplierNames,
  )
}

function onePass(prepared: Prepared, selection: Parameters<typeof askObjects>[1]): string {
  const page = askObjects(prepared, selection, LIMIT)
  return JSON.stringify({ total: page.total, matching: page.matching, facets: page.facets, data: viewsOf(page) })
}

/** The same bytes from the engine, from one pass over objects and from plain objects, or no figures. */
function checkObjects(engine: Awaited<ReturnType<typeof openEngine>>, prepared: Prepared): void {
  const question = createQuestions(77)
  for (let i = 0; i < GATE_QUESTIONS; i += 1) {
    const selection = question()
    const ours = engine.answer(selection, LIMIT).toString('utf8')
    for (const theirs of [onePass(prepared, selection), askPlainObjects(prepared, selection, LIMIT)]) {
      if (ours !== theirs) throw new GateClosed(`the engine and objects answer ${JSON.stringify(selection)} differently`)
    }
  }
}

/** As many matches as ours, where the peer can be asked the same. */
async function checkPeer(peer: Peer, prepared: Prepared): Promise<void> {
  const question = createQuestions(78)
  for (let i = 0; i < GATE_QUESTIONS; i += 1) {
    const selection = question()
    if (!peer.asks(selection)) continue
    const [ours, theirs] = [askObjects(prepared, selection, LIMIT).matching, await peer.answer(selection, LIMIT)]
    if (ours !== theirs) throw new GateClosed(`${peer.name} finds ${theirs} and ours ${ours} for ${JSON.stringify(selection)}`)
  }
}
