import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { translateMessage } from './translate/translate-message.ts'

const repository = path.dirname(import.meta.dirname)
const recordings = path.join(repository, '../shared/recordings')
const hasRecordings = existsSync(path.join(recordings, 'facts.json'))
if (!hasRecordings) process.stderr.write(`skipped: the recorded messages are not at ${recordings}\n`)

type Offers = {
  solutions: number
  offers: {
    id: string
    solution: number
    total: { amount: string; currency: string }
    slices: { segments: { carrier: string; flight_number: string; departure: { local: string } }[] }[]
  }[]
}
type Outcome = {
  outcome: string
  reason: string | null
  code?: string
  pnr?: string | null
  total?: { amount: string } | null
  tickets?: { number: string; coupons: { number: number; status: string; carrier: string; flight_number: string }[] }[]
  segments?: { flight_number: string }[]
}
type Facts = {
  message: string
  offer_count?: number
  solution_count?: number
  cheapest_total?: string
  cheapest?: { total: string; currency: string }
  cheapest_currency?: string
  totals?: string[]
  tickets?: { number: string; coupons: { n: string; status: string; flight: string }[] }[]
  provider_locators?: [string, string][]
  booking_reference?: string
  segments?: { number: string }[]
  total?: string
}

const folders = { travelport: 'travelport-uapi', duffel: 'duffel' } as const
/** What the two adapters do not claim to read. */
const unread = ['availability', 'exchange', 'hotel-shop', 'change', 'seatmap']

function listRecordings(): [provider: string, operation: string, file: string][] {
  if (!hasRecordings) return []
  return Object.entries(folders).flatMap(([provider, folder]) =>
    readdirSync(path.join(recordings, folder))
      .filter((operation) => !unread.includes(operation))
      .flatMap((operation) =>
        readdirSync(path.join(recordings, folder, operation)).map((file): [string, string, string] => [provider, operation, file]),
      ),
  )
}

describe.skipIf(!hasRecordings)('recorded messages', () => {
  const allFacts = hasRecordings ? (JSON.parse(readFileSync(path.join(recordings, 'facts.json'), 'utf8')) as Record<string, Facts>) : {}
  const read = (provider: string, operation: string, file: string): unknown =>
    translateMessage(
      provider,
      operation,
      readFileSync(path.join(recordings, folders[provider as keyof typeof folders], operation, file), 'utf8'),
    )

  test('there are some', () => {
    expect(listRecordings().length).toBeGreaterThan(20)
  })

  test.each(listRecordings())('%s %s %s says what the independent count says', (provider, operation, file) => {
    const facts = allFacts[`${folders[provider as keyof typeof folders]}/${operation}/${file}`]!
    const said = read(provider, operation, file) as Offers & Outcome
    if (facts.offer_count !== undefined || facts.solution_count !== undefined) {
      expect(said.solutions).toBe(facts.offer_count ?? facts.solution_count)
      expect(new Set(said.offers.map((offer) => offer.solution)).size).toBe(said.solutions)
      expect(new Set(said.offers.map((offer) => offer.id)).size).toBe(said.offers.length)
      const amounts = said.offers.map((offer) => Number(offer.total.amount))
      expect(amounts).toEqual(amounts.toSorted((a, b) => a - b))
      const cheapest = facts.cheapest
        ? facts.cheapest.currency + facts.cheapest.total
        : facts.cheapest_total
          ? facts.cheapest_currency! + facts.cheapest_total
          : facts.totals![0]!
      expect(said.offers[0]!.total.currency + Number(said.offers[0]!.total.amount)).toBe(cheapest.slice(0, 3) + Number(cheapest.slice(3)))
      return
    }
    expect(['ok', 'rejected', 'unknown']).toContain(said.outcome)
    if (operation === 'errors') expect(said.outcome).not.toBe('ok')
    else expect(said).toMatchObject({ outcome: 'ok', reason: null })
    if (said.outcome !== 'ok') return
    const pnr = facts.provider_locators?.[0]?.[1] ?? facts.booking_reference
    if (pnr) expect(said.pnr).toBe(pnr)
    if (facts.total) expect(Number(said.total!.amount)).toBe(Number(facts.total))
    if (facts.segments && operation !== 'price')
      expect(said.segments!.map((segment) => segment.flight_number)).toEqual(facts.segments.map((segment) => segment.number))
    for (const ticket of facts.tickets ?? []) {
      const found = said.tickets!.find((one) => one.number === ticket.number)!
      expect(found.coupons.map((coupon) => coupon.number + coupon.carrier + coupon.flight_number)).toEqual(
        ticket.coupons.map((coupon) => coupon.n + coupon.flight),
      )
      expect(found.coupons.every((coupon) => coupon.status === 'open')).toBe(ticket.coupons.every((coupon) => coupon.status === 'O'))
    }
  })

  test('finds every bookable combination of the search that two thirds of clients lose offers of', () => {
    const { solutions, offers } = read('travelport', 'shop', 'LowFaresSearch.1ADTIEVPAR.xml') as Offers
    expect(solutions).toBe(45)
    expect(offers.length).toBeGreaterThan(45)
    expect(offers[0]!.total).toEqual({ amount: '178.74', currency: 'EUR' })
    expect(offers[0]!.slices[0]!.segments.map((segment) => segment.carrier + segment.flight_number)).toEqual(['A3967', 'A3614'])
    expect(offers[0]!.slices[0]!.segments[0]!.departure).toEqual({ local: '2016-11-10T18:35', offset: '+02:00' })
  })

  test('fare rules are printed with the price that they came with, and from-prices of hotels with whether there are more', () => {
    const priced = read('travelport', 'fare-rules', 'AirPriceReq.fareRules.xml') as Offers & {
      fare_rules: { texts: { title: string }[] }[]
    }
    expect(priced.offers).toHaveLength(1)
    expect(priced.fare_rules.map((rules) => rules.texts.length)).toEqual([15])
    expect(read('travelport', 'price', 'AirPricingSolution.IEVPAR.xml')).not.toHaveProperty('fare_rules')
    expect(read('travelport', 'hotel-shop', 'HOTELS_SEARCH_REQUEST.xml')).toMatchObject({ solutions: 10, next_ref: true })
  })

  test('a message under the wrong operation is told its right one', () => {
    const order = readFileSync(path.join(recordings, 'duffel/shop/offer_request-LHR-STR-11offers.json'), 'utf8')
    expect(() => translateMessage('duffel', 'cancel', order)).toThrow('It can be read as "shop"')
  })
})

