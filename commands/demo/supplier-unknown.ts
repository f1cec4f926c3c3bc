import type { BookingView } from './client.ts'
import { checkEnding } from './invariants.ts'
import { awaitStatus, getBooking, newTraveller, payBooking, placeBooking, searchOffers, verifyOffer } from './journey.ts'
import { type Scene } from './scene.ts'
import { waitFor } from './story.ts'

/** The supplier does what it was asked and its reply is lost: the booking is looked up, and never sent a second time. */
export async function playSupplierUnknown(scene: Scene): Promise<void> {
  const { story, sandbox, provider } = scene
  const traveller = newTraveller('SUPPLIERUNKNOWN')
  const offer = await verifyOffer(scene, await searchOffers(scene))
  const booking = await placeBooking(scene, offer, traveller)
  const before = await sandbox.calls(provider)
  const payment = await payBooking(scene, booking)
  const confirming = await awaitDoubt(scene, booking.id)
  const promise = confirming.promise
  story.check(
    'while nobody knows, it is neither a ticket nor a refund',
    ['PAID', 'PENDING_TICKET'].includes(confirming.status) && confirming.tickets.length === 0 && confirming.refund === null,
    `${confirming.status}, ${confirming.tickets.length} tickets`,
  )
  story.check(
    'the traveller is promised an answer or a full refund by a stated time',
    promise !== null && Date.parse(promise.answer_by) > Date.now() && /refund/.test(promise.text),
    JSON.stringify(promise),
  )
  const ticketed = await awaitStatus(scene, booking.id, 'TICKETED', 90_000)
  await checkEnding(scene, booking.id, traveller, payment, { status: 'TICKETED' })
  const writes = ticketed.timeline.filter((entry) => entry.event === 'booking.sent_to_supplier').map((entry) => entry.text)
  story.check('each write was sent to the supplier once', new Set(writes).size === writes.length && writes.length > 0, writes.join(', '))
  if (!scene.isAlone) return
  const after = await sandbox.calls(provider)
  const sent = ['book', 'ticket'].map((operation) => [operation, (after[operation] ?? 0) - (before[operation] ?? 0)] as const)
  story.check(
    'the supplier counted each write once too',
    sent.every(([, times]) => times <= 1) && sent[0]![1] === 1,
    sent.map(([operation, times]) => `${operation} ${times}`).join(', '),
  )
}

function awaitDoubt(scene: Scene, bookingId: string): Promise<BookingView> {
  return scene.story.step('the reply is lost', async () => {
    const booking = await waitFor(
      'the loss of the reply',
      60_000,
      () => getBooking(scene.api, bookingId),
      (seen) =>
        seen.timeline.some((entry) => entry.event === 'booking.in_doubt') || seen.status === 'TICKETED' || seen.status === 'REFUNDED',
      (seen) => seen.status,
    )
    return { result: booking, ids: { booking: bookingId }, remark: `${booking.stage}: ${booking.promise?.text ?? 'no promise'}` }
  })
}
