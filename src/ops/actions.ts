import { giveUpReaction, replayReaction } from '../platform/outbox-store.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { StoredWorkItem } from '../platform/work-items.ts'
import type { Action, Need } from './action.ts'
import type { OpsDeps } from './deps.ts'

const REASON: Need = { name: 'reason', description: 'why, for whoever reads the log' }
const SUPPLIER_REF: Need = {
  name: 'supplier_ref',
  description: "the supplier's own reference of the reservation, as its adapter writes it",
}
const GATEWAY_REF: Need = { name: 'gateway_ref', description: "the gateway's own reference of the payment" }
const BANK_REFERENCE: Need = { name: 'bank_reference', description: "the bank's reference of the transfer to the customer" }

const close: Action = {
  name: 'close',
  title: 'Give it up: nothing more is done about it',
  needs: [REASON],
  approval: 'above_limit',
  run: async (_deps, _item, input) => ({ outcome: `given up: ${input['reason']}`, closes: true }),
}

const probePayment: Action = {
  name: 'probe',
  title: 'Ask the gateway now',
  needs: [],
  approval: 'never',
  isOffered: (_deps, item) => paymentOf(item) !== null,
  run: async (deps, item) => {
    const { outcome, payment } = await deps.payments.sync(paymentOf(item)!)
    return { outcome: `the gateway was asked: ${outcome}; the payment is ${payment.status}`, closes: false }
  },
}

const probeRefund: Action = {
  name: 'probe',
  title: 'Ask the gateway now, and send the refund where it has none',
  needs: [],
  approval: 'never',
  run: async (deps, item) => {
    const { outcome } = await deps.payments.sendRefund(item.subjectId)
    return { outcome: `the gateway was asked: the refund is ${outcome}`, closes: false }
  },
}

const unknownOutcome: readonly Action[] = [
  {
    name: 'probe',
    title: 'Ask the supplier now',
    needs: [],
    approval: 'never',
    run: async (deps, item) => {
      const { booking, isStillInDoubt } = await deps.bookings.probe(item.subjectId)
      return { outcome: isStillInDoubt ? 'the supplier did not say' : `the booking is ${booking.status}`, closes: false }
    },
  },
  {
    name: 'attach-reference',
    title: 'Take a reservation found at the supplier, if it shows it live',
    needs: [SUPPLIER_REF],
    approval: 'never',
    run: async (deps, item, input) => {
      const supplierRef = input['supplier_ref']!
      const { booking } = await deps.bookings.attachReservation({ bookingId: item.subjectId, supplierRef })
      return { outcome: `${supplierRef} was attached; the booking is ${booking.status}`, closes: false }
    },
  },
  {
    name: 'give-up',
    title: 'Wait no longer: refund the traveller, and go on looking for what may be left',
    needs: [REASON],
    approval: 'above_limit',
    run: async (deps, item, input) => {
      const { booking } = await deps.bookings.giveUp(item.subjectId)
      return { outcome: `given up: ${input['reason']}; the booking is ${booking.status}`, closes: false }
    },
  },
]

const orphanReservation: readonly Action[] = [
  {
    name: 'cancel',
    title: 'Look for it by our reference now, and cancel or void what is there',
    needs: [],
    approval: 'never',
    run: async (deps, item) => {
      const swept = await deps.bookings.cancelOrphan({ bookingId: item.subjectId, supplierRef: null })
      return { outcome: `looked at the supplier: ${swept.join(', ') || 'nothing to look for'}`, closes: false }
    },
  },
  {
    name: 'attach-reference',
    title: 'Cancel or void a reservation found at the supplier, if it shows it live',
    needs: [SUPPLIER_REF],
    approval: 'never',
    run: async (deps, item, input) => {
      const supplierRef = input['supplier_ref']!
      const swept = await deps.bookings.cancelOrphan({ bookingId: item.subjectId, supplierRef })
      return { outcome: `${supplierRef}: ${swept.join(', ')}`, closes: false }
    },
  },
  close,
]

const refundFailed: readonly Action[] = [
  {
    name: 'refund',
    title: 'Ask for the refund once more',
    needs: [],
    approval: 'above_limit',
    run: async (deps, item) => {
      const again = await deps.bookings.requestRefundAgain(item.subjectId)
      return { outcome: `asked for again as ${again.id}`, closes: true }
    },
  },
  close,
]

