import type { LocalDate } from '../../kernel/time.ts'
import type { Db } from '../../platform/postgres.ts'
import type { PaymentGateway, StatementLine } from '../gateways/contract.ts'
import { statementByQuery, type StatementCall, type Untold } from './by-query.ts'

/**
 * A gateway's statements. `books`: its own list, which may hold what we know nothing of. `by_query`: made of one question about each
 * payment and refund of the day that we know of, where it has no list; money that we know nothing of is not in it. `tells`: of which
 * kinds of lines they speak.
 */
export type GatewayStatements = {
  readonly id: string
  readonly statement: 'books' | 'by_query'
  readonly tells: readonly StatementLine['kind'][]
  readonly listSettled: (day: LocalDate, call: StatementCall) => AsyncIterable<StatementLine | Untold>
}

/** The statements of every gateway: its own where it has books to ask for, otherwise what it answers one by one. */
export function createStatements(deps: { readonly db: Db; readonly gateways: readonly PaymentGateway[] }): GatewayStatements[] {
  return deps.gateways.map((gateway) => {
    const { id, listSettled } = gateway
    if (listSettled) return { id, statement: 'books', tells: ['payment', 'refund', 'chargeback'], listSettled: (day) => listSettled(day) }
    return {
      id,
      statement: 'by_query',
      // Whoever cannot give money back cannot say that it was: a person's transfer is in the bank's statement.
      tells: gateway.capabilities.refund === 'manual' ? ['payment'] : ['payment', 'refund'],
      listSettled: (day, call) => statementByQuery({ db: deps.db, gateway }, day, call),
    }
  })
}
