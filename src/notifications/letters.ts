import { formatMoney, type Money } from '../kernel/money.ts'
import type { Instant } from '../kernel/time.ts'
import { dateWords, dayOf, momentWords, type FlightNames } from '../travel/flight-words.ts'
import type { PassengerFare, Slice } from '../travel/flight.ts'
import { boardWords, nightsWords, occupancyWords } from '../travel/stay-words.ts'
import type { StayOffer } from '../travel/stay.ts'
import { toJourneys, type Fact, type Letter } from './letter.ts'

/** What every mail about a booking needs. `eventId` is what the mail tells of: one event, one mail of a kind. */
export type Notice = {
  readonly eventId: string
  readonly bookingId: string
  readonly bookingReference: string
  readonly to: string
  /** What the traveller calls whoever sells it. */
  readonly seller: 'airline' | 'hotel'
}

/** Why the money comes back. */
export type RefundReason = 'sold_out' | 'price_changed' | 'rejected' | 'no_answer' | 'late_payment' | 'schedule_change'

export type Ticketed = Notice & {
  readonly pnr: string
  readonly passengers: readonly { readonly name: string; readonly ticketNumbers: readonly string[] }[]
  readonly slices: readonly Slice[]
  /** Whose baggage is another than the segments say; nobody's when left out. */
  readonly fares?: readonly Pick<PassengerFare, 'type' | 'baggage'>[]
  readonly total: Money
  /** The e-ticket, a PDF. */
  readonly document: Uint8Array
}
export type StayConfirmed = Notice & {
  /** The number under which the hotel knows the booking. */
  readonly confirmation: string
  readonly stay: StayOffer
  readonly guests: readonly string[]
  readonly total: Money
  /** What cancelling costs, a sentence each. */
  readonly cancelling: readonly string[]
  /** The voucher, a PDF. */
  readonly document: Uint8Array
}
export type Confirming = Notice & { readonly total: Money; readonly answerBy: Instant }
export type RefundOnItsWay = Notice & { readonly amount: Money; readonly reason: RefundReason; readonly dueBy: Instant }
export type RefundCompleted = Notice & { readonly amount: Money; readonly sentAt: Instant; readonly dueBy: Instant }
export type RefundDelayed = Notice & { readonly amount: Money; readonly newsBy: Instant }
export type NotConfirmed = Notice & { readonly reason: RefundReason }
export type PaymentExpired = Notice & { readonly total: Money; readonly paymentRequiredBy: Instant }

export type Writing = { readonly publicUrl: string; readonly names: FlightNames }

/** The airline has issued the tickets. */
export function toTicketedLetter(writing: Writing, news: Ticketed): Letter {
  const first = news.slices[0]
  const call = (code: string): string => writing.names.place(code) ?? code
  const departure = first?.segments[0]?.departure
  const journey = first
    ? `${call(first.origin)} to ${call(first.destination)}${departure ? `, ${dateWords(dayOf(departure))}` : ''}`
    : 'your journey'
  return {
    ...common(writing, news),
    subject: `E-ticket ${news.pnr}: ${journey} (${news.bookingReference})`,
    headline: 'You have your tickets',
    paragraphs: [
      'The airline has issued your tickets. The e-ticket is attached as a PDF.',
      `Check in with the airline, using the reference ${news.pnr} and a family name. Take the passport or identity card that each traveller booked with.`,
    ],
    facts: [
      { label: 'Airline booking reference (PNR)', value: news.pnr },
      { label: 'Farewire booking', value: news.bookingReference },
      { label: 'Total paid', value: formatMoney(news.total) },
    ],
    passengers: news.passengers.map(({ name, ticketNumbers }) => ({
      name,
      tickets: ticketNumbers.length === 0 ? 'no ticket of their own' : ticketNumbers.join(', '),
    })),
    journeys: toJourneys(news.slices, news.fares ?? [], writing.names),
  }
}

