/**
 * Where a process can be made to die, to see whether what it left undone is done by others. Each is a moment between a
 * step that has happened and the note of it.
 */
export const FAILPOINTS = [
  /** A gateway's announcement is in the inbox, and nobody has been woken up for it. */
  'announcement-kept',
  /** The gateway has opened a page to pay on; that we know of it is not committed. */
  'page-opened',
  /** The capture is in the ledger, and the booking does not know. */
  'payment-captured',
  /** The write to the supplier is noted and not sent. */
  'supplier-not-asked',
  /** The supplier has done it; that we know of it is not written. */
  'supplier-answered',
  /** The gateway has given the money back; that we know of it is not written. */
  'refund-given',
  /** Events have become pending reactions, and no worker has been woken up. */
  'events-relayed',
  /** A reaction has been done and is still noted as pending. */
  'reaction-done',
] as const

export type Failpoint = (typeof FAILPOINTS)[number]

let armed: { readonly name: string; left: number } | null = null

/** Lets this process kill itself when it passes the point for the n-th time: "supplier-answered" or "supplier-answered:3". */
export function armFailpoint(setting: string | null): void {
  const [name = '', times = '1'] = setting?.split(':') ?? []
  armed = setting === null ? null : { name, left: Number(times) }
}

/** Does nothing unless this point is armed; then ends the process as a power cut would, without a word to anybody. */
export function failpoint(name: Failpoint): void {
  if (armed?.name !== name) return
  armed.left -= 1
  if (armed.left === 0) process.kill(process.pid, 'SIGKILL')
}
