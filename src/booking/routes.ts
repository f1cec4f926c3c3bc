import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from 'typebox'
import { fromMoneyText, isSameMoney, toMoneyText, type Money, type MoneyText } from '../kernel/money.ts'
import { invalidRequest } from '../kernel/problems.ts'
import { isLocalDate, toIso, type LocalDate } from '../kernel/time.ts'
import { EVENT_STREAM_HEADERS } from '../platform/event-stream.ts'
import { isStay } from '../travel/offer.ts'
import type { Passenger } from '../travel/passenger.ts'
import type { Guest } from '../travel/stay.ts'
import type { Bookings } from './index.ts'
import { toOfferJson } from './offer-json.ts'
import { documentUnknown, priceChanged } from './problems.ts'
import {
  BookingBody,
  BookingParams,
  BookingReply,
  DocumentParams,
  DocumentQuery,
  IdempotencyHeaders,
  OfferParams,
  PaymentBody,
  PaymentReply,
  VerificationBody,
  VerificationReply,
} from './schemas.ts'
import { streamBooking } from './stream-booking.ts'
import type { Travelling } from './place-booking.ts'
import type { Verified } from './verify-offer.ts'

export type BookingRoutesOptions = {
  readonly bookings: Bookings
  /** The way a POST is answered once per Idempotency-Key. */
  readonly idempotent: (
    request: FastifyRequest,
    reply: FastifyReply,
    work: (requestName: string) => Promise<{ status: number; body: unknown }>,
  ) => Promise<unknown>
  readonly readDocument: (key: string) => Promise<Buffer | undefined>
  /** Calls the listener at each change of a booking until the returned function is called. */
  readonly onChange: (bookingId: string, listener: () => void) => () => void
  /** Aborted when this process is going away: streams end and go on elsewhere. */
  readonly moving?: AbortSignal
}

/** Verify, book, pay, look: the write path over HTTP. Prefix /v1. */
export const bookingRoutes: FastifyPluginAsyncTypebox<BookingRoutesOptions> = async (app, options) => {
  const { bookings, idempotent } = options

  app.post(
    '/offers/:offerId/verifications',
    {
      schema: {
        tags: ['booking'],
        summary: 'Ask the supplier, live, whether an offer is still sold and for how much',
        params: OfferParams,
        body: VerificationBody,
        response: { 200: VerificationReply },
      },
    },
    async (request) => {
      const expected = request.body.expected_total && readMoney(request.body.expected_total)
      const verified = await bookings.verify(request.params.offerId)
      if (expected && verified.outcome !== 'gone' && !isSameMoney(expected, verified.offer.total)) {
        throw priceChanged({
          moneyMoved: 'none',
          more: { offer_id: verified.offer.offer.id, total: toMoneyText(verified.offer.total), verification: toVerificationView(verified) },
        })
      }
      return toVerificationView(verified)
    },
  )

  app.post(
    '/bookings',
    {
      schema: {
        tags: ['booking'],
        summary: 'Place a booking of a verified offer; Idempotency-Key required',
        headers: IdempotencyHeaders,
        body: BookingBody,
        response: { 201: BookingReply },
      },
    },
    (request, reply) =>
      idempotent(request, reply, async (placedBy) => {
        const { contact } = request.body
        const booking = await bookings.place({
          offerIds: readOfferIds(request.body),
          expectedTotal: readMoney(request.body.expected_total),
          travellers: toTravellers(request.body),
          contact,
          userId: null,
          placedBy,
          refusesDuplicate: request.body.allow_duplicate !== true,
        })
        void reply.header('location', `/v1/bookings/${booking.id}`)
        return { status: 201, body: await bookings.view(booking.id) }
      }) as never,
  )

  app.post(
    '/bookings/:bookingId/payments',
    {
      schema: {
        tags: ['booking'],
        summary: 'Open a payment page for a booking; Idempotency-Key required',
        params: BookingParams,
        headers: IdempotencyHeaders,
        body: PaymentBody,
        response: { 201: PaymentReply },
      },
    },
    (request, reply) =>
      idempotent(request, reply, async (attemptKey) => {
        const { bookingId } = request.params
        const payment = await bookings.pay({
          bookingId,
          expectedTotal: readMoney(request.body.expected_total),
          returnPath: request.body.return_url ?? `/trips/${bookingId}`,
          customerIp: request.ip,
          attemptKey,
        })
        const body = {
          id: payment?.paymentId ?? null,
          booking_id: bookingId,
          status: payment?.status ?? 'not_needed',
          amount: request.body.expected_total,
          redirect_url: payment?.redirectUrl ?? null,
          expires_at: payment && toIso(payment.expiresAt),
        }
        return { status: 201, body }
      }) as never,
  )

  app.get(
    '/bookings/:bookingId',
    { schema: { tags: ['booking'], summary: 'A booking as it stands', params: BookingParams, response: { 200: BookingReply } } },
    async (request, reply) => {
      const view = await bookings.view(request.params.bookingId)
      void reply
        .header('cache-control', 'private, no-cache')
        .header('etag', `"${view.version}-${view.timeline.length}-${view.ledger.length}"`)
      return view
    },
  )

  app.get(
    '/bookings/:bookingId/events',
    { schema: { tags: ['booking'], summary: 'The booking at each of its changes, as server-sent events', params: BookingParams } },
    async (request, reply) => {
      const { bookingId } = request.params
      const stream = await streamBooking({
        view: () => bookings.view(bookingId),
        onChange: (listener) => options.onChange(bookingId, listener),
        ...(options.moving && { moving: options.moving }),
      })
      return reply.headers(EVENT_STREAM_HEADERS).send(stream)
    },
  )

  app.get(
    '/bookings/:bookingId/documents/:kind.pdf',
    {
      schema: {
        tags: ['booking'],
        summary: 'The e-ticket of a flight, the voucher of a stay',
        params: DocumentParams,
        querystring: DocumentQuery,
      },
    },
    async (request, reply) => {
      const { bookingId, kind } = request.params
      const booking = await bookings.get(bookingId)
      const ofKind = booking.items.filter((item) => kind === (isStay(item.offer) ? 'voucher' : 'e-ticket'))
      const wanted = request.query.item === undefined ? ofKind[0] : ofKind.find((item) => item.id === request.query.item)
      const pdf = wanted?.documentKey ? await options.readDocument(wanted.documentKey) : undefined
      if (!pdf) throw documentUnknown({ more: { booking_id: booking.id } })
      return reply
        .type('application/pdf')
        .header('cache-control', 'private')
        .header('content-disposition', `inline; filename="${kind}-${booking.reference}.pdf"`)
        .send(pdf)
    },
  )
}

