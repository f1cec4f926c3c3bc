import { money, negateMoney, subtractMoney, type Money } from '../../kernel/money.ts'
import type { JsonValue } from '../../platform/events.ts'
import type { Tx } from '../../platform/postgres.ts'
import type { Break } from './break-store.ts'

/** By how much an account that others keep books of is to change, so that ours agree with theirs. */
export type Change = { readonly account: 'gateway' | 'supplier_due'; readonly amount: Money }

/** Which acceptance of a difference, counted from 1. */
type Turn = { readonly breakId: string; readonly turn: number }
type Facts = { readonly [key: string]: JsonValue }

/** The ledger, as far as accepted differences concern it. Each posting is made once, however often it is asked for. */
export type WriteOffLedger = {
  readonly post: (
    tx: Tx,
    writeOff: Turn & {
      readonly bookingId: string | null
      readonly paymentId: string | null
      readonly source: string
      readonly externalRef: string | null
      readonly changes: readonly Change[]
      readonly facts: Facts
    },
  ) => Promise<void>
  /** Takes a write-off back by postings of its own; does nothing about one that was never posted. */
  readonly reverse: (tx: Tx, turn: Turn, facts: Facts) => Promise<void>
}

/** Which of the two amounts stand in the books: a difference may show one of ours that another line has matched already. */
const OURS_ONLY = new Set(['missing_at_gateway', 'missing_at_supplier'])
const BOTH = new Set(['amount_differs', 'currency_differs'])

/**
 * What has to change in our ledger, by currency, for it to say what the other side says; empty where no amount is told. A payment
 * adds to what a gateway holds, a refund or a chargeback takes from it; what a supplier claims is owed to it.
 */
export function changesOf(one: Break): Change[] {
  const isOursIn = OURS_ONLY.has(one.kind) || BOTH.has(one.kind) || isEndedAtSupplier(one)
  const isTheirsIn = !OURS_ONLY.has(one.kind) && !isEndedAtSupplier(one)
  const ours = isOursIn ? held(one, one.ours, one.ourStatus) : null
  const theirs = isTheirsIn ? held(one, one.theirs, one.theirStatus) : null
  const account = one.side === 'gateway' ? 'gateway' : 'supplier_due'
  const amounts =
    ours && theirs && ours.currency === theirs.currency
      ? [subtractMoney(theirs, ours)]
      : [...(theirs ? [theirs] : []), ...(ours ? [negateMoney(ours)] : [])]
  return amounts.filter(({ amount }) => amount !== 0).map((amount) => ({ account, amount }))
}

/** We count on a reservation that the supplier has ended: it claims nothing any more. */
function isEndedAtSupplier(one: Break): boolean {
  return one.side === 'supplier' && one.kind === 'status_differs' && one.theirStatus !== 'live'
}

/** The amount as the account holds it: above zero what is there for us, below zero what is owed or gone. */
function held(one: Break, amount: Money | null, status: string | null): Money | null {
  if (amount === null) return null
  const isOurs = one.side === 'gateway' && status !== null && status.startsWith('payment')
  return isOurs ? amount : money(amount.amount === 0 ? 0 : -amount.amount, amount.currency)
}
