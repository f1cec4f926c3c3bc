import { defineProblem } from '../kernel/problems.ts'

export const paymentUnknown = defineProblem({
  code: 'payment-unknown',
  status: 404,
  title: 'No such payment',
  detail: 'There is no payment with this id.',
})

export const paymentWindowClosed = defineProblem({
  code: 'payment-window-closed',
  status: 409,
  title: 'The time to pay is over',
  detail: 'This booking can no longer be paid. Nothing was charged. Search again for a new offer.',
})

export const bookingAlreadyPaid = defineProblem({
  code: 'booking-already-paid',
  status: 409,
  title: 'Already paid',
  detail: 'This booking has been paid. It was not charged again.',
})

export const paymentUnderReview = defineProblem({
  code: 'payment-under-review',
  status: 409,
  title: 'The payment is being looked at',
  detail: 'Money has arrived for this booking that does not match its price. A person is looking at it; do not pay again.',
})

export const paymentKeyReused = defineProblem({
  code: 'payment-key-reused',
  status: 422,
  title: 'The key belongs to another payment',
  detail: 'This key was used to start a payment of another amount. Use a new key for a new payment.',
})

export const paymentGatewayRefused = defineProblem({
  code: 'payment-gateway-refused',
  status: 502,
  title: 'The payment could not be opened',
  detail: 'The payment provider refused to open this payment. Nothing was charged. Try again, or pay in another currency.',
})

export const paymentGatewayUnavailable = defineProblem({
  code: 'payment-gateway-unavailable',
  status: 503,
  title: 'The payment provider does not answer',
  detail: 'The payment could not be opened yet. Nothing was charged. Try again in a few seconds; you will not be charged twice.',
})

export const paymentNotRefundable = defineProblem({
  code: 'payment-not-refundable',
  status: 409,
  title: 'There is nothing to refund',
  detail: 'This payment has not been captured, so there is no money to give back.',
})

export const refundExceedsPayment = defineProblem({
  code: 'refund-exceeds-payment',
  status: 409,
  title: 'More than was paid',
  detail: 'Together with what has been refunded already, this would give back more than was paid.',
})

export const refundReasonReused = defineProblem({
  code: 'refund-reason-reused',
  status: 409,
  title: 'Refunded for another amount',
  detail: 'This payment has a refund for the same reason and another amount.',
})

export const refundUnknown = defineProblem({
  code: 'refund-unknown',
  status: 404,
  title: 'No such refund',
  detail: 'There is no refund with this id.',
})

export const refundNotFailed = defineProblem({
  code: 'refund-not-failed',
  status: 409,
  title: 'The refund has not failed',
  detail: 'Only a failed refund is made again. No money was moved.',
})

export const referenceNotOurs = defineProblem({
  code: 'reference-not-ours',
  status: 409,
  title: 'This is not the payment that is missing',
  detail: 'The gateway does not show it as this payment. Nothing has been changed.',
})

export const webhookSignatureInvalid = defineProblem({
  code: 'webhook-signature-invalid',
  status: 401,
  title: 'The signature does not match',
  detail: 'The delivery was not signed with our secret, or not within five minutes of now. Nothing of it was kept.',
})

export const webhookMalformed = defineProblem({
  code: 'webhook-malformed',
  status: 400,
  title: 'The delivery was not understood',
  detail: 'The delivery is properly signed, but it is not an event. Nothing of it was kept.',
})

export const gatewayUnknown = defineProblem({
  code: 'gateway-unknown',
  status: 404,
  title: 'No such payment provider',
  detail: 'No payment provider of this name is used here. Nothing of the delivery was kept.',
})

export const refundNotManual = defineProblem({
  code: 'refund-not-manual',
  status: 409,
  title: 'The provider makes this refund itself',
  detail: 'Only refunds of providers that cannot give money back are noted by hand. Nothing was changed. Ask the provider again instead.',
})

export const refundTransferReused = defineProblem({
  code: 'refund-transfer-reused',
  status: 409,
  title: 'The transfer is noted for another refund',
  detail: 'A refund has been noted with this bank reference. Nothing was changed. Look the transfer up and give its own reference.',
})