test.each([
  ['travelprot', 'shop', '<a/>', 'there is no provider "travelprot". Did you mean "travelport"? Known are travelport, duffel'],
  ['worldspan', 'shop', '<a/>', 'there is no provider "worldspan". Known are'],
  ['duffel', 'shpo', '{}', 'there is no operation "shpo". Did you mean "shop"? Known are shop, price,'],
  ['duffel', 'shop', '{"data": [1, 2', 'It begins like JSON and is not:'],
  ['duffel', 'shop', '{"offers":1,"more":2}', 'It is JSON with the members offers, more'],
  ['duffel', 'shop', 'hello', 'It is neither XML nor JSON'],
  ['travelport', 'shop', '<!DOCTYPE html><html><body>Maintenance</body></html>', 'It is an HTML page'],
  ['travelport', 'book', '<Envelope><Body>', 'not a message of Travelport'],
  ['travelport', 'errors', '[]', 'It is a JSON array'],
])('%s %s %j is refused with a reason', (provider, operation, message, reason) => {
  expect(() => translateMessage(provider, operation, message)).toThrow(reason)
})

test('a SOAP fault is understood, and one that nobody knows is unknown and not rejected', () => {
  const fault = (code: string, text: string) =>
    `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault><faultcode>Server.Business</faultcode><faultstring>${text}</faultstring><detail><common_v52_0:ErrorInfo xmlns:common_v52_0="http://www.travelport.com/schema/common_v52_0"><common_v52_0:Code>${code}</common_v52_0:Code><common_v52_0:Service>AIRSVC</common_v52_0:Service><common_v52_0:Type>Business</common_v52_0:Type><common_v52_0:Description>${text}</common_v52_0:Description></common_v52_0:ErrorInfo></detail></SOAP:Fault></SOAP:Body></SOAP:Envelope>`
  for (const operation of ['book', 'ticket', 'cancel', 'errors']) {
    expect(translateMessage('travelport', operation, fault('99999', 'SOMETHING NEW'))).toMatchObject({
      outcome: 'unknown',
      reason: 'unrecognised',
      message: expect.stringContaining('SOMETHING NEW') as string,
    })
  }
  expect(translateMessage('travelport', 'shop', fault('99999', 'SOMETHING NEW'))).toMatchObject({ outcome: 'rejected', code: '99999' })
})

