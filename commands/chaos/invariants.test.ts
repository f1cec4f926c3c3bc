import { describe, expect, test } from 'vitest'
import type { Books } from './books.ts'
import { findViolations, type Testimony } from './invariants.ts'
import { findLeaks } from './leaks.ts'

type Changeable<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? { -readonly [K in keyof Item]: Item[K] }[] : T[Key]
}
type World = { books: Changeable<Books>; testimony: { -readonly [Key in keyof Testimony]: Testimony[Key] } }

const B = 'bkg_1'
const R = 'bkg_2'

const entryOf = (
  postingId: string,
  bookingId: string,
  eventType: string,
  account: string,
  amount: number,
  externalRef: string | null = null,
) => ({ postingId, bookingId, eventType, account, amount, currency: 'USD', externalRef })

/** The bank has taken back what was paid for the ticket, and everybody says so: the ledger, and a person who was told. */
function chargedBack({ books }: World, status: 'needs_response' | 'lost' = 'needs_response'): void {
  Object.assign(books.gateway[0]!, { charged_back: 10_000, disputes: [{ id: 'du_1', status, withdrawn: 10_000, reinstated: 0 }] })
  books.ledger.push(
    entryOf('pay_1:chargeback:du_1:0', B, 'CHARGEBACK', 'sale', 10_000, 'du_1'),
    entryOf('pay_1:chargeback:du_1:0', B, 'CHARGEBACK', 'gateway', -10_000, 'du_1'),
  )
  books.workItems.push({ kind: 'chargeback', subjectId: 'du_1', state: 'open', text: `{"bookingId":"${B}"}` })
}

/** The same case, won: what was taken has come back. */
function wonBack(world: World): void {
  chargedBack(world)
  const { books } = world
  Object.assign(books.gateway[0]!, { charged_back: 0, disputes: [{ id: 'du_1', status: 'won', withdrawn: 10_000, reinstated: 10_000 }] })
  books.ledger.push(
    entryOf('pay_1:chargeback:du_1:1', B, 'CHARGEBACK', 'gateway', 10_000, 'du_1'),
    entryOf('pay_1:chargeback:du_1:1', B, 'CHARGEBACK', 'sale', -10_000, 'du_1'),
  )
  books.workItems[0]!.state = 'done'
}

/** Two bookings that ended well, as everybody would tell it: one ticketed, one refunded. */
function wellEnded(): World {
  const entry = entryOf
  const paid = (bookingId: string, paymentId: string) => [
    entry(`${paymentId}:initiated`, bookingId, 'PAYMENT_INITIATED', 'customer_due', 10_000),
    entry(`${paymentId}:initiated`, bookingId, 'PAYMENT_INITIATED', 'sale', -10_000),
    entry(`${paymentId}:captured`, bookingId, 'PAYMENT_SUCCESS', 'gateway', 10_000),
    entry(`${paymentId}:captured`, bookingId, 'PAYMENT_SUCCESS', 'customer_due', -10_000),
  ]
  const line = (id: string, reference: string, status: string, tickets: string[]) => ({
    id,
    reference,
    status,
    version: 5,
    total: 10_000,
    currency: 'USD',
    passengers: 1,
    tickets,
    paymentDueBy: 2_000,
    promisedBy: null,
  })
  const history = (id: string, states: string[]) =>
    states.map((to, at) => ({
      kind: 'booking',
      id,
      from: at === 0 ? null : states[at - 1]!,
      to,
      fromVersion: at === 0 ? null : at,
      toVersion: at + 1,
    }))
  const session = (id: string, reference: string) => ({
    session: id,
    reference,
    currency: 'usd',
    captured: 10_000,
    refunded: 0,
    refunding: 0,
    payment_intent: `pi_${id}`,
    refunds: [],
    charged_back: 0,
    disputes: [],
  })
  return {
    books: {
      now: 1_000,
      bookings: [line(B, 'FW-AAA', 'TICKETED', ['0001']), line(R, 'FW-BBB', 'REFUNDED', [])],
      payments: [
        { id: 'pay_1', bookingId: B, status: 'captured', amount: 10_000, currency: 'USD' },
        { id: 'pay_2', bookingId: R, status: 'captured', amount: 10_000, currency: 'USD' },
      ],
      refunds: [{ id: 'rfd_2', bookingId: R, paymentId: 'pay_2', status: 'completed', amount: 10_000, currency: 'USD' }],
      ledger: [
        ...paid(B, 'pay_1'),
        ...paid(R, 'pay_2'),
        entry('rfd_2:completed', R, 'REFUND_COMPLETED', 'refund_due', 10_000),
        entry('rfd_2:completed', R, 'REFUND_COMPLETED', 'gateway', -10_000),
      ],
      attempts: [
        { bookingId: B, operation: 'book', state: 'ok' },
        { bookingId: R, operation: 'book', state: 'rejected' },
      ],
      history: [
        ...history(B, ['INIT', 'PENDING_PAYMENT', 'PAID', 'PENDING_TICKET', 'TICKETED']),
        ...history(R, ['INIT', 'PENDING_PAYMENT', 'PAID', 'PENDING_TICKET', 'REFUND_PENDING', 'REFUNDED']),
      ],
      workItems: [],
      pending: [],
      breaks: [],
      toldAgain: [],
      supplier: [
        { locator: 'PNR1', reference: 'FW-AAA-1', status: 'active', passengers: ['B S'], tickets: [{ number: '0001', status: 'live' }] },
      ],
      stock: [{ unit: 'CGK-NRT-2027-01-10', capacity: 1, sold: 1 }],
      gateway: [
        session('cs_1', 'pay_1'),
        {
          ...session('cs_2', 'pay_2'),
          refunded: 10_000,
          refunds: [{ id: 're_2', reference: 'rfd_2', amount: 10_000, status: 'succeeded' }],
        },
      ],
    },
    testimony: {
      moment: 'after',
      shown: new Map([B, R].map((id) => [id, { amount: 10_000, currency: 'USD' }])),
      mayWait: new Set(),
      replays: [{ request: 'POST /v1/bookings', isSame: true, detail: '201' }],
      leaks: [],
      rewritten: [],
    },
  }
}