const manualRefund: readonly Action[] = [
  {
    name: 'note-manual-refund',
    title: 'Note that the money was given back by bank transfer',
    needs: [BANK_REFERENCE],
    approval: 'above_limit',
    run: async (deps, item, input, { by }) => {
      const bankReference = input['bank_reference']!
      const refund = await deps.payments.noteManualRefund(item.subjectId, { bankReference, by })
      return { outcome: `given back by bank transfer ${bankReference}; the refund is ${refund.status}`, closes: true }
    },
  },
  close,
]

const deadLetter: readonly Action[] = [
  {
    name: 'replay',
    title: 'Do it again; the work item closes when it succeeds',
    needs: [],
    approval: 'never',
    run: async (deps, item) => {
      const { eventId, reaction } = reactionOf(item)
      const isThere = await inTransaction(deps.db, (tx) => replayReaction(tx, eventId, reaction))
      return isThere ? { outcome: 'queued again', closes: false } : { outcome: 'it has been done already', closes: true }
    },
  },
  {
    name: 're-issue-documents',
    title: 'Write the documents of the booking again',
    needs: [],
    approval: 'never',
    isOffered: (_deps, item) => bookingOf(item) !== null && item.details['event'] === 'booking.ticketed',
    run: async (deps, item) => {
      await deps.reissueDocuments(bookingOf(item)!)
      return { outcome: 'written again', closes: false }
    },
  },
  {
    ...close,
    run: async (deps, item, input) => {
      const { eventId, reaction } = reactionOf(item)
      await inTransaction(deps.db, (tx) => giveUpReaction(tx, eventId, reaction))
      return { outcome: `given up, it will not be done: ${input['reason']}`, closes: true }
    },
  },
]

const reconciliationBreak: readonly Action[] = [
  probePayment,
  {
    name: 'write-off',
    title: 'Accept the difference, in the ledger too; it stays on record',
    needs: [REASON],
    approval: 'always',
    run: async (deps, item, input, { actionId, by, amount }) => {
      await deps.breaks.writeOff({ breakId: item.subjectId, orderId: actionId, reason: input['reason']!, by, agreed: amount })
      return { outcome: `written off: ${input['reason']}`, closes: true }
    },
  },
]

const BY_KIND: Readonly<Record<string, readonly Action[]>> = {
  unknown_outcome: unknownOutcome,
  orphan_reservation: orphanReservation,
  refund_failed: refundFailed,
  refund_manual: manualRefund,
  refund_stuck: [probeRefund, close],
  refund_mismatched: [probeRefund, close],
  payment_mismatched: [probePayment, close],
  payment_reversed: [probePayment, close],
  payment_suspicious: [probePayment, close],
  payment_not_at_gateway: [
    probePayment,
    {
      name: 'attach-reference',
      title: "Take the gateway's reference of the payment, if the gateway says that it is this one",
      needs: [GATEWAY_REF],
      approval: 'never',
      run: async (deps, item, input) => {
        const providerRef = input['gateway_ref']!
        const { payment } = await deps.payments.attachReference({ paymentId: item.subjectId, providerRef })
        return { outcome: `${providerRef} was attached; the payment is ${payment.status}`, closes: true }
      },
    },
    close,
  ],
  dead_letter: deadLetter,
  reconciliation_break: reconciliationBreak,
}

/** What can be done about a case. A kind that nobody has thought of can be looked into and given up. */
export function actionsOf(deps: OpsDeps, item: StoredWorkItem): Action[] {
  return (BY_KIND[item.kind] ?? [probePayment, close]).filter((action) => action.isOffered?.(deps, item) ?? true)
}

function textOf(item: StoredWorkItem, name: string): string | null {
  const ids = item.details['ids'] as Readonly<Record<string, unknown>> | undefined
  const value = item.details[name] ?? ids?.[name]
  return typeof value === 'string' ? value : null
}

/** The payment, refund, booking or break a case is about, as far as it says. */
export function paymentOf(item: StoredWorkItem): string | null {
  return item.subjectId.startsWith('pay_') ? item.subjectId : textOf(item, 'paymentId')
}
export function refundOf(item: StoredWorkItem): string | null {
  return item.subjectId.startsWith('rfd_') ? item.subjectId : textOf(item, 'refundId')
}
export function bookingOf(item: StoredWorkItem): string | null {
  if (item.subjectId.startsWith('bkg_')) return item.subjectId
  const subject = textOf(item, 'subjectId')
  return textOf(item, 'bookingId') ?? (subject?.startsWith('bkg_') ? subject : null)
}

function reactionOf(item: StoredWorkItem): { eventId: string; reaction: string } {
  const [eventId, reaction] = [textOf(item, 'eventId'), textOf(item, 'reaction')]
  if (eventId === null || reaction === null) throw new Error(`${item.id} does not name a reaction`)
  return { eventId, reaction }
}