/** The hotel has confirmed the rooms. */
export function toStayConfirmedLetter(writing: Writing, news: StayConfirmed): Letter {
  const { stay } = news
  return {
    ...common(writing, news),
    subject: `Voucher ${news.confirmation}: ${stay.propertyName}, ${dateWords(stay.checkIn)} (${news.bookingReference})`,
    headline: 'Your stay is booked',
    paragraphs: [
      `${stay.propertyName} has confirmed your stay. The voucher is attached as a PDF.`,
      'Show it and a passport or identity card when you check in.',
      ...news.cancelling,
      ...stay.remarks,
    ],
    facts: [
      { label: 'Hotel confirmation', value: news.confirmation },
      { label: 'Farewire booking', value: news.bookingReference },
      { label: 'Nights', value: nightsWords(stay) },
      ...stay.rooms.map(({ name, occupancy }) => ({ label: 'Room', value: `${name}, for ${occupancyWords(occupancy)}` })),
      { label: 'Meals', value: boardWords(stay) },
      { label: 'Guests', value: news.guests.join(', ') },
      ...(stay.payAt === 'property'
        ? [{ label: 'To pay at the hotel', value: formatMoney(stay.total) }]
        : [{ label: 'Total paid', value: formatMoney(news.total) }]),
      ...stay.charges
        .filter(({ due }) => due === 'property')
        .map(({ name, amount }) => ({
          label: `${name}, to pay at the hotel`,
          value: amount === null ? 'an amount the hotel has not told us' : formatMoney(amount),
        })),
    ],
  }
}

/** The airline's answer is late; nobody knows yet which it is. */
export function toConfirmingLetter(writing: Writing, news: Confirming): Letter {
  return {
    ...common(writing, news),
    subject: `The ${news.seller} has not answered yet: booking ${news.bookingReference}`,
    headline: `The ${news.seller} has not answered yet`,
    paragraphs: [
      `Your payment of ${formatMoney(news.total)} has arrived and your booking is with the ${news.seller}. Its answer is late, and we keep asking for it.`,
      'Nothing else will be charged. Do not book again: you might then have two bookings.',
    ],
    facts: [
      { label: `Your ${ticketWord(news)} or the start of a full refund`, value: `by ${momentWords(news.answerBy)}` },
      { label: 'What you have to do', value: 'nothing; we write to you either way' },
    ],
  }
}

function ticketWord({ seller }: Pick<Notice, 'seller'>): 'ticket' | 'voucher' {
  return seller === 'hotel' ? 'voucher' : 'ticket'
}

function reasonWords({ reason, seller }: Pick<RefundOnItsWay, 'reason' | 'seller'>): string {
  switch (reason) {
    case 'sold_out':
      return seller === 'hotel'
        ? 'The hotel had sold its last room at this rate before it could confirm yours.'
        : 'The airline had sold the last seat at this fare before it could confirm yours.'
    case 'price_changed':
      return `The ${seller} raised the price after you had booked. You are never charged more than you agreed to, so we did not buy the ${seller === 'hotel' ? 'room' : 'ticket'}.`
    case 'rejected':
      return `The ${seller} did not accept the booking.`
    case 'no_answer':
      return `The ${seller} did not answer in the time we had promised you.`
    case 'late_payment':
      return 'Your payment arrived after the time to pay had ended, when the booking was already released.'
    case 'schedule_change':
      return `The ${seller} had changed what you booked, and you gave the ${seller === 'hotel' ? 'booking' : 'ticket'} back.`
  }
}

/** There will be no ticket; the money has been asked back from the payment provider. */
export function toRefundOnItsWayLetter(writing: Writing, news: RefundOnItsWay): Letter {
  return {
    ...common(writing, news),
    subject: `Full refund of ${formatMoney(news.amount)} on its way: booking ${news.bookingReference}`,
    headline: `You get ${formatMoney(news.amount)} back`,
    paragraphs: [
      reasonWords(news),
      news.reason === 'schedule_change'
        ? `That ${ticketWord(news)} is no longer valid. You get back all you paid for it, to the card or account you paid with; what else you booked stays as it is.`
        : `You hold no ${ticketWord(news)} from this booking. You get back everything you paid for it, to the card or account you paid with.`,
    ],
    facts: refundFacts(news.amount, 'Farewire, until the payment provider has handed it to your bank', news.dueBy),
  }
}

