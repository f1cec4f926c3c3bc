import { addMoney, formatAmount, formatMoney, fromMoneyText, money, type Money } from '../../src/kernel/money.ts'
import { getBooking, type Traveller } from './journey.ts'
import { type Scene } from './scene.ts'
import type { BookingView, PaymentView } from './client.ts'
import { isOf, type Mail, type Reservation } from './sandbox.ts'
import { waitFor, type Story } from './story.ts'

/** The ends a booking may have once it was paid. */
export type Ending = { readonly status: 'TICKETED' } | { readonly status: 'REFUNDED'; readonly reason: string }

const MAIL_MS = 20_000
const ACCOUNTS = ['customer_due', 'gateway', 'sale', 'refund_due']

/**
 * Holds a paid booking that has come to its end against everybody's own books: ours, the supplier's, the payment
 * provider's and the traveller's mailbox. Nothing is taken from one to check it against itself.
 */
export async function checkEnding(
  scene: Scene,
  bookingId: string,
  traveller: Traveller,
  payment: PaymentView,
  ending: Ending,
): Promise<void> {
  const { story, api, sandbox } = scene
  if (ending.status === 'TICKETED') await checkTicketMail(scene, bookingId, traveller)
  else await checkRefundMail(scene, bookingId, traveller)
  // Read last: the mail and the document are notes on the booking too.
  const booking = await getBooking(api, bookingId)
  story.keep(booking)
  story.check(`the booking is ${ending.status}`, booking.status === ending.status, `it is ${booking.status}`)
  checkLedger(story, booking)
  const reservations = (await sandbox.reservations(scene.provider)).filter((reservation) => isOf(reservation, traveller))
  checkSupplier(story, booking, reservations)
  const others = sandbox.suppliers.filter((supplier) => supplier !== scene.provider)
  const elsewhere = (await Promise.all(others.map((other) => sandbox.reservations(other)))).flat().filter((held) => isOf(held, traveller))
  story.check(
    'no other supplier was asked to sell the same journey',
    elsewhere.length === 0,
    `others have ${elsewhere.length} reservations`,
  )
  await checkGateway(scene, booking, payment)
  if (ending.status === 'REFUNDED') {
    story.check(
      'the traveller is told why, and that the bank has the money',
      booking.refund?.reason === ending.reason && booking.refund.state === 'completed' && booking.refund.held_by === 'bank',
      JSON.stringify(booking.refund),
    )
  }
}

/** Balances of the four accounts in the ledger; one currency, which is the booking's. */
export function balancesOf(booking: BookingView): Record<string, Money> {
  const balances = Object.fromEntries(ACCOUNTS.map((account) => [account, money(0, booking.total.currency)]))
  for (const entry of booking.ledger)
    balances[entry.account] = addMoney(balances[entry.account] ?? money(0, entry.currency), fromMoneyText(entry))
  return balances
}

function checkLedger(story: Story, booking: BookingView): void {
  const balances = balancesOf(booking)
  const sum = Object.values(balances).reduce(addMoney, money(0, booking.total.currency))
  const shown = Object.entries(balances)
    .map(([account, balance]) => `${account} ${formatAmount(balance)}`)
    .join(', ')
  story.check('the ledger sums to zero', sum.amount === 0 && booking.ledger.length > 0, shown)
  const total = fromMoneyText(booking.total)
  const wanted: Record<string, number> =
    booking.status === 'TICKETED'
      ? { customer_due: 0, gateway: total.amount, sale: -total.amount, refund_due: 0 }
      : { customer_due: 0, gateway: 0, sale: 0, refund_due: 0 }
  const holds = Object.entries(wanted).every(([account, amount]) => balances[account]!.amount === amount)
  story.check(
    booking.status === 'TICKETED'
      ? `the gateway holds exactly ${formatMoney(total)} for us, and we owe nothing`
      : 'every account is at zero: all of the money went back',
    holds,
    shown,
  )
}

function checkSupplier(story: Story, booking: BookingView, reservations: readonly Reservation[]): void {
  const active = reservations.filter((reservation) => reservation.status === 'active')
  const live = reservations.flatMap((reservation) =>
    reservation.tickets.filter((ticket) => ticket.status === 'live').map((ticket) => ticket.number),
  )
  const found = `the supplier has ${reservations.length} reservations (${active.length} active) with the live tickets ${live.join(', ') || '(none)'}`
  if (booking.status !== 'TICKETED') {
    story.check(
      'the supplier holds no live ticket and no reservation for a traveller who was refunded',
      active.length === 0 && live.length === 0,
      found,
    )
    return
  }
  story.check(
    'the supplier has exactly one reservation for this traveller, under our PNR',
    active.length === 1 && active[0]!.locator === booking.pnr,
    `${found}; we say ${booking.pnr}`,
  )
  // A stay's reservation is its voucher; there are no tickets.
  const wanted = 'slices' in booking.offer ? booking.passengers.length : 0
  story.check(wanted === 0 ? 'no ticket for a stay' : 'exactly one live ticket per passenger', live.length === wanted, found)
  const ours = booking.tickets.map((ticket) => ticket.number)
  story.check(
    'our ticket numbers are the supplier’s',
    ours.toSorted().join() === live.toSorted().join(),
    `we say ${ours.join(', ')}; ${found}`,
  )
}