const openCase = (subjectId: string) => ({ kind: 'some_case', subjectId, state: 'open', text: '' })

test('a world in which everything ended well violates nothing', () => {
  const { books, testimony } = wellEnded()
  expect(findViolations(books, testimony)).toEqual([])
  expect(findViolations(books, { ...testimony, moment: 'during' })).toEqual([])
})

describe('a planted violation is found:', () => {
  const planted: readonly [invariant: string, what: string, plant: (world: World) => void, alsoDuring: boolean][] = [
    [
      'I1',
      'money is held for a booking that says it was refunded',
      ({ books }) => Object.assign(books.gateway[1]!, { refunded: 0, refunds: [] }),
      true,
    ],
    ['I1', 'money is held for a ticket the supplier does not have', ({ books }) => (books.supplier[0]!.tickets = []), true],
    ['I1', 'money came for a booking that was cancelled, and stays', ({ books }) => (books.bookings[0]!.status = 'CANCELLED'), false],
    [
      'I1',
      'money came for a payment nobody knows',
      ({ books }) => books.gateway.push({ ...books.gateway[0]!, session: 'cs_3', reference: 'pay_3' }),
      false,
    ],
    ['I2', 'two seats are sold of one', ({ books }) => (books.stock[0]!.sold = 2), true],
    ['I3', 'there is a ticket, and the money was given back', ({ books }) => Object.assign(books.gateway[0]!, { refunded: 10_000 }), true],
    ['I3', 'there is a ticket, and less was paid', ({ books }) => (books.gateway[0]!.captured = 9_999), true],
    [
      'I3',
      'there is a ticket for nobody',
      ({ books }) => books.supplier.push({ ...books.supplier[0]!, locator: 'PNR2', reference: 'FW-ZZZ-1' }),
      true,
    ],
    [
      'I4',
      'one passenger has two tickets',
      ({ books }) => (books.supplier[0]!.tickets = ['0001', '0002'].map((number) => ({ number, status: 'live' as const }))),
      true,
    ],
    [
      'I4',
      'one booking has two reservations',
      ({ books }) => books.supplier.push({ ...books.supplier[0]!, locator: 'PNR2', reference: 'FW-AAA-2', tickets: [] }),
      true,
    ],
    ['I4', 'the ticket is another than we say', ({ books }) => (books.bookings[0]!.tickets = ['0009']), false],
    ['I5', 'a posting does not balance', ({ books }) => (books.ledger[1]!.amount = -9_999), true],
    [
      'I5',
      'a capture is in the ledger twice',
      ({ books }) => books.ledger.push({ ...books.ledger[2]!, postingId: 'twice' }, { ...books.ledger[3]!, postingId: 'twice' }),
      true,
    ],
    ['I5', 'a capture is not in the ledger', ({ books }) => books.ledger.splice(2, 2), false],
    [
      'I5',
      'a refund is in the ledger that the gateway does not have',
      ({ books }) => Object.assign(books.gateway[1]!, { refunded: 0, refunds: [] }),
      true,
    ],
    ['I6', 'more is charged than was shown', ({ books }) => (books.gateway[0]!.captured = 10_001), true],
    ['I6', 'another currency is charged', ({ books }) => (books.gateway[0]!.currency = 'eur'), true],
    ['I7', 'a booking goes where its state does not lead', ({ books }) => (books.history[4]!.to = 'REFUNDED'), true],
    ['I7', 'a version is left out', ({ books }) => (books.history[4]!.toVersion = 9), true],
    ['I7', 'a change leaves the version as it was', ({ books }) => (books.history[4]!.toVersion = 4), true],
    [
      'I7',
      'a refund goes back to where it began',
      ({ books }) => books.history.push({ kind: 'refund', id: 'rfd_2', from: 'failed', to: 'requested', fromVersion: 2, toVersion: 3 }),
      true,
    ],
    [
      'I7',
      'a booking is deleted',
      ({ books }) => books.history.push({ kind: 'booking', id: B, from: 'TICKETED', to: null, fromVersion: 5, toVersion: null }),
      true,
    ],
    ['I7', 'the ledger is rewritten', ({ testimony }) => (testimony.rewritten = ['payments.transactions']), true],
    [
      'I7',
      'an event is handed on twice',
      ({ books }) => books.toldAgain.push({ what: 'evt_1 booking.paid:ticketBooking', times: 2 }),
      true,
    ],
    [
      'I8',
      'a repeated request is answered otherwise',
      ({ testimony }) => (testimony.replays = [{ request: 'POST', isSame: false, detail: '201 became 409' }]),
      true,
    ],
    ['I9', 'a paid booking is left where it was', ({ books }) => (books.bookings[0]!.status = 'PENDING_TICKET'), false],
    [
      'I9',
      'an unpaid booking is not expired',
      ({ books }) =>
        books.bookings.push({
          ...books.bookings[0]!,
          id: 'bkg_3',
          reference: 'FW-CCC',
          status: 'PENDING_PAYMENT',
          tickets: [],
          paymentDueBy: -60_000,
        }),
      false,
    ],
    ['I9', 'a reaction was never done', ({ books }) => books.pending.push('booking.paid:ticketBooking'), false],
    ['I9', 'a refund is forgotten on its way', ({ books }) => (books.refunds[0]!.status = 'pending'), false],
    ['I9', 'nobody asks for the outcome of a write', ({ books }) => (books.attempts[0]!.state = 'unknown'), false],
    ['I11', 'a name is in a log', ({ testimony }) => (testimony.leaks = [{ what: 'a name', where: 'processes' }]), true],
    [
      'I12',
      'more is given back than was taken',
      ({ books }) => (books.gateway[1]!.refunds = [{ id: 're_2', reference: 'rfd_2', amount: 10_001, status: 'succeeded' }]),
      true,
    ],
    [
      'I12',
      'one refund is given twice',
      ({ books }) =>
        (books.gateway[1]!.refunds = ['re_2', 're_3'].map((id) => ({ id, reference: 'rfd_2', amount: 5_000, status: 'succeeded' }))),
      true,
    ],
    [
      'I12',
      'what a bank took is given back as well',
      (world) => {
        chargedBack(world)
        world.books.gateway[0]!.refunds = [{ id: 're_1', reference: 'rfd_1', amount: 10_000, status: 'succeeded' }]
      },
      true,
    ],
    [
      'I1',
      'a bank has taken back money, and nobody was told',
      (world) => {
        chargedBack(world)
        world.books.workItems = []
      },
      false,
    ],
    [
      'I1',
      'a ticket goes because a bank contests its payment, and a person was told of the case alone',
      (world) => {
        chargedBack(world)
        world.books.supplier[0]!.tickets = []
      },
      true,
    ],
    [
      'I5',
      'what a bank took is not in the ledger',
      (world) => {
        chargedBack(world)
        world.books.ledger.splice(-2)
      },
      false,
    ],
    [
      'I5',
      'what a bank took is in the ledger twice',
      (world) => {
        chargedBack(world)
        world.books.ledger.push(...world.books.ledger.slice(-2).map((line) => ({ ...line, postingId: 'again' })))
      },
      true,
    ],
    [
      'I5',
      'what a bank took is in the ledger under another case',
      (world) => {
        chargedBack(world)
        for (const line of world.books.ledger.slice(-2)) line.externalRef = 'du_9'
      },
      false,
    ],
    [
      'I5',
      'what came back from a bank is not in the ledger',
      (world) => {
        wonBack(world)
        world.books.ledger.splice(-2)
      },
      false,
    ],
    ['I12', 'more is asked back than was taken', ({ books }) => books.refunds.push({ ...books.refunds[0]!, id: 'rfd_3' }), true],
  ]
  test.each(planted)('%s %s', (invariant, _what, plant, alsoDuring) => {
    const world = wellEnded()
    plant(world)
    expect(findViolations(world.books, world.testimony).map((one) => one.invariant)).toContain(invariant)
    const during = findViolations(world.books, { ...world.testimony, moment: 'during' }).map((one) => one.invariant)
    expect(during.includes(invariant as 'I1')).toBe(alsoDuring)
  })
})

