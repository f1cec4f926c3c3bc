import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPdf } from '../../test/support/pdf.ts'
import { parseMoney } from '../kernel/money.ts'
import { parseInstant, parseZonedTime } from '../kernel/time.ts'
import type { Storage } from '../platform/storage.ts'
import { flightNames } from '../travel/flight-names.ts'
import type { Segment, Slice } from '../travel/flight.ts'
import { toPrintable, UNPRINTABLE } from './sheet/printable.ts'
import { toQrMatrix, toRuns } from './sheet/qr.ts'
import { createFulfilment, renderETicket, type ETicketInput, type TicketedPassenger } from './index.ts'

function segment(change: Partial<Segment> = {}): Segment {
  return {
    carrier: 'GA',
    flightNumber: '880',
    operatingCarrier: null,
    origin: 'CGK',
    originTerminal: '3',
    destination: 'NRT',
    destinationTerminal: '1',
    departure: parseZonedTime('2026-12-01T23:15:00+07:00'),
    arrival: parseZonedTime('2026-12-02T08:50:00+09:00'),
    durationMinutes: 455,
    equipment: '77W',
    cabin: 'economy',
    bookingClass: 'Y',
    fareBasis: 'YOWID',
    brand: 'Economy Flex',
    baggage: [{ kind: 'checked', pieces: 1, weightKg: 23 }],
    ...change,
  }
}

const slice = (...segments: Segment[]): Slice => ({
  origin: segments[0]!.origin,
  destination: segments.at(-1)!.destination,
  durationMinutes: null,
  segments,
})
const adult = (name: string, ...ticketNumbers: string[]): TicketedPassenger => ({ name, type: 'adult', ticketNumbers })

function input(change: Partial<ETicketInput> = {}): ETicketInput {
  return {
    bookingReference: 'FW-7K3M9Q',
    pnr: 'ABC123',
    issuedAt: parseInstant('2026-11-21T08:00:00Z'),
    passengers: [adult('Budi Santoso', '0618240000001')],
    slices: [slice(segment())],
    names: flightNames,
    total: parseMoney('178.74', 'EUR'),
    base: parseMoney('120.00', 'EUR'),
    taxes: parseMoney('58.74', 'EUR'),
    refundable: true,
    changeable: false,
    support: 'Questions: write to help@farewire.example and name FW-7K3M9Q.',
    qrPayload: 'https://shop.example/trips/bkg_01kb2h3j4k5m6n7p8q9r0s1t2v',
    ...change,
  }
}

/** Nine people on six flights with a change of airport, a flight over the date line and nothing known about one of them. */
function longJourney(): ETicketInput {
  const time = (day: number, clock: string) => parseZonedTime(`2026-12-${String(day).padStart(2, '0')}T${clock}:00`)
  const out = [
    segment({ flightNumber: '101', departure: time(1, '06:01'), arrival: time(1, '09:11'), destination: 'SIN' }),
    segment({ flightNumber: '102', origin: 'SIN', destination: 'HND', departure: time(1, '11:02'), arrival: time(1, '18:12') }),
    segment({ flightNumber: '103', origin: 'NRT', destination: 'HNL', departure: time(2, '00:03'), arrival: time(1, '12:13') }),
  ]
  const back = [
    segment({ flightNumber: '104', origin: 'HNL', destination: 'NRT', departure: time(8, '13:04'), arrival: time(9, '17:14') }),
    segment({ flightNumber: '105', origin: 'NRT', destination: 'BKK', departure: time(9, '19:05'), arrival: time(10, '00:15') }),
    segment({
      flightNumber: '106',
      origin: 'BKK',
      destination: 'CGK',
      departure: time(10, '02:06'),
      arrival: time(12, '05:16'),
      cabin: null,
      bookingClass: null,
      fareBasis: null,
      brand: null,
      equipment: null,
      baggage: [],
      durationMinutes: null,
      originTerminal: null,
      destinationTerminal: null,
    }),
  ]
  const passengers = Array.from({ length: 9 }, (_, i): TicketedPassenger => {
    const type = i < 5 ? 'adult' : i < 8 ? 'child' : 'infant'
    return {
      name: `Maximiliano Alejandro Hernández Rodríguez de la Concepción ${i + 1}`,
      type,
      ticketNumbers: i === 8 ? [] : [`06182400000${i}1`, `06182400000${i}2`],
    }
  })
  return input({
    passengers,
    slices: [slice(...out), slice(...back)],
    total: parseMoney('12345678.90', 'IDR'),
    base: null,
    taxes: null,
    refundable: null,
    changeable: null,
  })
}

