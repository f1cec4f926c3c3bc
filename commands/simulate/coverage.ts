import { BOOKING_STATUSES } from '../../src/booking/machine/index.ts'
import { GATEWAY_FAULTS, SUPPLIER_FAULTS } from './faults.ts'

/** A booking's status when something happened, or that it was not there yet. */
const STATES = ['NONE', ...BOOKING_STATUSES] as const
type State = (typeof STATES)[number]

const PAYING: readonly State[] = ['PENDING_PAYMENT', 'CANCELLED']
const REFUNDING: readonly State[] = ['REFUND_PENDING', 'CANCELLED']
const FULFILLING: readonly State[] = ['PENDING_TICKET']
const ANY_PAID: readonly State[] = ['PENDING_PAYMENT', 'PAID', 'PENDING_TICKET', 'TICKETED', 'REFUND_PENDING', 'REFUNDED', 'CANCELLED']

/** Where each event may happen, and what may befall it: the cells that a run should meet. */
const LEGAL: Readonly<Record<string, { readonly states: readonly State[]; readonly faults: readonly string[] }>> = {
  ...Object.fromEntries(Object.entries(SUPPLIER_FAULTS).map(([event, faults]) => [`supplier.${event}`, { states: FULFILLING, faults }])),
  ...Object.fromEntries(
    Object.entries(GATEWAY_FAULTS).map(([event, faults]) => [
      `gateway.${event}`,
      {
        states:
          event === 'create' ? (['PENDING_PAYMENT'] as const) : event === 'query' ? ANY_PAID : event === 'expire' ? PAYING : REFUNDING,
        faults,
      },
    ]),
  ),
  place: { states: ['NONE'], faults: ['none', 'double_click'] },
  pay: { states: ['INIT', 'PENDING_PAYMENT'], faults: ['none', 'double_click', 'other_key'] },
  'page.submit': { states: ['PENDING_PAYMENT'], faults: ['none'] },
  'page.capture': { states: ['PENDING_PAYMENT'], faults: ['none', 'underpaid'] },
  'page.captureLate': { states: PAYING, faults: ['none'] },
  'page.decline': { states: ['PENDING_PAYMENT'], faults: ['none'] },
  webhook: { states: ANY_PAID, faults: ['none', 'lost', 'ack_lost', 'duplicate'] },
  'refund.succeeds': { states: REFUNDING, faults: ['none'] },
  'refund.fails': { states: REFUNDING, faults: ['none'] },
  'refund.returns': { states: ['REFUND_PENDING', 'REFUNDED', 'CANCELLED'], faults: ['none'] },
  job: { states: ANY_PAID, faults: ['none', 'duplicated', 'lost'] },
  kill: { states: [...BOOKING_STATUSES], faults: ['task', 'process'] },
  commit: { states: [...BOOKING_STATUSES], faults: ['lost_before', 'lost_after'] },
  statement: { states: [...BOOKING_STATUSES], faults: ['lost_before'] },
}
const EVENTS = Object.keys(LEGAL)
const FAULTS = [...new Set(Object.values(LEGAL).flatMap(({ faults }) => faults))]

/** How often each event befell a booking of each state with each fault. */
export type Coverage = { readonly note: (state: string, event: string, fault: string) => void; readonly counts: Uint32Array }

const STATE_INDEX = new Map<string, number>(STATES.map((state, index) => [state, index]))
const EVENT_INDEX = new Map(EVENTS.map((event, index) => [event, index]))
const FAULT_INDEX = new Map(FAULTS.map((fault, index) => [fault, index]))

export function createCoverage(): Coverage {
  const counts = new Uint32Array(STATES.length * EVENTS.length * FAULTS.length)
  return {
    counts,
    note: (state, event, fault) => {
      const e = EVENT_INDEX.get(event)
      const f = FAULT_INDEX.get(fault)
      if (e === undefined || f === undefined) return
      const at = (STATE_INDEX.get(state)! * EVENTS.length + e) * FAULTS.length + f
      counts[at]! += 1
    },
  }
}

/** Counts by event, state and fault, and how many of the legal cells were met. */
export type CoverageReport = {
  readonly legal_cells: number
  readonly cells_met: number
  readonly not_met: readonly string[]
  /** Cells that nobody expected: not wrong by themselves. */
  readonly beyond: readonly string[]
  readonly counts: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>
}

export function reportCoverage(counts: Uint32Array): CoverageReport {
  const table: Record<string, Record<string, Record<string, number>>> = {}
  const beyond: string[] = []
  const notMet: string[] = []
  let legal = 0
  let met = 0
  for (const [s, state] of STATES.entries())
    for (const [e, event] of EVENTS.entries())
      for (const [f, fault] of FAULTS.entries()) {
        const count = counts[(s * EVENTS.length + e) * FAULTS.length + f]!
        const isLegal = LEGAL[event]!.states.includes(state) && LEGAL[event]!.faults.includes(fault)
        if (isLegal) legal += 1
        if (isLegal && count > 0) met += 1
        if (isLegal && count === 0) notMet.push(`${state} × ${event} × ${fault}`)
        if (!isLegal && count > 0) beyond.push(`${state} × ${event} × ${fault}`)
        if (count > 0) ((table[event] ??= {})[state] ??= {})[fault] = count
      }
  return { legal_cells: legal, cells_met: met, not_met: notMet, beyond, counts: table }
}
