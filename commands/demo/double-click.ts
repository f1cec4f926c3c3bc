import { randomUUID } from 'node:crypto'
import { expectStatus, type BookingView, type PaymentView, type Reply } from './client.ts'
import { checkEnding } from './invariants.ts'
import { awaitStatus, bookingBody, newTraveller, payOnPage, searchOffers, verifyOffer } from './journey.ts'
import { type Scene } from './scene.ts'

const CLICKS = 20
const TRIES_MAX = 30
const RETRY_MS = 500

/** Twenty clicks at once, on "book" and on "pay": one booking, one payment, one ticket. */
export async function playDoubleClick(scene: Scene): Promise<void> {
  const { story, api } = scene
  const traveller = newTraveller()
  const offer = await verifyOffer(scene, await searchOffers(scene))
  const body = bookingBody(offer, traveller)
  const bookingKey = randomUUID()
  const booking = await story.step(`book, ${CLICKS} times at once`, async () => {
    const replies = await clickTogether(() => api.post<BookingView>('/v1/bookings', body, bookingKey))
    const bookings = replies.map((reply) => expectStatus(reply, 201, 'the booking'))
    story.keep(bookings[0]!)
    checkOne(scene, 'booking', replies, bookings)
    return {
      result: bookings[0]!,
      ids: { booking: bookings[0]!.id, reference: bookings[0]!.reference },
      remark: `${new Set(bookings.map((one) => one.id)).size} booking`,
    }
  })
  await story.step('same key, other body', async () => {
    const other = await api.post<BookingView>('/v1/bookings', bookingBody(offer, newTraveller()), bookingKey)
    story.check(
      'a key that was used for another body is refused',
      other.status === 422 && other.problem?.code === 'idempotency-key-reused',
      `${other.status} ${other.problem?.code ?? ''}`,
    )
    return { result: undefined, ids: { booking: booking.id }, remark: `${other.status} ${other.problem?.code ?? ''}` }
  })
  const paymentKey = randomUUID()
  const payment = await story.step(`pay, ${CLICKS} times at once`, async () => {
    const replies = await clickTogether(() =>
      api.post<PaymentView>(`/v1/bookings/${booking.id}/payments`, { expected_total: booking.total }, paymentKey),
    )
    const payments = replies.map((reply) => expectStatus(reply, 201, 'the payment'))
    checkOne(scene, 'payment', replies, payments)
    story.check(
      'all of them lead to the same page',
      new Set(payments.map((one) => one.redirect_url)).size === 1,
      [...new Set(payments.map((one) => one.redirect_url))].join(', '),
    )
    return { result: payments[0]!, ids: { payment: payments[0]!.id }, remark: `${new Set(payments.map((one) => one.id)).size} payment` }
  })
  await payOnPage(scene, payment)
  await awaitStatus(scene, booking.id, 'TICKETED')
  await checkEnding(scene, booking.id, traveller, payment, { status: 'TICKETED' })
}

/** Sends a request many times at once, and each again while the first is still being worked on, as a client would. */
function clickTogether<T>(click: () => Promise<Reply<T>>): Promise<Reply<T>[]> {
  return Promise.all(
    Array.from({ length: CLICKS }, async () => {
      for (let tries = 1; ; tries += 1) {
        const reply = await click()
        if (reply.status !== 409 || reply.problem?.code !== 'request-in-flight' || tries === TRIES_MAX) return reply
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }),
  )
}

function checkOne<T extends { id: string }>(scene: Scene, what: string, replies: readonly Reply<T>[], made: readonly T[]): void {
  const ids = new Set(made.map((one) => one.id))
  scene.story.check(`${CLICKS} clicks make one ${what}`, ids.size === 1, `${ids.size}: ${[...ids].join(', ')}`)
  const first = replies.filter((reply) => !reply.replayed).length
  scene.story.check(`one answer is the ${what}, the others say that they repeat it`, first === 1, `${first} did not`)
}