async function checkGateway(scene: Scene, booking: BookingView, payment: PaymentView): Promise<void> {
  const lines = await scene.sandbox.payments(payment)
  const total = fromMoneyText(booking.total)
  const captured = lines.reduce((sum, line) => sum + line.captured, 0)
  const refunded = lines.reduce((sum, line) => sum + line.refunded, 0)
  const back = booking.status === 'REFUNDED' ? total.amount : 0
  const said = `Stripe captured ${captured} and refunded ${refunded} in ${lines.length} payments; the price is ${total.amount}, in minor units`
  scene.story.check(
    'the traveller was charged exactly the price, once',
    lines.length === 1 && captured === total.amount && lines[0]!.currency.toUpperCase() === total.currency,
    said,
  )
  scene.story.check(
    back === 0 ? 'nothing was refunded' : 'everything was refunded, once',
    refunded === back && lines.every((line) => line.refunds <= (back === 0 ? 0 : 1)),
    said,
  )
  const gateway = balancesOf(booking)['gateway']!.amount
  scene.story.check('our ledger and Stripe agree on what Stripe holds', gateway === captured - refunded, `we say ${gateway}; ${said}`)
}

async function checkTicketMail(scene: Scene, bookingId: string, traveller: Traveller): Promise<void> {
  const { story, api, sandbox } = scene
  const mail = await awaitMail(scene, traveller, 'e-ticket mail', (one) => one.attachments.length > 0)
  const booking = await getBooking(api, bookingId)
  const told = [booking.pnr ?? '(no PNR)', ...booking.tickets.map((ticket) => ticket.number)]
  story.check(
    'the mail tells the PNR and every ticket number',
    told.every((fact) => mail.text.includes(fact)),
    `${told.join(', ')} in: ${mail.subject}`,
  )
  const [attachment, ...more] = mail.attachments
  const attached = await sandbox.attachment(attachment!.url)
  story.check(
    'the e-ticket is attached as one PDF',
    more.length === 0 && attachment!.contentType === 'application/pdf' && isPdf(attached),
    `${mail.attachments.length} attachments, the first ${attachment!.contentType}`,
  )
  const document = booking.documents.find((one) => one.kind === ('slices' in booking.offer ? 'e-ticket' : 'voucher'))
  const offered = document ? await api.bytes(document.url) : Buffer.alloc(0)
  story.check(
    'the trip page offers the same PDF',
    isPdf(offered) && offered.equals(attached),
    `${offered.length} bytes there, ${attached.length} in the mail`,
  )
  const tickets = (await sandbox.mails(traveller)).filter((one) => one.attachments.length > 0)
  story.check('the e-ticket was mailed once', tickets.length === 1, `${tickets.length} mails`)
}

async function checkRefundMail(scene: Scene, bookingId: string, traveller: Traveller): Promise<void> {
  const { story, api, sandbox } = scene
  const booking = await getBooking(api, bookingId)
  const amount = formatMoney(fromMoneyText(booking.total))
  const mail = await awaitMail(scene, traveller, 'refund mail', (one) => one.subject.includes('on its way'))
  const told = [`Amount: ${amount}`, /^Who holds it now: \S/m, /^On your card or account: by \w{3} \d/m, /^What you have to do: nothing/m]
  story.check(
    'the mail says how much comes back, who holds it and by when',
    told.every((fact) => (typeof fact === 'string' ? mail.text.includes(fact) : fact.test(mail.text))),
    mail.text.slice(0, 300),
  )
  await awaitMail(scene, traveller, 'refund sent mail', (one) => one.subject.includes('sent to your bank'))
  const withTicket = (await sandbox.mails(traveller)).filter((one) => one.attachments.length > 0)
  story.check('no e-ticket was mailed', withTicket.length === 0, `${withTicket.length} mails with one`)
}

function awaitMail(scene: Scene, traveller: Traveller, what: string, isIt: (mail: Mail) => boolean): Promise<Mail> {
  return scene.story.step(`wait for ${what}`, async () => {
    const mails = await waitFor(
      `the ${what}`,
      MAIL_MS,
      () => scene.sandbox.mails(traveller),
      (seen) => seen.some(isIt),
      (seen) => seen.map((mail) => mail.subject).join(', ') || 'no mail',
    )
    const mail = mails.find(isIt)!
    return { result: mail, ids: { mail: mail.id }, remark: mail.subject }
  })
}

function isPdf(bytes: Buffer): boolean {
  return bytes.subarray(0, 5).toString('latin1') === '%PDF-'
}
