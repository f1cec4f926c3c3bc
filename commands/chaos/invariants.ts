import type { BookingLine, Books, Change, SessionLine } from './books.ts'

/** One thing that must be true and is not, and of what. */
export type Violation = { readonly invariant: Invariant; readonly subject: string; readonly detail: string }

export const INVARIANTS = {
  I1: 'every captured minor unit is backed by a live ticket, refunded, or before a person',
  I2: 'nothing is sold twice',
  I3: 'no ticket without captured money of at least its price',
  I4: 'at most one live ticket for each passenger of a booking',
  I5: 'our ledger is what the gateway has, per booking, in total and per currency',
  I6: 'nobody is charged more than they were shown, or in another currency',
  I7: 'only legal changes of state, each raising the version by one; what is append-only stays as it was; each event is handed on once',
  I8: 'a request sent again with its key gets the same answer',
  I9: 'nothing stays under way longer than it may',
  I11: 'no secret, card, passport or name in a log',
  I12: 'never more refunded than captured',
} as const

export type Invariant = keyof typeof INVARIANTS

/** What is known beside the books: what travellers saw, what was replayed, what logs and append-only tables showed. */
export type Testimony = {
  /** "during": faults are under way, so only what may never be wrong is checked. "after": all must have come to its end. */
  readonly moment: 'during' | 'after'
  /** Prices as travellers were shown them, in minor units, by booking. */
  readonly shown: ReadonlyMap<string, { readonly amount: number; readonly currency: string }>
  /** Bookings that may be waiting for a person. */
  readonly mayWait: ReadonlySet<string>
  readonly replays: readonly { readonly request: string; readonly isSame: boolean; readonly detail: string }[]
  /** What of people or secrets was found in logs, with where. */
  readonly leaks: readonly { readonly what: string; readonly where: string }[]
  /** Append-only tables that are no longer what they were. */
  readonly rewritten: readonly string[]
}

/** Holds everybody's books against each other; nobody's against their own. */
export function findViolations(books: Books, testimony: Testimony): Violation[] {
  const accounts = books.bookings.map((booking) => accountOf(books, booking))
  return [
    ...accounts.flatMap((account) => [
      ...checkBacking(books, account, testimony),
      ...checkTickets(account, testimony),
      ...checkCharge(books, account, testimony),
      ...checkDisputes(books, account, testimony),
    ]),
    ...checkStrangers(books, testimony),
    ...books.stock
      .filter(({ sold, capacity }) => sold > capacity)
      .map(({ unit, sold, capacity }) => violation('I2', unit, `${sold} sold of ${capacity}`)),
    ...checkLedger(books, accounts, testimony),
    ...checkHistory(books.history),
    ...books.toldAgain.map(({ what, times }) => violation('I7', what, `was handed on ${times} times`)),
    ...testimony.rewritten.map((table) => violation('I7', table, 'what was in it has been changed')),
    ...testimony.replays.filter(({ isSame }) => !isSame).map(({ request, detail }) => violation('I8', request, detail)),
    ...(testimony.moment === 'after' ? checkEndings(books, accounts, testimony) : []),
    ...testimony.leaks.map(({ what, where }) => violation('I11', what, where)),
    ...checkRefunds(books),
  ]
}

const violation = (invariant: Invariant, subject: string, detail: string): Violation => ({ invariant, subject, detail })

/** A booking with what the others have for it. */
type Account = {
  readonly booking: BookingLine
  readonly sessions: readonly SessionLine[]
  readonly captured: number
  readonly refunded: number
  /** What customers' banks hold of it. */
  readonly chargedBack: number
  /** Captured and neither given back, nor on the way back, nor with a bank, by the gateway's word. */
  readonly held: number
  readonly reservations: Books['supplier']
  readonly live: readonly string[]
  /** Open cases for a person about it, its payments or its refunds; but not that a bank contests a payment, which excuses nothing else. */
  readonly cases: readonly string[]
}

const CHARGEBACK = 'chargeback'

