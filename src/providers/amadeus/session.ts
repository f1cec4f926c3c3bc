import type { Call } from '../contract.ts'
import { exchange, type Exchange } from './exchange.ts'
import type { Budget, Deps } from './deps.ts'
import type { SessionHeader } from './soap.ts'
import type { MessageName } from './wire.ts'

/** A conversation with the host: what is put into it is seen by nobody until the transaction is ended. */
export type Session = {
  /** Sends the next message of the conversation, within what is left of the operation's time. */
  readonly ask: (message: MessageName, body: string, options?: AskOptions) => Promise<Exchange>
  /** Throws away what was put in and not ended. Never throws; a host that did not hear it forgets it with the conversation. */
  readonly ignore: () => Promise<void>
}

export type AskOptions = { readonly orElse?: string }

/** How long giving a conversation back may take, message by message. It is done even when the operation has run out of time. */
const FAREWELL_MS = 3_000

/**
 * Does some work in a conversation of its own, and gives it back whatever becomes of the work: contracts grant a fixed number,
 * and one that is left open is lost for a quarter of an hour. As many as the configuration allows are open at once; further
 * work waits, at most until its own time is over, and then gets a session that sends nothing.
 */
export async function inSession<T>(deps: Deps, call: Call, budget: Budget, work: (session: Session) => Promise<T>): Promise<T> {
  let isWaiting = true
  const turn = deps.sessions(async () => {
    if (!isWaiting) return null
    isWaiting = false
    return { result: await converse(deps, call, budget, work) }
  })
  const patience = startPatience(Math.max(0, budget.leftMs()), call.signal)
  try {
    const first = await Promise.race([turn, patience.isOver.then(() => null)])
    if (first) return first.result
    if (isWaiting) {
      isWaiting = false
      return await work(NO_SESSION)
    }
    // Its time is over while it is at work: what it sends now is refused, and it comes to its own conclusion.
    return (await turn)!.result
  } finally {
    patience.end()
  }
}

const NO_SESSION: Session = {
  ask: () => Promise.resolve({ kind: 'never_sent', fault: 'throttled', message: 'no session was free in time' }),
  ignore: () => Promise.resolve(),
}

async function converse<T>(deps: Deps, call: Call, budget: Budget, work: (session: Session) => Promise<T>): Promise<T> {
  const state: State = { header: null, isOpen: false, isSure: true }
  try {
    return await work({
      ask: (message, body, options = {}) => askWithin(deps, state, message, body, { ...options, timeoutMs: budget.leftMs() }, call.signal),
      ignore: async () => {
        if (state.header === null) return
        const body = '<actionRequest><actionRequestCode>I</actionRequestCode></actionRequest>'
        await askWithin(deps, state, 'PNR_Ignore', body, { timeoutMs: FAREWELL_MS }, new AbortController().signal)
      },
    })
  } finally {
    await signOut(deps, state)
  }
}

/** Where a conversation is. `isSure` is false when a reply was lost, so that the host's count may be ours or one less. */
type State = { header: SessionHeader | null; isOpen: boolean; isSure: boolean }

async function askWithin(
  deps: Deps,
  state: State,
  message: MessageName,
  body: string,
  options: AskOptions & { readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<Exchange> {
  const { header } = state
  if (state.isOpen && header === null) return { kind: 'never_sent', fault: 'unreachable', message: 'the session was not opened' }
  const conversation = header === null ? ({ place: 'first' } as const) : ({ place: 'within', session: header } as const)
  state.isOpen = true
  const result = await exchange(deps, { message, body, conversation, ...options }, signal)
  if (result.kind === 'reply') {
    if (!result.session && header === null)
      return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', message: 'the reply opens no session' }
    state.header = { ...(result.session ?? header!), sequence: header === null ? result.session!.sequence : header.sequence + 1 }
  } else if (header !== null && result.kind !== 'never_sent') {
    state.header = { ...header, sequence: header.sequence + 1 }
    state.isSure = false
  }
  return result
}

/** Ends the conversation. When a reply was lost the host may not have counted that message, so the count before is tried as well. */
async function signOut(deps: Deps, state: State): Promise<void> {
  const { header } = state
  // Without a reply to the first message there is no id to sign out with: the host ends such a conversation by its own clock.
  if (header === null) return
  const end = (session: SessionHeader): Promise<Exchange> =>
    exchange(
      deps,
      { message: 'Security_SignOut', body: '', conversation: { place: 'last', session }, timeoutMs: FAREWELL_MS },
      new AbortController().signal,
    )
  const result = await end(header)
  if (result.kind === 'fault' && !state.isSure) await end({ ...header, sequence: header.sequence - 1 })
}

/** Resolves when the time is over or nobody waits for the answer any more. */
function startPatience(ms: number, signal: AbortSignal): { readonly isOver: Promise<void>; readonly end: () => void } {
  let end = (): void => {}
  const isOver = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    const stop = (): void => resolve()
    signal.addEventListener('abort', stop, { once: true })
    end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    if (signal.aborted) resolve()
  })
  return { isOver, end }
}
