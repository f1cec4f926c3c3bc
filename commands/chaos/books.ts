import type { ChaosStack } from './stack.ts'

/** What everybody has written down, read at one moment: our database, and what supplier and gateway know for themselves. */
export type Books = {
  /** RFC 3339 by the sandbox's clock. */
  readonly now: number
  readonly bookings: readonly BookingLine[]
  readonly payments: readonly PaymentLine[]
  readonly refunds: readonly RefundLine[]
  readonly ledger: readonly LedgerLine[]
  readonly attempts: readonly AttemptLine[]
  /** Every change of a state, as the database's own trigger saw it. */
  readonly history: readonly Change[]
  readonly workItems: readonly WorkItemLine[]
  /** Differences to the statements of gateways and suppliers that are open, and so on their way to a person. */
  readonly breaks: readonly BreakLine[]
  /** Reactions that are still to be done, and events nobody was told of. */
  readonly pending: readonly string[]
  /** Reactions that became something to be done more than once, though their event happened once. */
  readonly toldAgain: readonly { readonly what: string; readonly times: number }[]
  readonly supplier: readonly ReservationLine[]
  readonly stock: readonly StockLine[]
  readonly gateway: readonly SessionLine[]
}

export type BookingLine = {
  readonly id: string
  readonly reference: string
  readonly status: string
  readonly version: number
  readonly total: number
  readonly currency: string
  /** Tickets it takes: one for each passenger on each flight. */
  readonly passengers: number
  readonly tickets: readonly string[]
  readonly paymentDueBy: number
  readonly promisedBy: number | null
}
export type PaymentLine = {
  readonly id: string
  readonly bookingId: string
  readonly status: string
  readonly amount: number
  readonly currency: string
}
export type RefundLine = PaymentLine & { readonly paymentId: string }
export type LedgerLine = {
  readonly postingId: string
  readonly bookingId: string
  readonly account: string
  readonly eventType: string
  readonly amount: number
  readonly currency: string
  /** What the gateway calls what it was posted for: a session, a refund, a case of a bank. */
  readonly externalRef: string | null
}
export type AttemptLine = { readonly bookingId: string; readonly operation: string; readonly state: string }
export type Change = {
  readonly kind: string
  readonly id: string
  readonly from: string | null
  readonly to: string | null
  readonly fromVersion: number | null
  readonly toVersion: number | null
}
export type WorkItemLine = { readonly kind: string; readonly subjectId: string; readonly state: string; readonly text: string }
export type BreakLine = { readonly side: string; readonly kind: string; readonly theirRef: string | null }
export type ReservationLine = {
  /** The supplier's own name of it, where that is not the locator. */
  readonly id?: string
  readonly locator: string
  readonly reference: string | null
  readonly status: 'active' | 'cancelled'
  readonly passengers: readonly string[]
  readonly tickets: readonly { readonly number: string; readonly status: 'live' | 'void' }[]
}
/** One thing that there is a number of, as the supplier itself counts it. */
export type StockLine = { readonly unit: string; readonly capacity: number; readonly sold: number }
export type SessionLine = {
  readonly session: string
  readonly reference: string | null
  /** The gateway's own name of the money. */
  readonly payment_intent: string | null
  readonly currency: string
  readonly captured: number
  readonly refunded: number
  readonly refunding: number
  readonly refunds: readonly { readonly id: string; readonly reference: string | null; readonly amount: number; readonly status: string }[]
  /** What customers' banks hold of it now. */
  readonly charged_back: number
  /** Their cases, with what was ever taken and what of it came back. */
  readonly disputes: readonly { readonly id: string; readonly status: string; readonly withdrawn: number; readonly reinstated: number }[]
}

/**
 * Reads our books first, in one snapshot, and then the others', which are in this process and change in no between: what we
 * have written down must be so there by then.
 */
export async function readBooks(stack: ChaosStack): Promise<Books> {
  const [row] = await stack.sql<{ books: Omit<Books, 'supplier' | 'stock' | 'gateway'> }>(OURS)
  const { reservations, stock } = stack.supplier.control.state()
  return {
    ...row!.books,
    supplier: [...reservations, ...stack.otherReservations()],
    stock: stock.map(({ fare, seats, sold }) => ({ unit: fare, capacity: seats, sold })),
    gateway: stack.gateway.control.ledger(),
  }
}

