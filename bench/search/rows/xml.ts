import { parseXml } from '../../../src/platform/xml.ts'
import { readShopReply as readAmadeusReply } from '../../../src/providers/amadeus/read-shop-reply.ts'
import { readShop as readAmadeusShop } from '../../../src/providers/amadeus/read-shop.ts'
import { receive } from '../../../src/providers/amadeus/soap.ts'
import type { ShopReply } from '../../../src/providers/contract.ts'
import { readMessage } from '../../../src/providers/ndc/message.ts'
import { offersOf, readOffers } from '../../../src/providers/ndc/read-offers.ts'
import { readShopReply as readNdcReply } from '../../../src/providers/ndc/read-shop-reply.ts'
import { readShopReply as readTravelportReply } from '../../../src/providers/travelport/read-shop-reply.ts'
import { readShop as readTravelportShop } from '../../../src/providers/travelport/read-shop.ts'
import { toRow, type Row } from '../../report.ts'
import { compareMicros } from '../../stopwatch.ts'
import type { Plan } from '../plan.ts'
import { askMock, makeShopReply, SHOP_ROUTE } from '../shop-reply.ts'
import type { Stage } from '../stage.ts'
import { GateClosed } from './gate.ts'
import { tenth } from './measure.ts'
import { measureUapiJson } from './uapi-json.ts'

const GOAL = '>= 10'
const NDC_AIRLINE = 'ndc-sq'
/** An airline sells no route but its own. */
const NDC_ROUTE = { ...SHOP_ROUTE, origin: 'SIN', destination: 'LHR' }

/** One supplier's reply, read as the search reads it and by way of fast-xml-parser's tree. */
type Reading = { readonly name: string; readonly bytes: Buffer; readonly byUs: () => ShopReply; readonly byTree: () => ShopReply }

/** From the bytes of a shop reply to offers, for each protocol whose large replies are scanned. */
export async function measureXml(stage: Stage, plan: Plan): Promise<Row[]> {
  stage.say('in process: shop replies in XML to offers')
  const rows: Row[] = []
  for (const reading of [await readTravelport(stage), await readAmadeus(), await readNdc()]) rows.push(await measure(reading, plan))
  rows.push(await measureUapiJson(stage, plan))
  return rows
}

async function measure({ name, bytes, byUs, byTree }: Reading, plan: Plan): Promise<Row> {
  const [ours, theirs] = [byUs(), byTree()]
  if (ours.offers.length === 0) throw new GateClosed(`${name} was asked for a route on which it sells nothing`)
  if (JSON.stringify(ours) !== JSON.stringify(theirs)) throw new GateClosed(`the two readers of ${name} understand different offers`)
  const readers = [
    { name: 'ours', run: byUs },
    { name: 'fast-xml-parser', run: byTree },
  ]
  const micros = await compareMicros(readers, Math.max(1_000, plan.engineMs))
  return toRow({
    name: `xml.${name}`,
    figure: micros['fast-xml-parser']! / micros['ours']!,
    goal: GOAL,
    unit: 'x',
    detail: {
      'ours ms': tenth(micros['ours']! / 1_000),
      'fast-xml-parser ms': tenth(micros['fast-xml-parser']! / 1_000),
      bytes: bytes.length,
      offers: ours.offers.length,
    },
  })
}

async function readTravelport({ clock }: Stage): Promise<Reading> {
  const bytes = await makeShopReply(clock)
  const text = bytes.toString('utf8')
  return {
    name: 'travelport',
    bytes,
    byUs: () => readTravelportReply({ unread: bytes, status: 200 }),
    byTree: () => readTravelportShop(parseXml(text).children.find((one) => one.name === 'Body')!.children[0]!),
  }
}

async function readAmadeus(): Promise<Reading> {
  const bytes = await askMock('amadeus')
  const text = bytes.toString('utf8')
  return {
    name: 'amadeus',
    bytes,
    byUs: () => readAmadeusReply({ unread: bytes, status: 200 }),
    byTree: () => readAmadeusShop(receive(parseXml(text)).body),
  }
}

async function readNdc(): Promise<Reading> {
  const bytes = await askMock(NDC_AIRLINE, NDC_ROUTE)
  const text = bytes.toString('utf8')
  return {
    name: 'ndc',
    bytes,
    byUs: () => readNdcReply(NDC_AIRLINE, { unread: bytes, status: 200 }),
    byTree: () => {
      const message = readMessage(text)
      return readOffers(message, NDC_AIRLINE, offersOf(message))
    },
  }
}