function accountOf(books: Books, booking: BookingLine): Account {
  const ids = new Set([
    booking.id,
    ...books.payments.filter(({ bookingId }) => bookingId === booking.id).map(({ id }) => id),
    ...books.refunds.filter(({ bookingId }) => bookingId === booking.id).map(({ id }) => id),
  ])
  const sessions = books.gateway.filter(({ reference }) => reference !== null && ids.has(reference))
  const sum = (of: (line: SessionLine) => number): number => sessions.reduce((total, line) => total + of(line), 0)
  const reservations = books.supplier.filter(({ reference }) => reference?.startsWith(`${booking.reference}-`) ?? false)
  return {
    booking,
    sessions,
    captured: sum((line) => line.captured),
    refunded: sum((line) => line.refunded),
    chargedBack: sum((line) => line.charged_back),
    held: sum((line) => line.captured - line.refunded - line.refunding - line.charged_back),
    reservations,
    live: reservations.flatMap(({ tickets }) => tickets.filter(({ status }) => status === 'live').map(({ number }) => number)),
    cases: books.workItems
      .filter(
        ({ kind, state, subjectId, text }) => kind !== CHARGEBACK && state !== 'done' && (ids.has(subjectId) || text.includes(booking.id)),
      )
      .map(({ kind }) => kind),
  }
}

/** I1: where the money of this booking is. */
function checkBacking(books: Books, account: Account, { moment }: Testimony): Violation[] {
  const { booking, captured, held, live, cases } = account
  const isTicketed = booking.status === 'TICKETED'
  const has = `the gateway holds ${held} of ${captured} for ${booking.reference} (${booking.status}), which has ${live.length} live tickets`
  if (cases.length > 0) return []
  if (booking.status === 'REFUNDED' && held > 0) return [violation('I1', booking.id, `${has}, and we say that all was given back`)]
  if (isTicketed && live.length < booking.passengers) return [violation('I1', booking.id, `${has} for ${booking.passengers} passengers`)]
  if (moment === 'during' || held <= 0) return []
  if (isTicketed && held <= booking.total) return []
  const isUnderWay = books.refunds.some(({ bookingId, status }) => bookingId === booking.id && ['requested', 'pending'].includes(status))
  return isUnderWay ? [] : [violation('I1', booking.id, has)]
}

/** I3 and I4: which tickets there are, and whether they are paid for. */
function checkTickets(account: Account, { moment }: Testimony): Violation[] {
  const { booking, reservations, live, captured, refunded, cases } = account
  const found: Violation[] = []
  const active = reservations.filter(({ status }) => status === 'active')
  if (live.length > booking.passengers || active.length > 1)
    found.push(
      violation('I4', booking.id, `${active.length} reservations and ${live.length} live tickets for ${booking.passengers} passengers`),
    )
  if (live.length > 0 && captured - refunded < booking.total && !cases.includes('orphan_reservation'))
    found.push(violation('I3', booking.id, `${live.length} live tickets for ${captured - refunded} of ${booking.total}`))
  if (moment === 'after' && booking.status === 'TICKETED' && [...live].sort().join() !== [...booking.tickets].sort().join())
    found.push(
      violation(
        'I4',
        booking.id,
        `the supplier has the tickets ${live.join(', ') || 'none'} and we say ${booking.tickets.join(', ') || 'none'}`,
      ),
    )
  return found
}

/** I6: what was charged, against what the traveller saw. */
function checkCharge(books: Books, account: Account, { shown }: Testimony): Violation[] {
  const price = shown.get(account.booking.id)
  if (!price) return []
  return account.sessions.flatMap((line) => {
    const isMore = line.captured > price.amount || line.currency.toUpperCase() !== price.currency
    if (line.captured === 0 || !isMore || line.refunded === line.captured || account.cases.length > 0) return []
    // Whoever notices first makes it a case; until we have asked, nobody can.
    if (books.payments.some(({ id, status }) => id === line.reference && status === 'open')) return []
    return [violation('I6', account.booking.id, `charged ${line.currency} ${line.captured}, shown ${price.currency} ${price.amount}`)]
  })
}

/** I1 and I5: each case of a bank is before a person until it is over, and what it holds is in our ledger under its name. */
function checkDisputes(books: Books, { booking, sessions }: Account, { moment }: Testimony): Violation[] {
  return sessions.flatMap(({ reference, disputes }) =>
    disputes.flatMap(({ id, status, withdrawn, reinstated }) => {
      const posted = books.ledger.filter(
        ({ externalRef, account, eventType }) => externalRef === id && account === 'gateway' && eventType === 'CHARGEBACK',
      )
      const taken = -posted.reduce((sum, { amount }) => sum + amount, 0)
      const held = withdrawn - reinstated
      const said = `of ${booking.reference} the bank holds ${held} of ${withdrawn}, and our ledger says ${taken}`
      const isOff = moment === 'after' ? taken !== held : taken > withdrawn
      const isOver = ['won', 'warning_closed'].includes(status)
      const isTold = books.workItems.some(({ kind, subjectId, state }) => kind === CHARGEBACK && subjectId === id && state !== 'done')
      return [
        ...(isOff ? [violation('I5', id, said)] : []),
        ...(moment === 'after' && !isOver && !isTold
          ? [violation('I1', id, `${held} of ${reference} are with a bank, and nobody was told`)]
          : []),
      ]
    }),
  )
}

