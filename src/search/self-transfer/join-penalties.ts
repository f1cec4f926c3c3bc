import { addMoney, type Money } from '../../kernel/money.ts'
import type { Penalty, PenaltyWindow } from '../../travel/flight.ts'

type Rules = readonly Penalty[]

const KINDS = ['change', 'refund'] as const
const WINDOWS: readonly PenaltyWindow[] = ['before_departure', 'after_departure', 'no_show']

/**
 * The rules of two tickets as rules of the journey, one for each kind and window that either states. What is forbidden for
 * one ticket is forbidden, what is not stated for one is unknown; an amount or a share only where both state it.
 */
export function joinPenalties(first: Rules, second: Rules): Penalty[] {
  return KINDS.flatMap((kind) => {
    const ofKind = (rules: Rules) => rules.filter((rule) => rule.kind === kind)
    const sides = [ofKind(first), ofKind(second)] as const
    const stated = WINDOWS.filter((window) => sides.some((side) => side.some((rule) => rule.when === window)))
    if (sides.every((side) => side.length === 0)) return []
    const windows = stated.length === 0 ? [null] : stated
    return windows.map((when) => joinRules(kind, when, [rulesFor(sides[0], when), rulesFor(sides[1], when)]))
  })
}

/** A rule without a window is the one that holds before departure: it is what a fare is described by. */
function rulesFor(side: Rules, when: PenaltyWindow | null): Rules {
  const own = side.filter((rule) => (rule.when ?? null) === when)
  return own.length === 0 && when === 'before_departure' ? side.filter((rule) => (rule.when ?? null) === null) : own
}

function joinRules(kind: Penalty['kind'], when: PenaltyWindow | null, sides: readonly [Rules, Rules]): Penalty {
  const allowed = weakerOf(allowedBy(sides[0]), allowedBy(sides[1]))
  const [a, b] = [onlyOf(sides[0]), onlyOf(sides[1])]
  const isPriced = allowed === true && a !== null && b !== null
  const percent = a?.percent ?? null
  return {
    kind,
    allowed,
    amount: isPriced ? sumOf(a.amount, b.amount) : null,
    percent: isPriced && percent === (b.percent ?? null) ? percent : null,
    when,
    until: a !== null && b !== null ? earlierText(a.until ?? null, b.until ?? null) : null,
  }
}

function allowedBy(side: Rules): boolean | null {
  return side.map((rule) => rule.allowed).reduce(weakerOf, side.length === 0 ? null : true)
}

function onlyOf(side: Rules): Penalty | null {
  return side.length === 1 ? side[0]! : null
}

/** What is forbidden for one is forbidden; what is unknown of one is unknown. */
export function weakerOf(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false
  return a === null || b === null ? null : true
}

/** What only one of them states is not known of both. */
export function sumOf(a: Money | null | undefined, b: Money | null | undefined): Money | null {
  return a == null || b == null || a.currency !== b.currency ? null : addMoney(a, b)
}

/** By the date both begin with, whether or not a time follows: at worst a few hours too early. */
export function earlierText(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a.slice(0, 10) < b.slice(0, 10) || (a.slice(0, 10) === b.slice(0, 10) && a <= b) ? a : b
}
