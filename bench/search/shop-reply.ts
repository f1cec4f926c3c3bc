import { SUPPLIER_MOCKS } from '../../fixtures/mocks.ts'
import { startTravelportMock } from '../../fixtures/travelport/index.ts'
import { parseCurrency } from '../../src/kernel/currency.ts'
import { parseLocalDate, plusDays, systemClock, utcDate, type Clock } from '../../src/kernel/time.ts'
import { isUnread } from '../../src/providers/contract.ts'
import { createProviders, readProviders } from '../../src/providers/index.ts'
import type { FlightQuery } from '../../src/travel/flight.ts'
import type { Route } from './data-set.ts'
import { queryOf } from './seed.ts'

/** What the reply answers. */
export const SHOP_ROUTE: Route = { origin: 'DPS', destination: 'SYD', departureDate: parseLocalDate('2026-12-10') }
/** The size of a large reply in the field. */
export const SHOP_BYTES = 1_480_000

/** A shop reply in Travelport's XML as large as large ones are: the mock's, with as many more fares of the same make as it takes. */
export async function makeShopReply(clock: Clock, bytesMin = SHOP_BYTES): Promise<Buffer> {
  return Buffer.from(enlarge((await askTravelport(clock)).toString('utf8'), bytesMin), 'utf8')
}

async function askTravelport(clock: Clock): Promise<Buffer> {
  const mock = await startTravelportMock({ clock })
  const account = { TRAVELPORT_USERNAME: 'bench', TRAVELPORT_PASSWORD: 'bench', TRAVELPORT_TARGET_BRANCH: 'bench' }
  try {
    return await askFor('travelport', { TRAVELPORT_URL: mock.url, ...account }, clock, queryOf(SHOP_ROUTE))
  } finally {
    await mock.close()
  }
}

/** A shop reply of a provider as its mock gives it today: mocks that check when a request was made know no other time. */
export async function askMock(provider: string, route: Route = SHOP_ROUTE): Promise<Buffer> {
  const supplier = SUPPLIER_MOCKS.find(({ id }) => provider === id || provider.startsWith(`${id}-`))!
  const mock = await supplier.start({ port: 0, hasLatency: false, secret: (label) => `bench ${label}` })
  const query = queryOf({ ...route, departureDate: plusDays(utcDate(systemClock.now()), 30) })
  try {
    return await askFor(provider, mock.environment, systemClock, query)
  } finally {
    await mock.close()
  }
}

async function askFor(provider: string, environment: Readonly<Record<string, string>>, clock: Clock, query: FlightQuery): Promise<Buffer> {
  const { providers, close } = createProviders(readProviders(environment), { clock, currency: parseCurrency('EUR') })
  try {
    const { flights } = providers.find(({ id }) => id === provider)!
    const reply = await flights!.shop(query, { signal: AbortSignal.timeout(30_000) })
    if (!isUnread(reply)) throw new Error(`the reply of ${provider} was read already`)
    return Buffer.from(reply.unread)
  } finally {
    await close()
  }
}

const LISTS = ['FlightDetailsList', 'AirSegmentList', 'FareInfoList', 'AirPricePointList']

/** Repeats the lists, each time with other keys and flight numbers: the fares are others, the XML is of the same make. */
export function enlarge(xml: string, bytesMin: number): string {
  const lists = LISTS.map((name) => {
    const begin = xml.indexOf('>', xml.indexOf(`<air:${name}`)) + 1
    const end = xml.indexOf(`</air:${name}>`)
    if (begin === 0 || end < 0) throw new RangeError(`the reply has no ${name}`)
    return { begin, end, content: xml.slice(begin, end) }
  })
  const once = lists.reduce((sum, { content }) => sum + content.length, 0)
  const copies = Math.max(0, Math.ceil((bytesMin - xml.length) / once))
  const keys = new Set(
    [
      ...lists
        .map(({ content }) => content)
        .join('')
        .matchAll(/\bKey="([^"]+)"/g),
    ].map((match) => match[1]!),
  )
  const copyOf = (content: string, copy: number): string =>
    content
      .replaceAll(/"([^"]+)"/g, (quoted, value: string) => (keys.has(value) ? `"${copy}.${value}"` : quoted))
      .replaceAll(/FlightNumber="(\d+)"/g, (_, number: string) => `FlightNumber="${((Number(number) + copy * 371) % 9_000) + 1}"`)
  let result = ''
  let from = 0
  for (const { end, content } of lists) {
    const more = Array.from({ length: copies }, (_, copy) => copyOf(content, copy + 1))
    result += xml.slice(from, end) + more.join('')
    from = end
  }
  return result + xml.slice(from)
}
