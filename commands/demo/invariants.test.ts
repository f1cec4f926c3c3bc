import { describe, expect, test } from 'vitest'
import type { OfferView } from '../../src/travel/offer-view.ts'
import type { Api, BookingView, PaymentView } from './client.ts'
import { checkEnding, type Ending } from './invariants.ts'
import type { Traveller } from './journey.ts'
import type { Scene } from './scene.ts'
import type { Mail, PaymentTruth, Reservation, Sandbox } from './sandbox.ts'
import { createStory } from './story.ts'

/** A world in which a booking ended well, as each of the parties would tell it. */
type World = {
  booking: BookingView
  travelport: Reservation[]
  duffel: Reservation[]
  payments: PaymentTruth[]
  mails: Mail[]
  document: string
  attached: string
}

const traveller: Traveller = { givenName: 'Bqwertyui', familyName: 'SANTOSO', email: 'bqwertyui@traveller.example' }
const payment: PaymentView = {
  id: 'pay_1',
  booking_id: 'bkg_1',
  status: 'captured',
  amount: { amount: '100.00', currency: 'USD' },
  redirect_url: null,
}
const entry = (event_type: string, account: string, amount: string) => ({ event_type, account, amount, currency: 'USD' })
const paid = [
  entry('PAYMENT_INITIATED', 'customer_due', '100.00'),
  entry('PAYMENT_INITIATED', 'sale', '-100.00'),
  entry('PAYMENT_SUCCESS', 'gateway', '100.00'),
  entry('PAYMENT_SUCCESS', 'customer_due', '-100.00'),
]
const back = [
  entry('REFUND_REQUESTED', 'sale', '100.00'),
  entry('REFUND_REQUESTED', 'refund_due', '-100.00'),
  entry('REFUND_COMPLETED', 'refund_due', '100.00'),
  entry('REFUND_COMPLETED', 'gateway', '-100.00'),
]

function ticketed(): World {
  const booking: BookingView = {
    id: 'bkg_1',
    reference: 'FW-ABCDEF',
    status: 'TICKETED',
    stage: 'ticketed',
    version: 4,
    total: { amount: '100.00', currency: 'USD' },
    offer: { slices: [] } as unknown as OfferView,
    passengers: [{ given_name: 'Bqwertyui', family_name: 'SANTOSO' }],
    pnr: 'PNR123',
    tickets: [{ number: '0001', passenger_name: null }],
    documents: [{ kind: 'e-ticket', url: '/document' }],
    promise: null,
    refund: null,
    timeline: [],
    ledger: paid,
  }
  const mail: Mail = {
    id: 'm1',
    subject: 'E-ticket',
    text: 'PNR123 and 0001',
    attachments: [{ contentType: 'application/pdf', url: 'http://inbox/1' }],
  }
  return {
    booking,
    travelport: [
      {
        locator: 'PNR123',
        reference: 'att_1',
        status: 'active',
        passengers: ['BQWERTYUI SANTOSO'],
        tickets: [{ number: '0001', status: 'live' }],
      },
    ],
    duffel: [
      {
        locator: 'OTHER1',
        reference: 'att_9',
        status: 'active',
        passengers: ['Somebody Else'],
        tickets: [{ number: '9999', status: 'live' }],
      },
    ],
    payments: [{ session: 'cs_1', currency: 'usd', captured: 10_000, refunded: 0, refunds: 0 }],
    mails: [mail],
    document: '%PDF-1.7',
    attached: '%PDF-1.7',
  }
}

function refunded(): World {
  const world = ticketed()
  const text = 'Amount: USD 100.00\nWho holds it now: Farewire\nOn your card or account: by Fri 4 Dec 2026\nWhat you have to do: nothing'
  return {
    ...world,
    booking: {
      ...world.booking,
      status: 'REFUNDED',
      pnr: null,
      tickets: [],
      documents: [],
      ledger: [...paid, ...back],
      refund: { amount: { amount: '100.00', currency: 'USD' }, state: 'completed', reason: 'sold_out', held_by: 'bank', due_by: '' },
    },
    travelport: [{ ...world.travelport[0]!, status: 'cancelled', tickets: [{ number: '0001', status: 'void' }] }],
    payments: [{ session: 'cs_1', currency: 'usd', captured: 10_000, refunded: 10_000, refunds: 1 }],
    mails: [
      { id: 'm1', subject: 'Full refund on its way', text, attachments: [] },
      { id: 'm2', subject: 'Refund sent to your bank', text, attachments: [] },
    ],
  }
}

/** What is found to be violated in a world. */
async function findViolations(world: World, ending: Ending): Promise<string[]> {
  const story = createStory('test', () => undefined, false)
  const api: Api = {
    url: 'http://api',
    get: async <T>() => ({ status: 200, replayed: false, body: world.booking as T, problem: null }),
    post: () => Promise.reject(new Error('nothing is written here')),
    bytes: async () => Buffer.from(world.document),
  }
  const sandbox = {
    suppliers: ['travelport', 'duffel'],
    reservations: async (provider: 'travelport' | 'duffel') => world[provider],
    payments: async () => world.payments,
    mails: async () => world.mails,
    attachment: async () => Buffer.from(world.attached),
  } as unknown as Sandbox
  const scene: Scene = { api, sandbox, story, provider: 'travelport', goods: 'flights', isAlone: true }
  await checkEnding(scene, world.booking.id, traveller, payment, ending)
  return (story.report().broken ?? []).map(({ invariant }) => invariant)
}

