/** What the promises about flights and those about stays have in common: the handle on a mock supplier, and small words. */
import type { Contact } from '../travel/passenger.ts'
import type { WriteOutcome } from './contract.ts'

/** The operations of a mock supplier that can be made to misbehave, whatever it sells. */
export type FaultOperation = 'shop' | 'price' | 'book' | 'retrieve' | 'find' | 'cancel'

/**
 * How it misbehaves. `timeout` never answers and has no effect; `hang_after_effect` and `drop_after_effect` take effect
 * first; `drop` cuts the connection without effect; `huge` is 40 MB; `bomb` nests 100 000 deep; `unknown_code` is a
 * well-formed refusal with a code that nobody knows; `price_up` (on price) lasts for that fare, so that pricing it again
 * at the new price agrees.
 */
export type FaultKind =
  | 'timeout'
  | 'hang_after_effect'
  | 'drop_after_effect'
  | 'drop'
  | 'server_error'
  | 'garbage'
  | 'html'
  | 'huge'
  | 'bomb'
  | 'slow'
  | 'sold_out'
  | 'price_up'
  | 'throttled'
  | 'unknown_code'

/** The supplier's own truth, as `GET /__ctl/state` tells it. `reference` is ours, as it was stored there. */
export type SupplierState = {
  readonly calls: Readonly<Record<string, number>>
  readonly reservations: readonly {
    readonly locator: string
    readonly reference: string | null
    readonly status: 'active' | 'cancelled'
    readonly tickets: readonly { readonly number: string; readonly status: 'live' | 'void' }[]
  }[]
}

/** The handle on a mock server, in process or over `/__ctl`. A fault strikes the next `count` calls (default 1). */
export type SupplierControl<Operation extends string> = {
  readonly fault: (
    operation: Operation,
    kind: FaultKind,
    options?: { readonly count?: number; readonly delayMs?: number },
  ) => void | Promise<void>
  readonly clear: () => void | Promise<void>
  readonly state: () => SupplierState | Promise<SupplierState>
}

/** Faults in transport or form after which nobody can know what a write did. */
export const BLINDING = [
  'timeout',
  'drop',
  'server_error',
  'garbage',
  'html',
  'huge',
  'bomb',
  'unknown_code',
] as const satisfies readonly FaultKind[]

export const CONTACT: Contact = { email: 'budi@example.com', phone: '+6281234567890' }

/** What a write that had to go well brought. */
export function value<T>(outcome: WriteOutcome<T>): T {
  if (outcome.outcome !== 'ok') throw new Error(`expected ok, got ${JSON.stringify(outcome)}`)
  return outcome.value
}

/** A count as letters, for names: 12 is "BC". */
export function lettersOf(count: number): string {
  return [...String(count)].map((digit) => 'ABCDEFGHIJ'[Number(digit)]).join('')
}
