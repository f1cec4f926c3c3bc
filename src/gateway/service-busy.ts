import { randomInt } from 'node:crypto'
import { defineProblem, type Problem, type ProblemFacts } from '../kernel/problems.ts'

const busy = defineProblem({
  code: 'service-busy',
  status: 503,
  title: 'We cannot take this just now',
  detail:
    'Send the request again after the time in Retry-After, with the same Idempotency-Key if it has one. However often it is sent, it takes effect once.',
})

/** A request that would have to wait for something that is full, down or going away. Those refused together do not come back together. */
export function serviceBusy(facts: ProblemFacts): Problem {
  return busy({ retryable: true, retryAfterSeconds: randomInt(1, 4), ...facts })
}
