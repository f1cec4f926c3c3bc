import { checkEnding } from './invariants.ts'
import { awaitStatus, getBooking, newTraveller, payBooking, placeBooking, searchOffers, verifyOffer } from './journey.ts'
import { type Scene } from './scene.ts'
import { sessionOf, type Delivery } from './sandbox.ts'
import { waitFor } from './story.ts'

const TIMES = 20

/** The payment provider tells everything twenty times at once, and all of it again afterwards: it happens once. */
export async function playDuplicateWebhook(scene: Scene): Promise<void> {
  const { story, api, sandbox } = scene
  const traveller = newTraveller()
  const offer = await verifyOffer(scene, await searchOffers(scene))
  const booking = await placeBooking(scene, offer, traveller)
  const known = new Set((await sandbox.deliveries()).map((delivery) => delivery.event))
  const deliveriesSince = async (): Promise<readonly Delivery[]> =>
    (await sandbox.deliveries()).filter((delivery) => !known.has(delivery.event))
  await sandbox.repeatWebhooks(TIMES)
  const payment = await (async () => {
    try {
      const paid = await payBooking(scene, booking)
      await awaitStatus(scene, booking.id, 'TICKETED')
      return paid
    } finally {
      await sandbox.repeatWebhooks(1)
    }
  })()
  await checkEnding(scene, booking.id, traveller, payment, { status: 'TICKETED' })
  const settled = await getBooking(api, booking.id)

  await story.step('deliver them all again', async () => {
    const count = await sandbox.resendWebhooks(sessionOf(payment), TIMES)
    const delivered = await waitFor(
      'the delivery of every copy',
      30_000,
      deliveriesSince,
      (seen) => seen.length >= 2 * count,
      (seen) => `${seen.length} of ${2 * count} delivered`,
    )
    const refused = delivered.filter(({ status }) => status === null || status > 299)
    story.check(
      'every copy is accepted, so that the provider stops repeating it',
      refused.length === 0 && count >= TIMES,
      `${refused.length} of ${delivered.length} were not`,
    )
    return { result: undefined, ids: { session: sessionOf(payment) }, remark: `${delivered.length} deliveries in all` }
  })
  // Whatever the copies set off has had its time when several rounds of the workers have passed.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const after = await getBooking(api, booking.id)
  story.keep(after)
  story.check(
    'nothing changed for being told again',
    after.version === settled.version && after.ledger.length === settled.ledger.length && after.timeline.length === settled.timeline.length,
    `v${settled.version} became v${after.version}, ${settled.ledger.length} entries became ${after.ledger.length}`,
  )
  const captures = after.ledger.filter((entry) => entry.event_type === 'PAYMENT_SUCCESS')
  story.check('the capture is in the ledger once', captures.length === 2, `${captures.length} entries instead of one pair`)
  story.check(
    'the e-ticket was not mailed again',
    (await sandbox.mails(traveller)).length === 1,
    `${(await sandbox.mails(traveller)).length} mails`,
  )
}