/** Money and tickets that nobody here knows of, and that no comparison with a statement has found either. */
function checkStrangers(books: Books, { moment }: Testimony): Violation[] {
  const known = new Set([...books.payments, ...books.bookings].map(({ id }) => id))
  const references = books.bookings.map(({ reference }) => reference)
  const found = (side: string, theirs: string | null): boolean =>
    books.breaks.some((one) => one.side === side && one.kind === 'missing_with_us' && theirs !== null && one.theirRef === theirs)
  const money = books.gateway
    .filter((line) => line.captured > line.refunded + line.charged_back && (line.reference === null || !known.has(line.reference)))
    .filter(({ session, reference }) => !books.workItems.some(({ text, subjectId }) => text.includes(session) || subjectId === reference))
    .filter(({ payment_intent: intent }) => !found('gateway', intent))
    .map(({ session, captured }) => violation('I1', session, `${captured} captured for a payment that we do not know`))
  const tickets = books.supplier
    .filter(
      ({ reference, tickets: issued }) =>
        issued.some(({ status }) => status === 'live') && !references.some((one) => reference?.startsWith(`${one}-`)),
    )
    .filter(({ id, locator }) => !found('supplier', id ?? locator))
    .map(({ locator, reference }) => violation('I3', locator, `tickets under ${reference}, which is no booking of ours`))
  return [...(moment === 'after' ? money : []), ...tickets]
}

/** I5: each posting balances, and the account of the gateway is what the gateway has. */
function checkLedger(books: Books, accounts: readonly Account[], { moment }: Testimony): Violation[] {
  const sums = new Map<string, number>()
  const add = (key: string, amount: number): void => void sums.set(key, (sums.get(key) ?? 0) + amount)
  for (const line of books.ledger) {
    add(`posting ${line.postingId} ${line.currency}`, line.amount)
    if (line.account !== 'gateway') continue
    add(`${line.bookingId} ${line.amount > 0 ? 'in' : 'out'}`, Math.abs(line.amount))
    add(`total ${line.currency}`, line.amount)
  }
  const found = [...sums]
    .filter(([key, sum]) => key.startsWith('posting ') && sum !== 0)
    .map(([key, sum]) => violation('I5', key, `does not balance: ${sum}`))
  const theirs = new Map<string, number>()
  let isAside = false
  for (const { booking, captured, refunded, chargedBack, sessions, cases } of accounts) {
    const [into, out] = [sums.get(`${booking.id} in`) ?? 0, sums.get(`${booking.id} out`) ?? 0]
    const said = `our ledger has ${into} in and ${out} out, the gateway ${captured} captured, ${refunded} refunded and ${chargedBack} charged back`
    for (const line of sessions) {
      const currency = line.currency.toUpperCase()
      theirs.set(currency, (theirs.get(currency) ?? 0) + line.captured - line.refunded - line.charged_back)
    }
    // A refund that the bank sent back leaves our ledger as it came; what was ever given is what may stand there.
    const given = sessions.flatMap(({ refunds }) => refunds).reduce((total, { amount }) => total + amount, 0)
    const disputes = sessions.flatMap((line) => line.disputes)
    const [taken, returned] = (['withdrawn', 'reinstated'] as const).map((move) =>
      disputes.reduce((total, one) => total + one[move], 0),
    ) as [number, number]
    const isAhead = into > captured + given + returned || out > given + taken
    const isOff = moment === 'after' ? into - out !== captured - refunded - chargedBack : isAhead
    if (isOff && cases.length > 0) isAside = true
    else if (isOff) found.push(violation('I5', booking.id, said))
  }
  if (moment === 'after' && !isAside && found.length === 0) {
    for (const [currency, sum] of theirs) {
      const ours = sums.get(`total ${currency}`) ?? 0
      if (ours !== sum) found.push(violation('I5', currency, `in total our ledger has ${ours} and the gateway ${sum}`))
    }
  }
  return found
}

