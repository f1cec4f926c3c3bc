import type { Stripe } from 'stripe'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { negateMoney } from '../../../kernel/money.ts'
import { instant, parseInstant, plusDays, type LocalDate } from '../../../kernel/time.ts'
import type { StatementLine } from '../contract.ts'
import { MalformedReply } from '../wire-fields.ts'
import { fromStripeAmount } from './from-wire.ts'

const PAGE_SIZE = 100
/** More than Stripe would settle for us in a day, and an end to a list that has none. */
const PAGES_MAX = 20_000

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

const WireTransaction = Type.Object({
  id: Type.String({ minLength: 1 }),
  type: Type.String(),
  fee: Type.Integer(),
  currency: Type.String(),
  amount: Type.Integer(),
  created: Type.Integer(),
  /** The charge, refund or dispute behind it, in the currency the customer paid in; the line itself is in the account's. */
  source: Nullable(
    Type.Object({
      id: Type.String(),
      object: Type.String(),
      amount: Type.Optional(Type.Integer()),
      currency: Type.Optional(Type.String()),
      payment_intent: Nullable(Type.String()),
      metadata: Nullable(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
})
type WireTransaction = Static<typeof WireTransaction>

const wirePage = Compile(Type.Object({ data: Type.Array(WireTransaction), has_more: Type.Boolean() }))

/** Which lines of the balance are customers' money; everything else (fees, payouts, transfers) is between Stripe and us. */
const KINDS: Readonly<Record<string, 'payment' | 'refund' | 'refund_returned' | 'chargeback'>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund_returned',
  payment_failure_refund: 'refund_returned',
  adjustment: 'chargeback',
}

/**
 * Stripe's balance of a day (UTC), the newest line first. Amounts are what customers paid and got back, not what that became in
 * the account's currency. Throws when a page cannot be had or read. https://docs.stripe.com/reports/balance-transaction-types
 */
export async function* listBalance(stripe: Stripe, day: LocalDate, timeoutMs: number): AsyncGenerator<StatementLine> {
  const secondsAt = (date: LocalDate): number => parseInstant(`${date}T00:00:00Z`) / 1_000
  const created = { gte: secondsAt(day), lt: secondsAt(plusDays(day, 1)) }
  let after: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const reply: unknown = await stripe.balanceTransactions.list(
      { created, limit: PAGE_SIZE, expand: ['data.source'], ...(after !== undefined && { starting_after: after }) },
      { timeout: timeoutMs },
    )
    if (!wirePage.Check(reply)) throw new MalformedReply('balance_transaction')
    for (const transaction of reply.data) {
      const line = toLine(transaction)
      if (line) yield line
    }
    after = reply.data.at(-1)?.id
    if (!reply.has_more || after === undefined) return
  }
  throw new Error(`Stripe's balance of ${day} has no end`)
}

function toLine(wire: WireTransaction): StatementLine | null {
  const { source } = wire
  const kind = KINDS[wire.type]
  if (kind === undefined || (kind === 'chargeback' && source?.object !== 'dispute')) return null
  if (source?.amount === undefined || source.currency === undefined) throw new MalformedReply('source')
  const gross = fromStripeAmount(source.amount, source.currency)
  // A refund that failed, and a dispute that was won, bring the money back.
  const isReturn = kind === 'refund_returned' || (kind === 'chargeback' && wire.amount > 0)
  const isRefund = kind === 'refund' || kind === 'refund_returned'
  return {
    kind: kind === 'refund_returned' ? 'refund' : kind,
    lineId: wire.id,
    clientRef: textOf(source.metadata?.[isRefund ? 'refund_id' : 'payment_id']),
    providerRef: isRefund ? source.id : (source.payment_intent ?? null),
    gross: isReturn ? negateMoney(gross) : gross,
    fee: wire.currency === source.currency ? fromStripeAmount(wire.fee, wire.currency) : null,
    at: instant(wire.created * 1_000),
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
