/** What became of the client's money when a request was refused. */
export type MoneyMoved = 'none' | 'authorised' | 'captured' | 'unknown'

/** One fault of one field of the request; `pointer` is a JSON pointer, or the name of a query or header field. */
export type FieldFault = { pointer: string; code: string; message: string }

/** A refusal that a client may see, rendered as RFC 9457 problem details at the edge. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly facts: ProblemFacts

  constructor(kind: ProblemKind, facts: ProblemFacts) {
    super(facts.detail ?? kind.detail)
    this.name = 'Problem'
    this.code = kind.code
    this.status = kind.status
    this.title = kind.title
    this.facts = facts
  }
}

/** What varies from one occurrence of a problem to the next. `more` holds extra members for the client. */
export type ProblemFacts = {
  detail?: string
  moneyMoved?: MoneyMoved
  retryable?: boolean
  retryAfterSeconds?: number
  errors?: FieldFault[]
  more?: Record<string, unknown>
}

/** A kind of refusal, declared once in a context's problems.ts. `detail` says what happened and what to do next. */
export type ProblemKind = { code: string; status: number; title: string; detail: string }

/** Declares a kind of refusal and returns the function that makes one: `throw offerExpired({ more: { offer_id } })`. */
export function defineProblem(kind: ProblemKind): (facts?: ProblemFacts) => Problem {
  return (facts = {}) => new Problem(kind, facts)
}

/** What is wrong with the form of a request, field by field; every context may say it. */
export const invalidRequest = defineProblem({
  code: 'invalid-request',
  status: 400,
  title: 'The request is not well formed',
  detail: 'Nothing has been changed. Correct the fields named in errors.',
})