test('a message’s technical stops, guaranteed price, penalties and each type’s bags are printed', () => {
  const bags = (...quantities: number[]) => quantities.map((quantity) => ({ type: 'checked', quantity }))
  const place = (iata_code: string) => ({ iata_code })
  const offer = {
    id: 'off_1',
    ...{ total_amount: '412.50', total_currency: 'USD', owner: place('GA') },
    payment_requirements: { price_guarantee_expires_at: '2026-11-23T09:00:00Z' },
    conditions: { refund_before_departure: { allowed: true, penalty_amount: '40.00', penalty_currency: 'USD' } },
    passengers: [
      { id: 'a', type: 'adult' },
      { id: 'c', type: 'child' },
    ],
    slices: [
      {
        segments: [
          {
            ...{ marketing_carrier: place('GA'), marketing_carrier_flight_number: '874' },
            ...{ origin: place('CGK'), destination: place('NRT'), departing_at: '2026-12-01T23:30:00', arriving_at: '2026-12-02T08:50:00' },
            stops: [{ airport: place('DPS') }],
            passengers: [
              { passenger_id: 'a', baggages: bags(2) },
              { passenger_id: 'c', baggages: bags(1) },
            ],
          },
        ],
      },
    ],
  }
  const said = translateMessage('duffel', 'shop', JSON.stringify({ data: { id: 'orq_1', offers: [offer] } })) as Offers
  expect(said.offers[0]).toMatchObject({
    price_guaranteed_until: '2026-11-23T09:00:00.000Z',
    penalties: [
      { kind: 'refund', allowed: true, amount: { amount: '40.00', currency: 'USD' }, percent: null, when: 'before_departure', until: null },
      { kind: 'change', allowed: null, amount: null },
    ],
    passengers: [
      { type: 'adult', fees: null, baggage: null },
      { type: 'child', baggage: [[{ kind: 'checked', pieces: 1, weight_kg: null }]] },
    ],
    slices: [{ segments: [{ technical_stops: ['DPS'], baggage: [{ pieces: 2 }] }] }],
  })
})

test('a refused read of a JSON supplier is understood', () => {
  const reply = JSON.stringify({
    meta: { status: 429 },
    errors: [{ type: 'rate_limit_error', code: 'rate_limit_exceeded', title: 'Rate limit exceeded', message: 'Too many requests' }],
  })
  expect(translateMessage('duffel', 'shop', reply)).toMatchObject({ outcome: 'rejected', code: 'rate_limit_exceeded' })
})

describe('the command', { timeout: 90_000 }, () => {
  const run = (args: readonly string[], input = ''): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', 'commands/translate.ts', ...args], {
        cwd: repository,
        env: { ...process.env, INIT_CWD: import.meta.dirname },
      })
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, stdout, stderr }))
      child.stdin.end(input)
    })

  test('prints one JSON document from standard input and exits 0, for an error of the supplier too', async () => {
    const { code, stdout, stderr } = await run(
      ['duffel', 'errors', '-'],
      JSON.stringify({
        errors: [{ type: 'api_error', code: 'internal_server_error', title: 'Oops', message: 'Oops' }],
        meta: { status: 500 },
      }),
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'unknown' })
    expect(stderr).toBe('')
  })

  test('exits 1 with one precise line and an empty stdout for what it does not understand', async () => {
    const [empty, missing, folder, typo] = await Promise.all([
      run(['duffel', 'shop', '-'], ' \n'),
      run(['duffel', 'shop', 'no-such.json']),
      run(['duffel', 'shop', 'translate']),
      run(['dufel', 'shop', '-'], '{}'),
    ])
    expect([empty, missing, folder, typo].map(({ code, stdout }) => [code, stdout])).toEqual(Array.from({ length: 4 }, () => [1, '']))
    expect(empty.stderr).toBe('Not understood: standard input is empty\n')
    expect(missing.stderr).toBe(`Not understood: there is no file ${path.join(import.meta.dirname, 'no-such.json')}\n`)
    expect(folder.stderr).toContain('is a folder')
    expect(typo.stderr).toContain('Did you mean "duffel"?')
  })

  test('exits 2 when used wrongly, and says how it is used', async () => {
    const [few, option] = await Promise.all([run(['duffel', 'shop']), run(['--jsn', 'duffel', 'shop', '-'])])
    expect([few.code, option.code]).toEqual([2, 2])
    for (const { stdout, stderr } of [few, option]) {
      expect(stdout).toBe('')
      expect(stderr).toContain('npm run translate -- <provider> <operation> <file|->')
    }
  })

  test('--help documents the shape', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const word of [
      '"solutions"',
      '"validating_carrier"',
      '"last_ticketing_at"',
      '"refundable": true|false|null',
      '"weight_kg"',
      '"technical_stops"',
      '"price_guaranteed_until"',
      '"outcome": "ok"|"rejected"|"unknown"',
      '"coupons"',
      'Exit code',
    ])
      expect(stdout).toContain(word)
  })
})