/** What may follow what: written down once more, from the rules and not from the code. */
const LEGAL: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  booking: {
    INIT: ['PENDING_PAYMENT', 'PAID', 'CANCELLED'],
    PENDING_PAYMENT: ['PAID', 'CANCELLED'],
    PAID: ['PENDING_TICKET'],
    PENDING_TICKET: ['TICKETED', 'REFUND_PENDING', 'CANCELLED'],
    // A ticket that its airline changed may be given back.
    TICKETED: ['REFUND_PENDING'],
    REFUND_PENDING: ['REFUNDED'],
    // A bank may send money back; money that came late may still buy the trip.
    REFUNDED: ['REFUND_PENDING'],
    CANCELLED: ['PAID'],
  },
  payment: { open: ['captured', 'failed', 'expired'], failed: ['captured'], expired: ['captured'], captured: [] },
  refund: { requested: ['pending', 'completed', 'failed'], pending: ['completed', 'failed'], completed: ['failed'], failed: [] },
}
const FIRST: Readonly<Record<string, readonly string[]>> = { booking: ['INIT'], payment: ['open'], refund: ['requested'] }

/** I7: every change, as the database saw it. */
function checkHistory(history: readonly Change[]): Violation[] {
  return history.flatMap((change) => {
    const { kind, id, from, to, fromVersion, toVersion } = change
    if (to === null) return [violation('I7', id, `the ${kind} was deleted`)]
    if (from === null) return FIRST[kind]?.includes(to) ? [] : [violation('I7', id, `the ${kind} began as ${to}`)]
    const isLegal = from === to || (LEGAL[kind]?.[from]?.includes(to) ?? false)
    if (!isLegal) return [violation('I7', id, `the ${kind} went from ${from} to ${to}`)]
    // Who looks after a payment or a refund puts off its next look without touching it.
    if (kind !== 'booking' && from === to && fromVersion === toVersion) return []
    return toVersion === (fromVersion ?? 0) + 1 ? [] : [violation('I7', id, `the ${kind} went from version ${fromVersion} to ${toVersion}`)]
  })
}

/** How long after its time to pay an unpaid booking may still be there. */
const EXPIRY_GRACE_MS = 60_000

/** I9: everything has come to an end, or is before a person who may have it. */
function checkEndings(books: Books, accounts: readonly Account[], { mayWait }: Testimony): Violation[] {
  const stuck = accounts.flatMap(({ booking, captured, held, cases }) => {
    const { id, status } = booking
    const isWaiting = mayWait.has(id) && cases.length > 0
    if (isWaiting || ['TICKETED', 'REFUNDED'].includes(status)) return []
    if (status === 'CANCELLED')
      return held > 0 && cases.length === 0 ? [violation('I9', id, `CANCELLED, and the gateway holds ${held}`)] : []
    const isUnpaid = (status === 'INIT' || status === 'PENDING_PAYMENT') && captured === 0
    if (isUnpaid && books.now < booking.paymentDueBy + EXPIRY_GRACE_MS) return []
    // A case of another amount leaves the booking as it is until somebody has decided.
    if (status === 'PENDING_PAYMENT' && cases.includes('payment_mismatched')) return []
    return [violation('I9', id, `still ${status}${cases.length > 0 ? `, with ${cases.join(', ')}` : ''}`)]
  })
  const undecided = books.attempts
    .filter(({ state, bookingId }) => ['sent', 'unknown'].includes(state) && !mayWait.has(bookingId))
    .map(({ bookingId, operation }) => violation('I9', `${bookingId} ${operation}`, 'the supplier’s word is still missing'))
  const undone = books.pending.map((what) => violation('I9', what, 'still to be done'))
  const cases = new Set(books.workItems.filter(({ state }) => state !== 'done').map(({ subjectId }) => subjectId))
  const refunds = books.refunds
    .filter(({ id, status, bookingId }) => ['requested', 'pending'].includes(status) && !cases.has(id) && !mayWait.has(bookingId))
    .map(({ id, status }) => violation('I9', id, `the refund is still ${status}`))
  return [...stuck, ...undecided, ...undone, ...refunds]
}

/** I12, by the gateway's word, and each refund of ours given once. */
function checkRefunds(books: Books): Violation[] {
  return books.gateway.flatMap((line) => {
    const given = line.refunds.filter(({ status }) => status !== 'failed')
    const twice = given.filter(({ reference }, at) => reference !== null && given.findIndex((one) => one.reference === reference) !== at)
    const sum = given.reduce((total, { amount }) => total + amount, 0)
    const asked = books.refunds
      .filter(({ paymentId, status }) => paymentId === line.reference && status !== 'failed')
      .reduce((total, { amount }) => total + amount, 0)
    return [
      ...(sum + line.charged_back > line.captured
        ? [violation('I12', line.session, `${sum} given back and ${line.charged_back} charged back of ${line.captured}`)]
        : []),
      ...(asked > line.captured ? [violation('I12', line.session, `${asked} asked back of ${line.captured}`)] : []),
      ...twice.map(({ reference }) => violation('I12', String(reference), 'one refund of ours was given twice')),
    ]
  })
}
