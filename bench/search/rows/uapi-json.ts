import { createRequire } from 'node:module'
import { readShopReply } from '../../../src/providers/travelport/read-shop-reply.ts'
import { toRow, type Row } from '../../report.ts'
import { compareMicros } from '../../stopwatch.ts'
import type { Plan } from '../plan.ts'
import { makeShopReply } from '../shop-reply.ts'
import type { Stage } from '../stage.ts'
import { GateClosed } from './gate.ts'
import { tenth } from './measure.ts'

/** What of uapi-json is used, which has no types: its XML reader, and what it makes of a search's reply. */
type UapiParser = { readonly parse: (xml: string) => Promise<object> }
type Fare = { readonly directions: readonly (readonly (readonly unknown[])[])[] }
const require = createRequire(import.meta.url)
const Parser = require('uapi-json/src/Request/uapi-parser.js') as new (
  root: string,
  version: string,
  params: object,
  debug: boolean,
) => UapiParser
const { AIR_LOW_FARE_SEARCH_REQUEST: toFares } = require('uapi-json/src/Services/Air/AirParser.js') as {
  AIR_LOW_FARE_SEARCH_REQUEST: (this: UapiParser, reply: object) => readonly Fare[]
}

/** The same Travelport reply, read by us and by the client that others use for it. */
export async function measureUapiJson(stage: Stage, plan: Plan): Promise<Row> {
  const bytes = await makeShopReply(stage.clock)
  const byUs = () => readShopReply({ unread: bytes, status: 200 })
  const byThem = async () => {
    const parser = new Parser('air:LowFareSearchRsp', 'v52_0', {}, false)
    return toFares.call(parser, await parser.parse(bytes.toString('utf8')))
  }
  const [ours, theirs] = [byUs().offers.length, countJourneys(await byThem())]
  if (theirs === 0 || ours < theirs)
    throw new GateClosed(`uapi-json understands ${theirs} offers of a reply of which we understand ${ours}`)
  const readers = [
    { name: 'ours', run: byUs },
    { name: 'uapi-json', run: byThem },
  ]
  const micros = await compareMicros(readers, Math.max(2_000, plan.engineMs))
  return toRow({
    name: 'xml.uapi-json',
    figure: micros['uapi-json']! / micros['ours']!,
    goal: '>= 10',
    unit: 'x',
    detail: {
      'ours ms': tenth(micros['ours']! / 1_000),
      'uapi-json ms': tenth(micros['uapi-json']! / 1_000),
      bytes: bytes.length,
      'offers of ours': ours,
      'offers of theirs': theirs,
    },
  })
}

/** Its fares list the options of each direction; an offer of ours is one choice of them. */
function countJourneys(fares: readonly Fare[]): number {
  return fares.reduce((sum, { directions }) => sum + directions.reduce((product, options) => product * options.length, 1), 0)
}
