import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { parseMoney } from '../kernel/money.ts'
import { createStoppedClock, parseInstant, parseZonedTime } from '../kernel/time.ts'
import type { Segment } from '../travel/flight.ts'
import { createNotifications, MailError, type Ticketed } from './index.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

type Received = { raw: string; email: Email; recipients: string[] }

async function startSmtp(refuse?: { at: 'rcpt' | 'data'; responseCode: number }): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onRcptTo: (_address, _session, done) =>
      refuse?.at === 'rcpt' ? done(Object.assign(new Error('no'), { responseCode: refuse.responseCode })) : done(),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (refuse?.at === 'data') return done(Object.assign(new Error('no'), { responseCode: refuse.responseCode }))
        const raw = Buffer.concat(chunks)
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        void PostalMime.parse(raw).then((email) => {
          received.push({ raw: raw.toString('latin1'), email, recipients })
          done()
        })
      })
    },
  })
  smtp.on('error', () => undefined)
  const server = smtp.server as unknown as Server
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => smtp.close(() => resolve())))
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

/** A server that accepts connections and does what it is told with them, which is not SMTP. */
async function startSilence(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const clock = createStoppedClock('2026-11-21T08:00:00Z')
const create = (smtpUrl: string, timeouts?: { totalMs?: number; greetingMs?: number; silenceMs?: number }) =>
  createNotifications({
    smtpUrl,
    from: 'Farewire <tickets@farewire.example>',
    publicUrl: 'https://shop.example/',
    clock,
    ...(timeouts ? { timeouts } : {}),
  })

const notice = {
  eventId: 'evt_01kb2h3j4k5m6n7p8q9r0s1t2v',
  bookingId: 'bkg_01kb2h3j4k5m6n7p8q9r0s1t2w',
  bookingReference: 'FW-7K3M9Q',
  to: 'budi@example.com',
  seller: 'airline' as const,
}
const segment: Segment = {
  carrier: 'GA',
  flightNumber: '880',
  operatingCarrier: 'NH',
  origin: 'CGK',
  originTerminal: '3',
  destination: 'NRT',
  destinationTerminal: null,
  departure: parseZonedTime('2026-12-01T23:15:00+07:00'),
  arrival: parseZonedTime('2026-12-02T08:50:00+09:00'),
  durationMinutes: 455,
  equipment: '77W',
  cabin: 'economy',
  bookingClass: 'Y',
  fareBasis: 'YOWID',
  brand: null,
  baggage: [{ kind: 'checked', pieces: 1, weightKg: 23 }],
}
const ticketed: Ticketed = {
  ...notice,
  pnr: 'ABC123',
  passengers: [
    { name: 'Nguyễn Thị Hồng Ánh', ticketNumbers: ['0618240000001', '0618240000002'] },
    { name: 'Nguyễn Minh Quân', ticketNumbers: [] },
  ],
  slices: [{ origin: 'CGK', destination: 'NRT', durationMinutes: 455, segments: [segment] }],
  total: parseMoney('60200', 'KRW'),
  document: Buffer.from('%PDF-1.7 and so on'),
}
const amount = parseMoney('178.74', 'EUR')
const dueBy = parseInstant('2026-12-01T09:30:00Z')

test('the ticket mail tells reference, tickets, price and local times, in plain text as in HTML, and carries the PDF', async () => {
  const smtp = await startSmtp()
  await create(smtp.url).sendTicketed(ticketed)
  const [{ email, recipients } = {} as Received] = smtp.received
  expect(recipients).toEqual(['budi@example.com'])
  expect(email.subject).toBe('E-ticket ABC123: Jakarta to Tokyo, Tue 1 Dec 2026 (FW-7K3M9Q)')
  for (const form of [email.text!, email.html!]) {
    for (const fact of [
      'ABC123',
      'FW-7K3M9Q',
      'Nguyễn Thị Hồng Ánh: 0618240000001, 0618240000002',
      'Nguyễn Minh Quân: no ticket of their own',
      'KRW 60200',
      'Garuda Indonesia GA 880, operated by All Nippon Airways',
      'Departs Tue 1 Dec 2026, 23:15, Jakarta (CGK), terminal 3',
      'Arrives Wed 2 Dec 2026, 08:50, Tokyo (NRT) (+1, arrives next day)',
      'Economy, booking class Y',
      'Bags: 1 checked bag of 23 kg',
      'All times are local to the airport they stand beside.',
      'https://shop.example/trips/bkg_01kb2h3j4k5m6n7p8q9r0s1t2w',
    ]) {
      expect(form).toContain(fact)
    }
  }
  const [attachment] = email.attachments
  expect(attachment).toMatchObject({ filename: 'e-ticket-FW-7K3M9Q.pdf', mimeType: 'application/pdf', disposition: 'attachment' })
  expect(Buffer.from(attachment!.content as ArrayBuffer).toString()).toBe('%PDF-1.7 and so on')
})

test('the ticket mail tells a stop without change of plane, and whose bags are other than the first passenger’s', async () => {
  const smtp = await startSmtp()
  const slices = [{ ...ticketed.slices[0]!, segments: [{ ...segment, technicalStops: ['SUB'] }] }]
  const fares = [{ type: 'adult' as const }, { type: 'infant' as const, baggage: [[]] }]
  await create(smtp.url).sendTicketed({ ...ticketed, slices, fares })
  const [{ email } = {} as Received] = smtp.received
  for (const form of [email.text!, email.html!]) {
    expect(form).toContain('operated by All Nippon Airways, stops in Surabaya (SUB) without change of plane')
    expect(form).toContain('Bags: 1 checked bag of 23 kg; for each infant: not stated, ask the airline')
  }
})

test('the HTML form is readable without images, scripts or anything from elsewhere, and says its language', async () => {
  const smtp = await startSmtp()
  await create(smtp.url).sendTicketed(ticketed)
  const html = smtp.received[0]!.email.html!
  expect(html).toContain('<html lang="en">')
  expect(html).toMatch(/<title>E-ticket ABC123/)
  expect(html).not.toMatch(/<img|<script|<link|url\(|src=|cid:/i)
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual(['https://shop.example/trips/bkg_01kb2h3j4k5m6n7p8q9r0s1t2w'])
})

test('a refund mail says how much, who holds it, by when, why, and that there is nothing to do', async () => {
  const smtp = await startSmtp()
  const notifications = create(smtp.url)
  const reasons = {
    sold_out: 'last seat',
    price_changed: 'raised the price',
    rejected: 'did not accept',
    no_answer: 'did not answer',
    late_payment: 'after the time to pay',
  } as const
  for (const reason of Object.keys(reasons) as (keyof typeof reasons)[])
    await notifications.sendRefundOnItsWay({ ...notice, eventId: `evt_${reason}`, amount, reason, dueBy })
  for (const [i, words] of Object.values(reasons).entries()) {
    const { email } = smtp.received[i]!
    expect(email.subject).toBe('Full refund of EUR 178.74 on its way: booking FW-7K3M9Q')
    for (const form of [email.text!, email.html!]) {
      expect(form).toContain(words)
      expect(form).toMatch(/Amount:.*EUR 178\.74/)
      expect(form).toMatch(/Who holds it now:.*Farewire, until/)
      expect(form).toMatch(/On your card or account:.*by Tue 1 Dec 2026, 09:30 UTC/)
      expect(form).toMatch(/What you have to do:.*nothing/)
    }
  }
})

test('a completed refund is with the bank, a delayed one with us and a person', async () => {
  const smtp = await startSmtp()
  const notifications = create(smtp.url)
  await notifications.sendRefundCompleted({ ...notice, amount, sentAt: clock.now(), dueBy })
  await notifications.sendRefundDelayed({ ...notice, amount, newsBy: dueBy })
  const [completed, delayed] = smtp.received.map(({ email }) => email.text!)
  expect(completed).toContain('Who holds it now: your bank or card issuer')
  expect(completed).toContain('Sat 21 Nov 2026, 08:00 UTC')
  expect(delayed).toContain('Who holds it now: Farewire')
  expect(delayed).toContain('One of our colleagues is taking care of it now')
  expect(delayed).toContain('You hear from us: by Tue 1 Dec 2026, 09:30 UTC')
})

test('while the airline is silent the traveller is told not to book again, that nothing else is charged, and by when there is an answer', async () => {
  const smtp = await startSmtp()
  await create(smtp.url).sendConfirming({ ...notice, total: amount, answerBy: dueBy })
  const text = smtp.received[0]!.email.text!
  expect(text).toContain('Nothing else will be charged. Do not book again')
  expect(text).toContain('Your ticket or the start of a full refund: by Tue 1 Dec 2026, 09:30 UTC')
})

test('a booking that nobody paid is said to have cost nothing, and leads back to the search', async () => {
  const smtp = await startSmtp()
  await create(smtp.url).sendPaymentExpired({ ...notice, total: amount, paymentRequiredBy: clock.now() })
  const text = smtp.received[0]!.email.text!
  expect(text).toContain('You have not been charged')
  expect(text).toContain('Search again: https://shop.example/\n')
})

test('the same event sent twice has one Message-ID and one content; another event or another kind has its own', async () => {
  const smtp = await startSmtp()
  const notifications = create(smtp.url)
  await notifications.sendTicketed(ticketed)
  await notifications.sendTicketed(ticketed)
  await notifications.sendTicketed({ ...ticketed, eventId: 'evt_another' })
  await notifications.sendPaymentExpired({ ...notice, total: amount, paymentRequiredBy: clock.now() })
  const ids = smtp.received.map(({ email }) => email.messageId)
  expect(ids[0]).toBe('<booking-ticketed.evt_01kb2h3j4k5m6n7p8q9r0s1t2v@farewire.example>')
  expect(ids[1]).toBe(ids[0])
  expect(new Set(ids).size).toBe(3)
  expect(smtp.received[1]!.email.text).toBe(smtp.received[0]!.email.text)
  expect(smtp.received[0]!.email.date).toBe('2026-11-21T08:00:00.000Z')
})

test.each([
  ['a header', 'Eve\r\nBcc: everyone@example.com'],
  ['a body line', 'Eve\nTotal paid: EUR 0.00\u2028Refund: all'],
  ['markup', '<script>alert(1)</script><a href="https://evil.example">pay here</a>'],
  ['a template', '<%= process.env %> <% throw 1 %>'],
  ['a direction', 'Eve\u202egnp.exe'],
])('a name cannot inject %s', async (_what, name) => {
  const smtp = await startSmtp()
  await create(smtp.url).sendTicketed({ ...ticketed, passengers: [{ name, ticketNumbers: ['1'] }], pnr: `AB\r\nX-Evil: yes` })
  const { email, raw, recipients } = smtp.received[0]!
  expect(recipients).toEqual(['budi@example.com'])
  expect(email.bcc ?? []).toEqual([])
  expect(email.headers.map(({ key }) => key)).not.toContain('x-evil')
  expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^(bcc|x-evil):/im)
  expect(email.text).not.toMatch(/^(Bcc|Total paid: EUR 0|Refund)/m)
  expect(email.html).not.toMatch(/<script|href="https:\/\/evil/)
  expect(email.text! + email.html!).not.toMatch(/\u202e/)
})

test.each(['a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com', 'Name <a@example.com>', 'not an address', '', 'a@b@c'])(
  'refuses %j, which is not one address, and does not try',
  async (to) => {
    const smtp = await startSmtp()
    const failure = await create(smtp.url)
      .sendTicketed({ ...ticketed, to })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(MailError)
    expect((failure as MailError).permanent).toBe(true)
    expect(smtp.received).toEqual([])
  },
)

test.each([
  ['rcpt', 550, true],
  ['rcpt', 450, false],
  ['data', 554, true],
  ['data', 451, false],
] as const)('a refusal at %s with %i is permanent: %s', async (at, responseCode, permanent) => {
  const smtp = await startSmtp({ at, responseCode })
  const failure = await create(smtp.url)
    .sendTicketed(ticketed)
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(MailError)
  expect(failure).toMatchObject({ permanent })
  expect((failure as Error).message).not.toContain('budi@example.com')
})

test('gives up on a server that never greets, one that falls silent, one that drips, and one that is not there', async () => {
  const never = await startSilence(() => undefined)
  const silent = await startSilence((socket) => socket.write('220 hello\r\n'))
  const drips = await startSilence((socket) => {
    const timer = setInterval(() => socket.write('220-still here\r\n'), 50)
    socket.on('close', () => clearInterval(timer))
  })
  const absent = 'smtp://127.0.0.1:1'
  for (const url of [never, silent, drips, absent]) {
    const begun = performance.now()
    const failure = await create(url, { totalMs: 600, greetingMs: 300, silenceMs: 300 })
      .sendTicketed(ticketed)
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(MailError)
    expect(failure).toMatchObject({ permanent: false })
    expect(performance.now() - begun).toBeLessThan(10_000)
  }
})
