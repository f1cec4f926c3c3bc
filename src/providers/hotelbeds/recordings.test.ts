import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compareMoney, formatAmount, toMoneyText, type Money } from '../../kernel/money.ts'
import { createStoppedClock, parseInstant, toIso } from '../../kernel/time.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { MessageKind, Translation } from '../contract.ts'
import { findRefusal } from './faults.ts'
import { hotelbeds } from './index.ts'
import { readToken } from './offer-token.ts'

const RECORDINGS = new URL('../../../../shared/recordings/', import.meta.url)
const FOLDER = new URL('hotelbeds/', RECORDINGS)
const KINDS: Readonly<Record<string, MessageKind>> = {
  shop: 'shop',
  price: 'price',
  book: 'book',
  retrieve: 'retrieve',
  cancel: 'cancel',
  errors: 'book',
}

type Policy = { readonly amount: string | number; readonly from: string }
type ShopFacts = {
  check_in: string
  check_out: string
  hotel_count: number
  room_count: number
  rate_count: number
  rate_types: Record<string, number>
  cheapest: {
    net: string
    currency: string
    hotel: number
    hotel_name: string
    room: string
    board: string
    rateClass: string
    rateKey: string
    cancellationPolicies: Policy[]
  }
  first_hotel: { code: number; name: string; minRate: string; maxRate: string; currency: string }
}
type CheckFacts = {
  hotel: number
  totalNet: number
  currency: string
  rates: { room: string; net: number; rateType: string; board: string; policies: Policy[] }[]
}
type BookingFacts = { reference: string; status: string; totalNet: number; currency: string }
type ErrorFacts = { error: string | { code: string; message: string } }

const isThere = existsSync(FOLDER)
const facts = isThere ? (JSON.parse(readFileSync(new URL('facts.json', RECORDINGS), 'utf8')) as Record<string, unknown>) : {}
const files = isThere
  ? readdirSync(FOLDER).flatMap((operation) =>
      readdirSync(new URL(`${operation}/`, FOLDER)).map((file) => ({
        operation,
        name: `hotelbeds/${operation}/${file}`,
        text: readFileSync(new URL(`${operation}/${file}`, FOLDER), 'utf8'),
      })),
    )
  : []
// Before the recorded availability's first deadline, so that cancelling is still free.
const { translate } = hotelbeds.createTranslator(createStoppedClock('2019-05-01T08:00:00Z'))

describe.skipIf(!isThere)('every message recorded in ../shared/recordings/hotelbeds (skipped where the folder is absent)', () => {
  test('there are some, and a reader for each', () => {
    expect(files.length).toBeGreaterThan(6)
    for (const { operation, name } of files) {
      expect(KINDS, name).toHaveProperty(operation)
      expect(facts, name).toHaveProperty([name])
    }
  })

  test.each(files)('$name says what the facts say', ({ operation, name, text }) => {
    const translation = translate(KINDS[operation]!, text)
    if (operation === 'shop') compareShop(offersOf(translation), facts[name] as ShopFacts)
    else if (operation === 'price') compareCheck(offersOf(translation).offers, facts[name] as CheckFacts)
    else if (operation === 'errors') compareError(translation, { text, facts: facts[name] as ErrorFacts })
    else if (operation === 'cancel') {
      expect(translation).toMatchObject({
        kind: 'cancellation',
        result: { outcome: 'ok' },
        pnr: (facts[name] as BookingFacts).reference,
      })
      compareBooking(translate('retrieve', text), facts[name] as BookingFacts)
    } else compareBooking(translation, facts[name] as BookingFacts)
  })
})

function offersOf(translation: Translation): Extract<Translation, { kind: 'stays' }> {
  if (translation.kind !== 'stays') throw new Error(`understood as ${translation.kind}`)
  return translation
}

