export type FieldFault = { pointer: string; code: string; message: string }
export type MoneyMoved = 'none' | 'authorised' | 'captured' | 'unknown'

type ProblemBody = {
  title?: string
  status?: number
  detail?: string
  code?: string
  request_id?: string
  errors?: FieldFault[]
  retryable?: boolean
  money_moved?: MoneyMoved
  total?: unknown
}

/** A refusal of the API (RFC 9457), or the lack of any answer: `status` is 0 then and `code` is "no-answer". */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly requestId: string | null
  readonly errors: readonly FieldFault[]
  readonly isRetryable: boolean
  readonly moneyMoved: MoneyMoved
  readonly body: Readonly<Record<string, unknown>>

  constructor(status: number, body: ProblemBody & Record<string, unknown>) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = body.code ?? 'unexpected'
    this.title = body.title ?? 'Something went wrong'
    this.requestId = body.request_id ?? null
    this.errors = body.errors ?? []
    this.isRetryable = body.retryable ?? status >= 500
    this.moneyMoved = body.money_moved ?? 'none'
    this.body = body
  }
}

/** What to show for anything thrown; what is not a refusal of the API is named as what it is. */
export function toApiProblem(cause: unknown): ApiProblem {
  if (cause instanceof ApiProblem) return cause
  return new ApiProblem(0, { code: 'page-fault', title: 'The page failed', detail: cause instanceof Error ? cause.message : String(cause) })
}