/** The payment provider has given the money to the traveller's bank. */
export function toRefundCompletedLetter(writing: Writing, news: RefundCompleted): Letter {
  return {
    ...common(writing, news),
    subject: `Refund of ${formatMoney(news.amount)} sent to your bank: booking ${news.bookingReference}`,
    headline: 'Your refund has been sent',
    paragraphs: [
      `The full amount went to the bank of the card or account you paid with, on ${momentWords(news.sentAt)}. Banks take a few days to show it.`,
      'If it is not there on the day below, reply to this mail and we follow it up with the bank.',
    ],
    facts: refundFacts(news.amount, 'your bank or card issuer', news.dueBy),
  }
}

/** The payment provider refused to give the money back; a person has to. */
export function toRefundDelayedLetter(writing: Writing, news: RefundDelayed): Letter {
  return {
    ...common(writing, news),
    subject: `Your refund of ${formatMoney(news.amount)} is delayed: booking ${news.bookingReference}`,
    headline: 'Your refund is delayed',
    paragraphs: [
      'The payment provider could not return the money to the card or account you paid with. That happens when a card has been closed or replaced.',
      'You still get back the full amount. One of our colleagues is taking care of it now and may ask you where to send it.',
    ],
    facts: [
      { label: 'Amount', value: formatMoney(news.amount) },
      { label: 'Who holds it now', value: 'Farewire' },
      { label: 'You hear from us', value: `by ${momentWords(news.newsBy)}` },
      { label: 'What you have to do', value: 'nothing now' },
    ],
  }
}

/** Nothing was to be paid to us, and the seller did not confirm. */
export function toNotConfirmedLetter(writing: Writing, news: NotConfirmed): Letter {
  return {
    ...common(writing, news),
    subject: `Not confirmed: booking ${news.bookingReference} has ended`,
    headline: `The ${news.seller} has not confirmed your booking`,
    paragraphs: [reasonWords(news), `You hold no ${ticketWord(news)} from this booking.`],
    facts: [
      { label: 'Charged', value: 'nothing' },
      { label: 'What you have to do', value: 'nothing, or search again for what is free today' },
    ],
    link: { text: 'Search again', url: `${writing.publicUrl}/` },
  }
}

/** Nobody paid in time; the booking is released. */
export function toPaymentExpiredLetter(writing: Writing, news: PaymentExpired): Letter {
  return {
    ...common(writing, news),
    subject: `Not paid in time: booking ${news.bookingReference} has ended`,
    headline: 'The time to pay has ended',
    paragraphs: [
      `We had received no payment by ${momentWords(news.paymentRequiredBy)}, so the booking was released. You have not been charged and no ${news.seller === 'hotel' ? 'room' : 'seat'} is held for you.`,
      'If you paid in the last moments and the money reaches us still, you get all of it back and a mail that says so.',
    ],
    facts: [
      { label: 'Charged', value: 'nothing' },
      { label: 'The price was', value: formatMoney(news.total) },
      { label: 'What you have to do', value: 'nothing, or search again for the prices of today' },
    ],
    link: { text: 'Search again', url: `${writing.publicUrl}/` },
  }
}

function refundFacts(amount: Money, holder: string, dueBy: Instant): Fact[] {
  return [
    { label: 'Amount', value: formatMoney(amount) },
    { label: 'Who holds it now', value: holder },
    { label: 'On your card or account', value: `by ${momentWords(dueBy)}` },
    { label: 'What you have to do', value: 'nothing' },
  ]
}

/** What stands in every letter. */
export function common(writing: Writing, notice: Notice): Pick<Letter, 'passengers' | 'journeys' | 'link' | 'bookingReference'> {
  return {
    passengers: [],
    journeys: [],
    link: { text: 'Your trip, live', url: `${writing.publicUrl}/trips/${encodeURIComponent(notice.bookingId)}` },
    bookingReference: notice.bookingReference,
  }
}
