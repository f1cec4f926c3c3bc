import { defineProblem } from '../kernel/problems.ts'

export const offerUnknown = defineProblem({
  code: 'offer-unknown',
  status: 404,
  title: 'There is no such offer',
  detail: 'No offer has this id. Search again and choose one of the offers found.',
})

export const offerExpired = defineProblem({
  code: 'offer-expired',
  status: 410,
  title: 'The offer has expired',
  detail: 'The supplier no longer keeps this offer. Nothing has been booked or charged. Search again.',
})

export const offerIsTwoTickets = defineProblem({
  code: 'offer-is-two-tickets',
  status: 422,
  title: 'This journey is two tickets',
  detail: 'Nothing has been booked or charged. Nobody sells the two as one: check and book each offer in offer_ids by itself.',
})

export const offerNotVerified = defineProblem({
  code: 'offer-not-verified',
  status: 409,
  title: 'The price has not been checked',
  detail: 'Nothing has been booked or charged. Check the offer with POST /v1/offers/{id}/verifications, then book it.',
})

export const offerAlreadyBooked = defineProblem({
  code: 'offer-already-booked',
  status: 409,
  title: 'This offer has been booked',
  detail: 'A confirmed price can be booked once. Nothing more has been booked or charged. To book it again, check the offer again.',
})

export const duplicateBooking = defineProblem({
  code: 'duplicate-booking',
  status: 409,
  title: 'These travellers are booked on this already',
  detail:
    'Nothing more has been booked or charged. Look at the booking named in booking_reference; send allow_duplicate: true to book the same once more.',
})

export const offersNotCombinable = defineProblem({
  code: 'offers-not-combinable',
  status: 422,
  title: 'These offers cannot be booked together',
  detail: 'Nothing has been booked or charged. Book each of them by itself.',
})

export const priceChanged = defineProblem({
  code: 'price-changed',
  status: 409,
  title: 'The price is not the one you expected',
  detail: 'Nothing has been booked or charged. Show the new total to the traveller and send it as expected_total to go on.',
})

export const supplierUnavailable = defineProblem({
  code: 'supplier-unavailable',
  status: 502,
  title: 'The supplier did not answer',
  detail: 'The offer could not be checked just now. Nothing has been booked or charged. Try again in a moment.',
})

export const invalidPassengers = defineProblem({
  code: 'invalid-passengers',
  status: 422,
  title: 'The passengers do not fit the offer',
  detail: 'Nothing has been booked or charged. Correct the fields named in errors.',
})

export const bookingUnknown = defineProblem({
  code: 'booking-unknown',
  status: 404,
  title: 'There is no such booking',
  detail: 'No booking has this id. Check the link in your mail.',
})

export const bookingNotPayable = defineProblem({
  code: 'booking-not-payable',
  status: 409,
  title: 'The booking is not waiting for a payment',
  detail: 'It has been paid, cancelled or refunded already. No new payment was started. Look at its status.',
})

export const nothingInDoubt = defineProblem({
  code: 'nothing-in-doubt',
  status: 409,
  title: 'Nothing is in doubt any more',
  detail: 'The supplier has answered in the meantime. Nothing has been changed. Look at the booking.',
})

export const reservationNotOurs = defineProblem({
  code: 'reservation-not-ours',
  status: 409,
  title: 'This is not the reservation that is missing',
  detail: 'The supplier does not show it as what was sold. Nothing has been changed.',
})

export const documentUnknown = defineProblem({
  code: 'document-unknown',
  status: 404,
  title: 'There is no such document yet',
  detail: 'The e-ticket is issued when the booking is TICKETED. Look at its status.',
})

export const scheduleChangeUnknown = defineProblem({
  code: 'schedule-change-unknown',
  status: 404,
  title: 'There is no such change',
  detail: 'The airline has changed nothing under this number. Look at schedule_changes of the booking.',
})

export const staleChange = defineProblem({
  code: 'stale-change',
  status: 409,
  title: 'The airline has changed the flight again',
  detail: 'Nothing was answered and no money moved. Show the change of latest_seq to the traveller and answer that one.',
})

export const changeAlreadyAnswered = defineProblem({
  code: 'change-already-answered',
  status: 409,
  title: 'This change has been answered',
  detail: 'Nothing more was done and no money moved by this request. Look at the status of the change in the booking.',
})

export const changeActionUnavailable = defineProblem({
  code: 'change-action-unavailable',
  status: 409,
  title: 'The airline does not offer this for the change',
  detail: 'Nothing was answered and no money moved. Choose one of actions; where there is none, a colleague writes to the traveller.',
})

export const changeAnswerTooLate = defineProblem({
  code: 'change-answer-too-late',
  status: 409,
  title: 'The time to answer has ended',
  detail:
    'Nothing was answered and no money moved. A small change is accepted for the traveller; with any other a colleague gets in touch.',
})
