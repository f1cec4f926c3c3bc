import { checkEnding } from './invariants.ts'
import { awaitStatus, newTraveller, payBooking, placeBooking, searchOffers, verifyOffer } from './journey.ts'
import { type Scene } from './scene.ts'

/** The supplier says "sold out" after the traveller has paid: all of the money goes back by itself. */
export async function playSoldOut(scene: Scene): Promise<void> {
  const traveller = newTraveller('SOLDOUT')
  const offer = await verifyOffer(scene, await searchOffers(scene))
  const booking = await placeBooking(scene, offer, traveller)
  const payment = await payBooking(scene, booking)
  await awaitStatus(scene, booking.id, 'REFUNDED')
  await checkEnding(scene, booking.id, traveller, payment, { status: 'REFUNDED', reason: 'sold_out' })
}
