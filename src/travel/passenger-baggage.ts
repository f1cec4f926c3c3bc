import type { Baggage, PassengerFare, Segment, Slice } from './flight.ts'

type Allowance = readonly Baggage[]

/** What passengers of a type may bring on each segment of the journey, in the order flown. */
export function baggageOfType(fare: Pick<PassengerFare, 'baggage'>, slices: readonly Slice[]): readonly Allowance[] {
  const segments = slices.flatMap((slice) => slice.segments)
  return segments.map((segment, i) => fare.baggage?.[i] ?? segment.baggage)
}

/** Allowances of one type as its fare holds them: null where they are those told with the segments. */
export function whereItDiffers(allowances: readonly Allowance[], segments: readonly Segment[]): readonly Allowance[] | null {
  return allowances.every((allowance, i) => isSameAllowance(allowance, segments[i]?.baggage ?? [])) ? null : allowances
}

/** Whether two allowances say the same, in whatever order. What neither states is the same. */
export function isSameAllowance(one: Allowance, other: Allowance): boolean {
  return one === other || (one.length === other.length && allowanceKey(one) === allowanceKey(other))
}

/** One text for all spellings of an allowance; empty when nothing is stated. */
export function allowanceKey(allowance: Allowance): string {
  const bags = allowance.map((bag) => `${bag.kind}:${bag.pieces}:${bag.weightKg}`)
  return bags.length > 1 ? bags.sort().join(',') : (bags[0] ?? '')
}
