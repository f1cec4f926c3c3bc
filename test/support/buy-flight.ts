import { randomUUID } from 'node:crypto'
import { callApi, dateIn, until, type JourneyStack } from './journey.ts'

/** A key for a request that is made once. */
export const freshKey = () => ({ 'idempotency-key': randomUUID() })

/** Buys the first flight there is for an adult of this family name, who has mail at `who`@traveller.example; the id of the ticketed booking. */
export async function buyFlight(stack: JourneyStack, traveller: { readonly who: string; readonly familyName: string }): Promise<string> {
  const offers = await stack.search(`/v1/flights/offers?origin=SIN&destination=LHR&departure_date=${dateIn(45)}&adults=1&limit=20`)
  const { offer } = (await stack.call('POST', `/v1/offers/${offers.body.data[0].id}/verifications`, {})).body
  const passenger = {
    type: 'adult',
    title: 'mr',
    given_name: 'Budi',
    family_name: traveller.familyName,
    born_on: '1990-04-18',
    gender: 'male',
    document: { kind: 'passport', number: 'C1234567', issuing_country: 'ID', nationality: 'ID', expires_on: '2034-01-01' },
  }
  const contact = { email: `${traveller.who}@traveller.example`, phone: '+6281234567890' }
  const order = { offer_id: offer.id, allow_duplicate: true, expected_total: offer.total, passengers: [passenger], contact }
  const booking = await stack.call('POST', '/v1/bookings', order, freshKey())
  if (booking.status !== 201) throw new Error(`not booked: ${JSON.stringify(booking.body)}`)
  const { id, total } = booking.body
  const payment = await stack.call('POST', `/v1/bookings/${id}/payments`, { expected_total: total }, freshKey())
  await callApi(`${stack.urls.stripe}/__ctl/pay`, 'POST', { session: /cs_\w+/.exec(payment.body.redirect_url)![0] })
  await until(
    () => stack.call('GET', `/v1/bookings/${id}`),
    ({ body }) => body.status === 'TICKETED' && body.documents.length > 0,
    60_000,
  )
  return id
}