describe('what is no violation:', () => {
  test.each([
    ['open', (world: World) => chargedBack(world)],
    ['lost', (world: World) => chargedBack(world, 'lost')],
    ['won', wonBack],
  ] as const)(
    'a ticket that stands though a bank took its money back, as long as the case is in the ledger and before a person: %s',
    (_, take) => {
      const world = wellEnded()
      take(world)
      expect(findViolations(world.books, world.testimony)).toEqual([])
      expect(findViolations(world.books, { ...world.testimony, moment: 'during' })).toEqual([])
    },
  )

  test('money and a ticket that nobody knows of, once a comparison with the statements has found them', () => {
    const { books, testimony } = wellEnded()
    books.gateway.push({ ...books.gateway[0]!, session: 'cs_3', reference: 'pay_3', payment_intent: 'pi_3' })
    books.supplier.push({ ...books.supplier[0]!, id: 'ord_3', locator: 'PNR3', reference: 'FW-ZZZ-1' })
    const money = { side: 'gateway', kind: 'missing_with_us', theirRef: 'pi_3' }
    const ticket = { side: 'supplier', kind: 'missing_with_us', theirRef: 'ord_3' }
    const left = (...breaks: (typeof money)[]): string[] =>
      findViolations({ ...books, breaks }, testimony).map(({ invariant, subject }) => `${invariant} ${subject}`)
    expect(left(money, ticket)).toEqual([])
    expect(left(money)).toEqual(['I3 PNR3'])
    expect(left(ticket)).toEqual(['I1 cs_3'])
    expect(left({ ...money, kind: 'amount_differs' }, { ...ticket, theirRef: 'ord_9' })).toEqual(['I1 cs_3', 'I3 PNR3'])
  })

  test('a case that we have not heard of yet', () => {
    const world = wellEnded()
    chargedBack(world)
    world.books.ledger.splice(-2)
    world.books.workItems = []
    expect(findViolations(world.books, { ...world.testimony, moment: 'during' })).toEqual([])
  })

  test('money that is before a person', () => {
    const { books, testimony } = wellEnded()
    books.bookings[0]!.status = 'CANCELLED'
    books.supplier = []
    books.workItems.push(openCase('pay_1'))
    expect(findViolations(books, testimony).filter(({ invariant }) => invariant === 'I1')).toEqual([])
    books.workItems[0]!.state = 'done'
    expect(findViolations(books, testimony).map(({ invariant }) => invariant)).toContain('I1')
  })

  test('a booking that may wait, as long as there is a case for it', () => {
    const { books, testimony } = wellEnded()
    books.bookings[1]!.status = 'REFUND_PENDING'
    books.workItems.push(openCase('rfd_2'))
    const patient = { ...testimony, mayWait: new Set([R]) }
    expect(findViolations(books, patient)).toEqual([])
    expect(findViolations(books, testimony).map(({ invariant }) => invariant)).toEqual(['I9'])
    books.workItems = []
    expect(findViolations(books, patient).map(({ invariant }) => invariant)).toEqual(['I9'])
  })

  test('a refund that the bank sent back, in either order of the books', () => {
    const { books, testimony } = wellEnded()
    const [line] = books.gateway.slice(1)
    Object.assign(line!, { refunded: 0, refunds: [{ id: 're_2', reference: 'rfd_2', amount: 10_000, status: 'failed' }] })
    const during = findViolations(books, { ...testimony, moment: 'during' }).filter(({ invariant }) => invariant === 'I5')
    expect(during).toEqual([])
  })
})

test('names and passports in any case, cards and secrets are found in a log, and ids and tickets are not', () => {
  const people = [{ givenName: 'Bqwertyuio', familyName: 'SANTOSO', email: 'bqwertyuio@traveller.example', passport: 'X12345678' }]
  const find = (text: string) => findLeaks(text, people, ['whsec_hidden'])
  expect(find('mail to bqwertyuio@traveller.example')).toEqual(['a name: bqwertyuio'])
  expect(find('SANTOSO/BQWERTYUIO MR')).toEqual(['a name: BQWERTYUIO'])
  expect(find('{"number":"x12345678"}')).toEqual(['a passport: x12345678'])
  expect(find('card 4242 4242 4242 4242 was refused')).toEqual(['a card: 4242 4242 4242 4242'])
  expect(find('signed with whsec_hidden')).toEqual(['a secret: whse…'])
  expect(find('ticket 9991234567890 of bkg_01m8abf97yxnzqcrpd37rwx6x7, pid 4242424242424241')).toEqual([])
})
