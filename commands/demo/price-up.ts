import { randomUUID } from 'node:crypto'
import { addMoney, fromMoneyText, isSameMoney } from '../../src/kernel/money.ts'
import type { BookingView, GoodsView } from './client.ts'
import { checkEnding } from './invariants.ts'
import { awaitStatus, bookingBody, newTraveller, payBooking, placeBooking, searchOffers, verify, verifyOffer } from './journey.ts'
import { words, type Scene } from './scene.ts'

/** The price rises: first before the booking, where it needs a new consent, then after the payment, where it is refunded. */
export async function playPriceUp(scene: Scene): Promise<void> {
  const offers = await searchOffers(scene)
  scene.story.say('The supplier raises the price before the booking:')
  await riseBeforeBooking(scene, offers)
  scene.story.say('The supplier raises the price after the payment:')
  await riseAfterPayment(scene, offers)
}

async function riseBeforeBooking(scene: Scene, offers: readonly GoodsView[]): Promise<void> {
  const { story, api, sandbox, provider } = scene
  const traveller = newTraveller()
  const [shown] = offers
  await sandbox.armFault(provider, { operation: 'price', kind: 'price_up', count: 1 })
  const verified = await verify(scene, shown!).finally(() => sandbox.clearFaults(provider))
  const { offer } = verified
  if (verified.outcome !== 'changed' || !offer || !verified.delta)
    throw new Error(`the verification said "${verified.outcome}" where the price rose`)
  const before = fromMoneyText(verified.previous_total)
  const after = fromMoneyText(offer.total)
  story.check(
    'the verification tells the old price, the new one and the difference',
    isSameMoney(before, fromMoneyText(shown!.total)) &&
      after.amount > before.amount &&
      isSameMoney(addMoney(before, fromMoneyText(verified.delta)), after),
    JSON.stringify({ ...verified, offer: offer.total, alternatives: [] }),
  )

  await story.step('book at the old price', async () => {
    const refused = await api.post<BookingView>('/v1/bookings', bookingBody(offer, traveller, verified.previous_total), randomUUID())
    const isRight = refused.status === 409 && refused.problem?.code === 'price-changed' && refused.problem.money_moved === 'none'
    story.check(
      'a booking at the old price is refused with the new one, and nothing is charged',
      isRight && words(refused.problem!.total!) === words(offer.total),
      `${refused.status} ${JSON.stringify(refused.body).slice(0, 300)}`,
    )
    return { result: undefined, ids: { offer: offer.id }, remark: `${refused.status} ${refused.problem?.code ?? ''}` }
  })
  const booking = await placeBooking(scene, offer, traveller)
  story.check('with consent it is booked at exactly the new price', words(booking.total) === words(offer.total), words(booking.total))
  const payment = await payBooking(scene, booking)
  await awaitStatus(scene, booking.id, 'TICKETED')
  await checkEnding(scene, booking.id, traveller, payment, { status: 'TICKETED' })
}

async function riseAfterPayment(scene: Scene, offers: readonly GoodsView[]): Promise<void> {
  const traveller = newTraveller('PRICEUP')
  const offer = await verifyOffer(scene, offers.slice(1))
  const booking = await placeBooking(scene, offer, traveller)
  const payment = await payBooking(scene, booking)
  await awaitStatus(scene, booking.id, 'REFUNDED')
  await checkEnding(scene, booking.id, traveller, payment, { status: 'REFUNDED', reason: 'price_changed' })
}
