import type { PartnerReply } from '../../platform/partner.ts'
import type { GatewayOutcome, UnknownCause } from './contract.ts'
import { rejected, statusFailure, toFailure, unknown } from './outcomes.ts'

/** Thrown where a reply leaves open what happened. */
export class Unanswered extends Error {
  readonly reason: UnknownCause
  constructor(reason: UnknownCause, message: string) {
    super(message)
    this.name = 'Unanswered'
    this.reason = reason
  }
}

/** Thrown where a reply proves that nothing happened. */
export class Refused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'Refused'
    this.code = code
  }
}

/** The outcome of work that throws what is not a success. What is neither of ours nor of the way there is a bug and thrown on. */
export async function attempt<T>(work: () => T | Promise<T>): Promise<GatewayOutcome<T>> {
  try {
    return { outcome: 'ok', value: await work() }
  } catch (error) {
    if (error instanceof Refused) return rejected(error.code, error.message)
    if (error instanceof Unanswered) return unknown(error.reason, error.message)
    return toFailure(error)
  }
}

/** Throws {@link Unanswered} for a reply whose status says that it was not looked at. These providers refuse in words, with a status of 200. */
export function assertAnswered(reply: PartnerReply): void {
  const failure = reply.status === 403 ? unknown('unauthorised', 'status 403') : statusFailure(reply)
  if (failure?.outcome === 'unknown') throw new Unanswered(failure.cause, failure.message)
}