test('an e-ticket says who flies where and when, on which tickets, with which bags, for how much', async () => {
  const pdf = readPdf(await renderETicket(input()))
  expect(pdf.pages).toHaveLength(1)
  for (const fact of [
    'E-ticket: Jakarta to Tokyo',
    'ABC123',
    'FW-7K3M9Q',
    'Budi Santoso',
    '0618240000001',
    'Garuda Indonesia GA 880',
    '23:15',
    'Tue 1 Dec 2026',
    'UTC+07:00',
    'Jakarta (CGK)',
    'Terminal 3',
    '08:50',
    'Wed 2 Dec 2026',
    'UTC+09:00',
    'Terminal 1 · +1, arrives next day',
    'Economy · booking class Y · Economy Flex · fare basis YOWID',
    'Bags for each passenger: 1 checked bag of 23 kg',
    'Fare: EUR 120.00',
    'Taxes, fees and charges: EUR 58.74',
    'Total paid for 1 passenger: EUR 178.74',
    'Refund: allowed by the fare; the airline may keep a fee',
    'Change: not allowed by the fare',
    'https://shop.example/trips/bkg_01kb2h3j4k5m6n7p8q9r0s1t2v',
    'Booking FW-7K3M9Q · All times are local to the airport they stand beside.',
    'Page 1 of 1',
  ]) {
    expect(pdf.text.split('\n')).toContain(fact)
  }
})

test('what the supplier does not say is said to be unknown, never to be no', async () => {
  const unsaid = segment({
    cabin: null,
    bookingClass: null,
    fareBasis: null,
    brand: null,
    equipment: null,
    baggage: [],
    durationMinutes: null,
    originTerminal: null,
  })
  const { text } = readPdf(
    await renderETicket(input({ slices: [slice(unsaid)], refundable: null, changeable: null, base: null, taxes: null })),
  )
  expect(text).toContain('Refund: the airline has not told us')
  expect(text).toContain('Change: the airline has not told us')
  expect(text).toContain('Cabin not stated')
  expect(text).toContain('Bags for each passenger: not stated, ask the airline')
  expect(text).not.toMatch(/Fare:|Taxes|null|undefined|not allowed|no checked bag/)
})

test('a stop without change of plane is told, and whose bags are other than the first passenger’s', async () => {
  const passengers = [adult('Budi Santoso', '1'), { name: 'Sari', type: 'infant' as const, ticketNumbers: [] }]
  const flights = [segment({ technicalStops: ['SUB'], destination: 'SIN' }), segment({ origin: 'SIN' })]
  const fares = [
    { type: 'adult' as const, baggage: null },
    { type: 'infant' as const, baggage: [[{ kind: 'checked' as const, pieces: 0, weightKg: null }], flights[1]!.baggage] },
  ]
  const { text } = readPdf(await renderETicket(input({ slices: [slice(...flights)], passengers, fares })))
  expect(text).toContain('Stops in Surabaya (SUB) without change of plane')
  expect(text.match(/Bags for each adult: 1 checked bag of 23 kg/g)).toHaveLength(2)
  expect(text.match(/Bags for each infant: no checked bag/g)).toHaveLength(1)
  expect(text).not.toContain('Bags for each infant: 1')
})

test('nine passengers on six flights flow over pages, none split, each page numbered and named', async () => {
  const pdf = readPdf(await renderETicket(longJourney()))
  expect(pdf.pages.length).toBeGreaterThan(1)
  for (const [i, page] of pdf.pages.entries()) {
    expect(page.lines).toContain(`Page ${i + 1} of ${pdf.pages.length}`)
    if (i > 0) expect(page.lines).toContain('E-ticket receipt · airline reference ABC123')
  }
  for (let i = 1; i <= 6; i += 1) {
    const page = pdf.pages.find(({ lines }) => lines.some((line) => line.endsWith(`GA 10${i}`)))!
    const clocks = page.lines.filter((line) => /^\d\d:\d\d$/.test(line) && line.endsWith(String(i)))
    expect(clocks).toHaveLength(2)
  }
  expect(pdf.text.match(/\d{11,13}/g)).toHaveLength(16)
  expect(pdf.text).toContain('no ticket of their own')
  expect(pdf.text).toContain('Change airports: you arrive at Tokyo (HND) and leave from Tokyo (NRT)')
  expect(pdf.text).toContain('-1, arrives the day before')
  expect(pdf.text).toContain('+2, arrives 2 days later')
  expect(pdf.text).toContain('Bags for each adult')
})