function compareShop({ solutions, offers }: { solutions: number; offers: readonly StayOffer[] }, facts: ShopFacts): void {
  expect(solutions).toBe(facts.hotel_count)
  expect(offers).toHaveLength(facts.rate_count)
  expect(new Set(offers.map(({ id }) => id)).size).toBe(facts.rate_count)
  expect(new Set(offers.map((offer) => `${offer.property} ${offer.rooms[0]!.code}`)).size).toBe(facts.room_count)
  const needCheck = offers.filter(({ supplierToken }) => readToken(supplierToken).rates[0]!.needsCheck)
  expect({ RECHECK: needCheck.length, BOOKABLE: offers.length - needCheck.length }).toEqual({
    RECHECK: 0,
    BOOKABLE: 0,
    ...facts.rate_types,
  })

  const { cheapest, first_hotel: first } = facts
  const cheapestOffer = offers.toSorted((a, b) => compareMoney(a.total, b.total))[0]!
  expect(cheapestOffer).toMatchObject({
    property: String(cheapest.hotel),
    propertyName: cheapest.hotel_name,
    checkIn: facts.check_in.slice(0, 10),
    checkOut: facts.check_out.slice(0, 10),
    board: cheapest.board,
    ratePlan: { code: cheapest.rateClass },
    refundable: true,
  })
  expect(cheapestOffer.rooms[0]!.code).toBe(cheapest.room)
  expect(toMoneyText(cheapestOffer.total)).toEqual({ amount: cheapest.net, currency: cheapest.currency })
  expect(readToken(cheapestOffer.supplierToken).rates.map(({ key }) => key)).toEqual([cheapest.rateKey])
  comparePolicies(cheapestOffer, cheapest.cancellationPolicies)

  const own = offers.filter(({ property }) => property === String(first.code)).toSorted((a, b) => compareMoney(a.total, b.total))
  expect(offers[0]!.property).toBe(String(first.code))
  expect(own[0]!.propertyName).toBe(first.name)
  expect([own[0]!, own.at(-1)!].map(({ total }) => toMoneyText(total))).toEqual([
    { amount: first.minRate, currency: first.currency },
    { amount: first.maxRate, currency: first.currency },
  ])
}

/** The timeline begins free and then says what the policies say. */
function comparePolicies({ cancellation }: StayOffer, policies: readonly Policy[]): void {
  const [free, ...steps] = cancellation!
  expect(free).toMatchObject({ from: null, penalty: { amount: 0 } })
  expect(steps.map(({ from, penalty }) => [toIso(from!), Number(formatAmount(penalty!))])).toEqual(
    policies.map(({ amount, from }) => [toIso(parseInstant(from)), Number(amount)]),
  )
}

function compareCheck(offers: readonly StayOffer[], facts: CheckFacts): void {
  expect(offers).toHaveLength(facts.rates.length)
  for (const [index, rate] of facts.rates.entries()) {
    const offer = offers[index]!
    expect(offer).toMatchObject({ property: String(facts.hotel), board: rate.board, payAt: 'booking' })
    expect(offer.rooms[0]!.code).toBe(rate.room)
    expect(readToken(offer.supplierToken).rates[0]!.needsCheck).toBe(rate.rateType === 'RECHECK')
    expect(toNumber(offer.total)).toEqual([rate.net, facts.currency])
    comparePolicies(offer, rate.policies)
    expect(offer.remarks.join(' ')).toContain('Check-in hour 15:00-00:00')
  }
  expect(offers.reduce((sum, { total }) => sum + toNumber(total)[0], 0)).toBeCloseTo(facts.totalNet, 2)
}

function compareBooking(translation: Translation, facts: BookingFacts): void {
  if (translation.kind !== 'reservation' || translation.result.outcome !== 'ok') throw new Error('not understood as a booking')
  const { pnr, supplierRef, status, total, tickets } = translation.result.value
  expect({ pnr, supplierRef, tickets }).toEqual({ pnr: facts.reference, supplierRef: facts.reference, tickets: [] })
  expect(status).toBe({ CONFIRMED: 'active', CANCELLED: 'cancelled' }[facts.status])
  expect(toNumber(total!)).toEqual([facts.totalNet, facts.currency])
}

function toNumber(money: Money): [number, string] {
  return [Number(formatAmount(money)), money.currency]
}

/** Both recorded errors were given at the door, to requests that were not carried out. */
function compareError(translation: Translation, { text, facts }: { text: string; facts: ErrorFacts }): void {
  if (translation.kind !== 'reservation') throw new Error('an error reply to a booking is about a reservation')
  const { result } = translation
  expect(result).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
  if (result.outcome !== 'rejected') return
  if (typeof facts.error === 'string') expect(result.message).toBe(facts.error)
  else {
    expect(result.code).toBe(facts.error.code)
    expect(result.message).toContain(facts.error.message.slice(0, 90))
  }
  expect(findRefusal(JSON.parse(text))?.kind).toBe(typeof facts.error === 'string' ? null : 'INVALID_REQUEST')
}
