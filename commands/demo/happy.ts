import { checkEnding } from './invariants.ts'
import { awaitStatus, newTraveller, payBooking, placeBooking, searchOffers, verifyOffer } from './journey.ts'
import { type Scene } from './scene.ts'

/** Search, filter, verify, book, pay, ticket, e-ticket by mail. */
export async function playHappy(scene: Scene): Promise<void> {
  const traveller = newTraveller()
  const offer = await verifyOffer(scene, await searchOffers(scene))
  const booking = await placeBooking(scene, offer, traveller)
  const payment = await payBooking(scene, booking)
  await awaitStatus(scene, booking.id, 'TICKETED')
  await checkEnding(scene, booking.id, traveller, payment, { status: 'TICKETED' })
}