function readMoney(text: MoneyText): Money {
  try {
    return fromMoneyText(text)
  } catch (error) {
    throw invalidRequest({
      moneyMoved: 'none',
      errors: [{ pointer: '/expected_total', code: 'money', message: error instanceof Error ? error.message : 'is not an amount' }],
    })
  }
}

function readDate(text: string, pointer: string): LocalDate {
  if (isLocalDate(text)) return text
  throw invalidRequest({
    moneyMoved: 'none',
    errors: [{ pointer, code: 'date', message: `"${text}" is not a date that exists, such as 1990-04-18` }],
  })
}

function readOfferIds(body: Static<typeof BookingBody>): readonly string[] {
  const ids = body.offer_ids ?? (body.offer_id === undefined ? [] : [body.offer_id])
  if (ids.length > 0 && (body.offer_ids === undefined || body.offer_id === undefined)) return ids
  const message = 'Send offer_id for one offer, or offer_ids for several, and not both.'
  throw invalidRequest({ moneyMoved: 'none', errors: [{ pointer: '/offer_id', code: 'missing', message }] })
}

function toTravellers({ passengers = [], guests = [] }: Static<typeof BookingBody>): Travelling {
  if (passengers.length + guests.length > 0) return { passengers: passengers.map(toPassenger), guests: guests.map(toGuest) }
  const message = 'Send passengers for a flight, guests for a stay, and both for both.'
  throw invalidRequest({ moneyMoved: 'none', errors: [{ pointer: '/passengers', code: 'missing', message }] })
}

function toGuest(
  body: NonNullable<Static<typeof BookingBody>['guests']>[number],
  index: number,
  all: readonly { room: number; age?: number | null }[],
): Guest {
  const age = body.age ?? null
  return {
    room: body.room,
    // The first adult of a room is who it is held for.
    isLead: age === null && all.findIndex((one) => one.room === body.room && (one.age ?? null) === null) === index,
    title: (body.title ?? null) as Guest['title'],
    givenName: body.given_name.trim(),
    familyName: body.family_name.trim(),
    age,
  }
}

function toPassenger(body: NonNullable<Static<typeof BookingBody>['passengers']>[number], index: number): Passenger {
  const pointer = `/passengers/${index}`
  const document = body.document ?? null
  return {
    type: body.type,
    title: (body.title ?? null) as Passenger['title'],
    givenName: body.given_name.trim(),
    familyName: body.family_name.trim(),
    bornOn: readDate(body.born_on, `${pointer}/born_on`),
    gender: body.gender,
    document: document && {
      kind: document.kind,
      number: document.number,
      issuingCountry: document.issuing_country,
      nationality: document.nationality,
      expiresOn: readDate(document.expires_on, `${pointer}/document/expires_on`),
    },
  }
}

function toVerificationView(verified: Verified): Static<typeof VerificationReply> {
  const previous_total = toMoneyText(verified.previousTotal)
  if (verified.outcome === 'gone') {
    return {
      outcome: 'gone',
      offer: null,
      previous_total,
      delta: null,
      reason: null,
      bookable_until: null,
      alternatives: verified.alternatives.map(toOfferJson),
    }
  }
  const { outcome, offer, bookableUntil } = verified
  const change =
    verified.outcome === 'changed' ? { delta: toMoneyText(verified.delta), reason: verified.reason } : { delta: null, reason: null }
  return { outcome, offer: toOfferJson(offer), previous_total, ...change, bookable_until: toIso(bookableUntil), alternatives: [] }
}
