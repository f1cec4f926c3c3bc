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
  const nobody = new AbortController().signal
  try {
    return await work({
      ask: (message, body, options = {}) =>
        send(deps, state, { message, body, place: 'within', timeoutMs: budget.leftMs(), ...options }, call.signal),
      ignore: () => sendSurely(deps, state, { message: 'PNR_Ignore', body: IGNORE, place: 'within', timeoutMs: FAREWELL_MS }, nobody),
    })
  } finally {
    await sendSurely(deps, state, { message: 'Security_SignOut', body: '', place: 'last', timeoutMs: FAREWELL_MS }, nobody)
  }
}

const IGNORE = '<actionRequest><actionRequestCode>I</actionRequestCode></actionRequest>'

/**
 * Where a conversation is. `header` counts the messages that were sent. `isSure` is false when the last of them got no reply: the
 * host may have counted it or not.
 */
type State = { header: SessionHeader | null; isOpen: boolean; isSure: boolean }

type Message = AskOptions & {
  readonly message: MessageName
  readonly body: string
  readonly place: 'within' | 'last'
  readonly timeoutMs: number
}

async function send(deps: Deps, state: State, { place, ...message }: Message, signal: AbortSignal): Promise<Exchange> {
  const { header } = state
  if (state.isOpen && header === null) return { kind: 'never_sent', fault: 'unreachable', message: 'the session was not opened' }
  state.isOpen = true
  const conversation = header === null ? ({ place: 'first' } as const) : { place, session: header }
  const result = await exchange(deps, { ...message, conversation }, signal)
  if (result.kind === 'reply') {
    const session = result.session ?? header
    if (!session) return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', message: 'the reply opens no session' }
    state.header = header === null ? session : { ...session, sequence: header.sequence + 1 }
    state.isSure = true
  } else if (result.kind === 'fault' && result.session) {
    // A refusal opens a conversation and counts in it like any reply.
    state.header = result.session
    state.isSure = true
  } else if (header !== null && result.kind !== 'never_sent') {
    state.header = { ...header, sequence: header.sequence + 1 }
    state.isSure = false
  }
  return result
}

/**
 * Sends a message that has to reach the host, at either of the two counts it may be at. Without a reply to the first message there is
 * no conversation to cite, and nothing is sent: one that the host has opened all the same ends by its own clock.
 */
async function sendSurely(deps: Deps, state: State, message: Message, signal: AbortSignal): Promise<void> {
  const { header, isSure } = state
  if (header === null) return
  const result = await send(deps, state, message, signal)
  if (isSure || result.kind !== 'fault' || result.session) return
  state.header = { ...header, sequence: header.sequence - 1 }
  await send(deps, state, message, signal)
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
