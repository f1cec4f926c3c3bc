import { instant, type Instant } from '../../../kernel/time.ts'
import { MalformedReply } from '../wire-fields.ts'

/**
 * A page of Snap that nobody has used is no transaction: its status is "not found" for as long as it is open, and after.
 * So the time at which it ends is kept with its token, as our reference of it.
 */
export type PageRef = { readonly token: string; readonly endsAt: Instant }

export function writePageRef({ token, endsAt }: PageRef): string {
  return `${token}~${Math.ceil(endsAt / 1_000)}`
}

/** Throws {@link MalformedReply} for what {@link writePageRef} did not write. */
export function readPageRef(ref: string): PageRef {
  const match = /^(.+)~(\d{1,12})$/.exec(ref)
  if (!match) throw new MalformedReply('token')
  return { token: match[1]!, endsAt: instant(Number(match[2]) * 1_000) }
}