describe('a booking that was ticketed', () => {
  const ending: Ending = { status: 'TICKETED' }

  test('is found to be in order when everybody’s books agree', async () => expect(await findViolations(ticketed(), ending)).toEqual([]))

  const wrongs: [what: string, spoil: (world: World) => void, found: RegExp][] = [
    [
      'another status',
      (world) => (world.booking = { ...world.booking, status: 'PENDING_TICKET', ledger: paid }),
      /the booking is TICKETED/,
    ],
    ['an entry without its other half', (world) => (world.booking = { ...world.booking, ledger: paid.slice(0, 3) }), /ledger sums to zero/],
    ['no ledger at all', (world) => (world.booking = { ...world.booking, ledger: [] }), /ledger sums to zero/],
    [
      'a capture posted twice',
      (world) => (world.booking = { ...world.booking, ledger: [...paid, ...paid.slice(2)] }),
      /gateway holds exactly/,
    ],
    [
      'a refund beside the ticket',
      (world) => (world.payments = [{ ...world.payments[0]!, refunded: 10_000, refunds: 1 }]),
      /nothing was refunded/,
    ],
    ['a second payment', (world) => world.payments.push({ ...world.payments[0]!, session: 'cs_2' }), /charged exactly the price, once/],
    ['a cent too much', (world) => (world.payments = [{ ...world.payments[0]!, captured: 10_001 }]), /charged exactly the price, once/],
    ['another currency', (world) => (world.payments = [{ ...world.payments[0]!, currency: 'eur' }]), /charged exactly the price, once/],
    [
      'a second reservation',
      (world) => world.travelport.push({ ...world.travelport[0]!, locator: 'PNR999', tickets: [] }),
      /exactly one reservation/,
    ],
    ['another locator', (world) => (world.travelport = [{ ...world.travelport[0]!, locator: 'PNR999' }]), /exactly one reservation/],
    [
      'a second live ticket',
      (world) =>
        (world.travelport = [
          {
            ...world.travelport[0]!,
            tickets: [
              { number: '0001', status: 'live' },
              { number: '0002', status: 'live' },
            ],
          },
        ]),
      /one live ticket per passenger/,
    ],
    [
      'a void ticket',
      (world) => (world.travelport = [{ ...world.travelport[0]!, tickets: [{ number: '0001', status: 'void' }] }]),
      /one live ticket per passenger/,
    ],
    [
      'another ticket number',
      (world) => (world.travelport = [{ ...world.travelport[0]!, tickets: [{ number: '0002', status: 'live' }] }]),
      /ticket numbers are/,
    ],
    [
      'the same journey at another supplier',
      (world) => world.duffel.push({ ...world.travelport[0]!, passengers: ['Bqwertyui Santoso'] }),
      /no other supplier/,
    ],
    [
      'a mail without the ticket number',
      (world) => (world.mails = [{ ...world.mails[0]!, text: 'PNR123' }]),
      /tells the PNR and every ticket number/,
    ],
    ['an attachment that is no PDF', (world) => (world.attached = '<html>'), /attached as one PDF/],
    ['two mails', (world) => world.mails.push(world.mails[0]!), /mailed once/],
    ['another PDF on the page', (world) => (world.document = '%PDF-1.4'), /offers the same PDF/],
  ]
  test.each(wrongs)('is found out: %s', async (_what, spoil, found) => {
    const world = ticketed()
    spoil(world)
    expect((await findViolations(world, ending)).join('; ')).toMatch(found)
  })
})

describe('a booking that was refunded', () => {
  const ending: Ending = { status: 'REFUNDED', reason: 'sold_out' }

  test('is found to be in order when everybody’s books agree', async () => expect(await findViolations(refunded(), ending)).toEqual([]))

  const wrongs: [what: string, spoil: (world: World) => void, found: RegExp][] = [
    [
      'a ledger that stops at the promise',
      (world) => (world.booking = { ...world.booking, ledger: [...paid, ...back.slice(0, 2)] }),
      /every account is at zero/,
    ],
    [
      'a refund Stripe never made',
      (world) => (world.payments = [{ ...world.payments[0]!, refunded: 0, refunds: 0 }]),
      /everything was refunded, once/,
    ],
    ['two refunds', (world) => (world.payments = [{ ...world.payments[0]!, refunds: 2 }]), /everything was refunded, once/],
    [
      'a live ticket left behind',
      (world) => (world.travelport = [{ ...world.travelport[0]!, tickets: [{ number: '0001', status: 'live' }] }]),
      /no live ticket/,
    ],
    [
      'a reservation left behind',
      (world) => (world.travelport = [{ ...world.travelport[0]!, status: 'active', tickets: [] }]),
      /no live ticket/,
    ],
    [
      'another reason',
      (world) => (world.booking = { ...world.booking, refund: { ...world.booking.refund!, reason: 'rejected' } }),
      /told why/,
    ],
    [
      'money that is not at the bank',
      (world) => (world.booking = { ...world.booking, refund: { ...world.booking.refund!, state: 'pending', held_by: 'farewire' } }),
      /told why/,
    ],
    [
      'a mail that does not say who holds it',
      (world) => (world.mails = world.mails.map((mail) => ({ ...mail, text: 'Amount: USD 100.00' }))),
      /who holds it and by when/,
    ],
    ['an e-ticket all the same', (world) => world.mails.push(ticketed().mails[0]!), /no e-ticket was mailed/],
  ]
  test.each(wrongs)('is found out: %s', async (_what, spoil, found) => {
    const world = refunded()
    spoil(world)
    expect((await findViolations(world, ending)).join('; ')).toMatch(found)
  })
})