const list = (select: string): string => `(select coalesce(json_agg(line), '[]') from (${select}) line)`

/** A webhook that is sent again may come at any moment; what it sets off is not late yet. */
const FRESH_SECONDS = 10

/** One statement is one snapshot. */
const OURS = `select json_build_object(
  'now', extract(epoch from platform.now()) * 1000,
  'bookings', ${list(`select id, reference, status, version, total_amount as total, currency,
      jsonb_array_length(passengers) * (select count(*) from booking.items item where item.booking_id = booking.id and item.offer ? 'slices') as passengers,
      (select coalesce(json_agg(ticket ->> 'number'), '[]') from booking.items item, jsonb_array_elements(item.tickets) ticket
        where item.booking_id = booking.id) as tickets,
      extract(epoch from payment_required_by) * 1000 as "paymentDueBy", extract(epoch from answer_promised_by) * 1000 as "promisedBy"
    from booking.bookings booking`)},
  'payments', ${list('select id, booking_id as "bookingId", status, amount, currency from payments.payments')},
  'refunds', ${list('select id, booking_id as "bookingId", payment_id as "paymentId", status, amount, currency from payments.refunds')},
  'ledger', ${list('select posting_id as "postingId", booking_id as "bookingId", account, event_type as "eventType", amount, currency, external_ref_id as "externalRef" from payments.transactions')},
  'attempts', ${list('select booking_id as "bookingId", operation, state from booking.attempts')},
  'history', ${list('select kind, id, from_status as "from", to_status as "to", from_version as "fromVersion", to_version as "toVersion" from chaos.history order by position')},
  'workItems', ${list(`select kind, subject_id as "subjectId", state, details::text || summary as text from platform.work_items`)},
  'breaks', ${list(`select side, kind, their_ref as "theirRef" from reporting.breaks where state = 'open'`)},
  'toldAgain', ${list(`select told.event_id || ' ' || event.name || ':' || told.reaction as what, count(*)::int as times
    from chaos.told told join platform.events event on event.id = told.event_id group by 1 having count(*) > 1`)},
  'pending', (select coalesce(json_agg(what), '[]') from (
      select event.name || ':' || pending.reaction as what from platform.pending_reactions pending
        join platform.events event on event.id = pending.event_id and occurred_at < now() - interval '${FRESH_SECONDS} seconds'
      union all select event.name || ' untold' from platform.events event
        where published_at is null and occurred_at < now() - interval '${FRESH_SECONDS} seconds') left_over)
) as books`

/** How far an append-only table goes, and what stands in it up to there. */
export type Seal = { readonly table: string; readonly upTo: string; readonly digest: string }

const APPEND_ONLY: Readonly<Record<string, string>> = {
  'payments.transactions': "concat_ws('|', id, posting_id, booking_id, payment_id, account, event_type, amount, currency, payload)",
  'platform.events': "concat_ws('|', id, name, subject_id, body, actor, occurred_at)",
}

/** Seals what is in the append-only tables now; with earlier seals, tells which of them no longer hold. */
export async function sealTables(stack: ChaosStack, earlier: readonly Seal[] = []): Promise<{ seals: Seal[]; broken: string[] }> {
  const digestOf = async (table: string, upTo: string): Promise<string> => {
    const text = `select coalesce(md5(string_agg(${APPEND_ONLY[table]}, ';' order by position)), '') as digest from ${table} where position <= $1`
    return (await stack.sql<{ digest: string }>(text, [upTo]))[0]!.digest
  }
  const broken: string[] = []
  for (const seal of earlier) if ((await digestOf(seal.table, seal.upTo)) !== seal.digest) broken.push(seal.table)
  const seals: Seal[] = []
  for (const table of Object.keys(APPEND_ONLY)) {
    // Positions are given before they are committed: what is a few seconds old has nobody before it that is still to come.
    const when = table === 'platform.events' ? 'occurred_at' : 'created_at'
    const [row] = await stack.sql<{ position: string }>(
      `select coalesce(min(position) filter (where ${when} > now() - interval '20 seconds') - 1, max(position), 0)::text as position from ${table}`,
    )
    const upTo = row!.position
    seals.push({ table, upTo, digest: await digestOf(table, upTo) })
  }
  return { seals, broken }
}