test('any number of passengers and flights fits the page it is on', async () => {
  const passengers = fc.array(
    fc.record({
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
      type: fc.constantFrom('adult', 'child', 'infant'),
      ticketNumbers: fc.array(fc.stringMatching(/^\d{13}$/), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  const flights = fc.array(fc.record({ brand: fc.string({ maxLength: 150 }), flightNumber: fc.stringMatching(/^\d{1,4}$/) }), {
    minLength: 1,
    maxLength: 6,
  })
  await fc.assert(
    fc.asyncProperty(passengers, flights, async (people, changes) => {
      const pdf = readPdf(
        await renderETicket(
          input({ passengers: people as TicketedPassenger[], slices: [slice(...changes.map((change) => segment(change)))] }),
        ),
      )
      const places = [...pdf.source.matchAll(/^1 0 0 1 ([-\d.]+) ([-\d.]+) Tm$/gm)].map(([, x, y]) => [Number(x), Number(y)] as const)
      expect(places.length).toBeGreaterThan(10)
      for (const [x, y] of places) {
        expect(x).toBeGreaterThanOrEqual(47)
        expect(x).toBeLessThan(548)
        expect(y).toBeGreaterThan(20)
        expect(y).toBeLessThan(822)
      }
    }),
    { numRuns: 12 },
  )
}, 60_000)

test('the same booking gives the same bytes, another moment of issue other ones', async () => {
  const first = await renderETicket(longJourney())
  expect((await renderETicket(longJourney())).equals(first)).toBe(true)
  expect((await renderETicket({ ...longJourney(), issuedAt: parseInstant('2026-11-21T08:00:01Z') })).equals(first)).toBe(false)
})

test('the document says what it is, in which language, and is tagged to be read aloud', async () => {
  const file = await renderETicket(input())
  const { source } = readPdf(file)
  expect(file.toString('latin1')).toMatch(/^%PDF-1\.7/)
  for (const fact of [
    '(Farewire)',
    '/Lang (en)',
    '/Marked true',
    '/DisplayDocTitle true',
    '(D:20261121080000Z)',
    '/S /H1',
    '/S /Table',
    '/S /TH',
    '/S /Figure',
    '/S /Link',
  ])
    expect(source).toContain(fact)
  expect(source).toContain('E-ticket ABC123, booking FW-7K3M9Q')
})

test('the QR code in the document holds exactly the address of the trip', async () => {
  const { qrPayload } = input()
  const matrix = toQrMatrix(qrPayload)
  const { rectangles } = readPdf(await renderETicket(input())).pages[0]!
  const [ground, ...modules] = rectangles
  const size = ground!.width / (matrix.length + 8)
  const drawn = matrix.map((row) => row.map(() => false))
  for (const { x, y, width } of modules) {
    const row = Math.round((y - ground!.y) / size) - 4
    const column = Math.round((x - ground!.x) / size) - 4
    for (let i = 0; i < Math.round(width / size); i += 1) drawn[row]![column + i] = true
  }
  expect(drawn).toEqual(matrix)
  expect(toQrMatrix(`${qrPayload}x`)).not.toEqual(matrix)
})

test('the runs of a QR code cover its dark modules and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 8 }), (matrix) => {
      const covered = matrix.map((row) => row.map(() => 0))
      for (const [column, row, length] of toRuns(matrix)) for (let i = 0; i < length; i += 1) covered[row]![column + i]! += 1
      expect(covered).toEqual(matrix.map((row) => row.map(Number)))
    }),
  )
})

test('Vietnamese names are printed as they are written, composed or not', async () => {
  const name = 'Nguyễn Thị Hồng Ánh Đặng Trưởng'
  for (const written of [name.normalize('NFC'), name.normalize('NFD')]) {
    const { text } = readPdf(await renderETicket(input({ passengers: [adult(written, '1')] })))
    expect(text).toContain(name.normalize('NFC'))
    expect(text).not.toContain(UNPRINTABLE)
  }
})

test('a letter without a glyph is a box that is explained, not a hole in a name', async () => {
  const { text } = readPdf(await renderETicket(input({ passengers: [adult('Lê สมชาย 田中', '1')] })))
  expect(text).toMatch(/^Lê □+ □□$/m)
  expect(text).toContain(`${UNPRINTABLE} stands for a letter this document cannot print.`)
  expect(readPdf(await renderETicket(input())).text).not.toContain(UNPRINTABLE)
})

test('line breaks, control characters and marks of direction in a name do not reach the page', () => {
  expect(toPrintable('Eve\r\n\u0000Total \u202epaid\u200b: 0', () => true)).toBe('Eve Total paid: 0')
})

test('issuing the same documents again keeps one file under one key, which reads back whole', async () => {
  const kept = new Map<string, Buffer>()
  let puts = 0
  const storage: Storage = {
    put: async (key, bytes) => {
      puts += 1
      kept.set(key, Buffer.from(bytes))
    },
    get: async (key) => kept.get(key),
    has: async (key) => kept.has(key),
  }
  const fulfilment = createFulfilment({ storage })
  const { key } = await fulfilment.issueDocuments({ kind: 'e-ticket', ...input() })
  expect(await fulfilment.issueDocuments({ kind: 'e-ticket', ...input() })).toEqual({ key })
  expect(puts).toBe(1)
  expect(key).toMatch(/^e-tickets\/FW-7K3M9Q-[0-9a-f]{16}\.pdf$/)
  expect((await fulfilment.readDocument(key))!.subarray(0, 5).toString()).toBe('%PDF-')
  expect(await fulfilment.readDocument('e-tickets/other.pdf')).toBeUndefined()
  expect((await fulfilment.issueDocuments({ kind: 'e-ticket', ...input({ pnr: 'XYZ789' }) })).key).not.toBe(key)
})
