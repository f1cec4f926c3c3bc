import { setTimeout as wait } from 'node:timers/promises'
import pLimit from 'p-limit'
import { negateMoney, type Money } from '../../kernel/money.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Db } from '../../platform/postgres.ts'
import type {
  GatewayOutcome,
  GatewayPayment,
  GatewayRefund,
  PaymentGateway,
  StatementLine,
  ToldRefund,
  UnknownCause,
} from '../gateways/contract.ts'
import { toPaymentRef, type Payment } from '../payment.ts'
import { toRefundRequest, type Refund } from '../refund.ts'
import { listDue, type Due } from './due-store.ts'

/** Something of ours that the gateway was asked about and could not tell: neither there nor missing. */
export type Untold = { readonly untold: { readonly kind: StatementLine['kind']; readonly ourRef: string } }

type Line = StatementLine | Untold
type Deps = { readonly db: Db; readonly gateway: PaymentGateway }
type Call = Pick<StatementCall, 'signal'>

/** `watched`: payments of whatever day, by id, that are to be asked about too. */
export type StatementCall = { readonly signal: AbortSignal; readonly watched: readonly string[] }

/** Payments read, and held in memory, at a time. */
const PAGE = 100
/** So many questions at once: a statement may take its time, and travellers who pay may not wait for it. */
const CONCURRENT = 4
const TRIES = 3
const TRY_AGAIN_AFTER_MS = 300

/** An answer was had and says nothing that we understand; asking again is no use. All other causes may pass. */
const LASTING: ReadonlySet<UnknownCause> = new Set(['unrecognised', 'malformed'])

/**
 * A gateway's statement of a day (UTC) where it has no list to ask for: every payment and refund of the day that we know of, and those
 * that are watched, is asked about, page by page, and what the gateway says is there makes a line. Ends with the signal, and throws when the gateway does not
 * answer; what it answers and cannot be told from is {@link Untold}. Money that we know nothing of cannot be found by it, except
 * refunds of our payments where the gateway tells of them.
 */
export async function* statementByQuery(deps: Deps, day: LocalDate, call: StatementCall): AsyncGenerator<Line> {
  const limit = pLimit(CONCURRENT)
  for (let afterId = ''; ;) {
    const page = await listDue(deps.db, { provider: deps.gateway.id, day, watched: call.watched, afterId, limit: PAGE })
    let isOver = false
    const askUnlessOver = async (due: Due): Promise<Line[]> => {
      if (isOver) return []
      try {
        return await ask(deps.gateway, due, call)
      } catch (error) {
        isOver = true
        throw error
      }
    }
    const answers = page.map((due) => limit(askUnlessOver, due))
    // One that fails is told when its turn comes.
    for (const answer of answers) answer.catch(() => undefined)
    try {
      for (const answer of answers) yield* await answer
    } finally {
      isOver = true
      await Promise.allSettled(answers)
    }
    if (page.length < PAGE) return
    afterId = page.at(-1)!.payment.id
  }
}

/** Everything that the gateway says about a payment and the refunds of it that are of the day. */
async function ask(gateway: PaymentGateway, due: Due, call: Call): Promise<Line[]> {
  const { payment } = due
  const asked = await persist(() => gateway.query(toPaymentRef(payment)), `payment ${payment.id}`, call)
  const found = asked === 'untold' ? null : asked
  const own: Line[] =
    asked === 'untold'
      ? [{ untold: { kind: 'payment', ourRef: payment.id } }]
      : found?.state === 'paid'
        ? [paymentLine(payment, found)]
        : []
  if (gateway.capabilities.refund === 'manual') return due.isOfDay ? own : []
  const lines: Line[] = due.isOfDay ? own : []
  for (const refund of due.refunds)
    if (due.refundsOfDay.has(refund.id)) lines.push(...(await askRefund(gateway, { refund, payment, found }, call)))
  return [...lines, ...strangeRefunds(due, found)]
}

type RefundCase = {
  readonly refund: Refund
  readonly payment: Payment
  readonly found: GatewayPayment | null
}

async function askRefund(gateway: PaymentGateway, { refund, payment, found }: RefundCase, call: Call): Promise<Line[]> {
  const told = found?.refunds?.list.find((one) => isSame(refund, one))
  if (told) return refundLines(refund, told)
  if (found?.refunds?.isComplete || payment.providerPaymentRef === null) return []
  const request = { ...toRefundRequest(refund, payment), providerRefundRef: refund.providerRef }
  const answer = await persist(() => gateway.queryRefund(request), `refund ${refund.id}`, call)
  if (answer === 'untold') return [{ untold: { kind: 'refund', ourRef: refund.id } }]
  return answer === null ? [] : refundLines(refund, answer)
}

function isSame(refund: Refund, told: ToldRefund): boolean {
  return told.clientRef === refund.clientRef || (refund.providerRef !== null && told.providerRefundRef === refund.providerRef)
}

function paymentLine(payment: Payment, { captured, providerPaymentRef }: GatewayPayment): StatementLine {
  return {
    kind: 'payment',
    lineId: `${payment.clientRef}:payment`,
    clientRef: payment.clientRef,
    providerRef: providerPaymentRef ?? payment.providerPaymentRef,
    // One that has been refunded may be told without its amount (VNPay): then it is as it was when it was taken in.
    gross: captured ?? payment.amount,
    fee: null,
    at: payment.capturedAt ?? payment.createdAt,
  }
}

/** What was given back; of a refund that failed after it had been, also that it came back. */
function refundLines(
  refund: Refund,
  { state, amount, providerRefundRef }: Pick<GatewayRefund, 'state' | 'amount' | 'providerRefundRef'>,
): Line[] {
  const { clientRef, completedAt, createdAt } = refund
  const line = (lineId: string, gross: Money, at: Instant): StatementLine => ({
    ...{ kind: 'refund', lineId, clientRef, providerRef: providerRefundRef, gross, fee: null, at },
  })
  const made = line(`${clientRef}:refund`, amount, completedAt ?? createdAt)
  if (state === 'succeeded') return [made]
  if (state !== 'failed' || completedAt === null) return []
  return [made, line(`${clientRef}:refund:returned`, negateMoney(amount), completedAt)]
}

/** Refunds of our payment that the gateway tells of and nobody here has asked for. */
function strangeRefunds({ payment, refunds }: Due, found: GatewayPayment | null): StatementLine[] {
  const strange = (found?.refunds?.list ?? []).filter((told) => told.state === 'succeeded' && !refunds.some((one) => isSame(one, told)))
  return strange.map((told) => ({
    kind: 'refund',
    lineId: `${payment.clientRef}:refund:${told.providerRefundRef || told.clientRef}`,
    clientRef: told.clientRef,
    providerRef: told.providerRefundRef || null,
    gross: told.amount,
    fee: null,
    at: payment.capturedAt ?? payment.createdAt,
  }))
}

/** The answer; null where the gateway has nothing of the kind. Throws when it cannot be had, or the statement's time is over. */
async function persist<T>(question: () => Promise<GatewayOutcome<T>>, name: string, { signal }: Call): Promise<T | null | 'untold'> {
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted()
    const reply = await question()
    if (reply.outcome === 'ok') return reply.value
    if (reply.outcome === 'rejected') return null
    if (LASTING.has(reply.cause)) return 'untold'
    if (tries === TRIES) throw new Error(`nothing was told of ${name}: ${reply.message}`)
    await wait(TRY_AGAIN_AFTER_MS * tries, undefined, { signal })
  }
}
