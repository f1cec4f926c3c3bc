import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/postgres.ts'
import type { Records } from '../platform/records.ts'
import type { Waits } from '../platform/waits.ts'
import type { GatewayHealth } from './choose-gateway.ts'
import type { PaymentGateway } from './gateways/contract.ts'
import type { PaymentsStore } from './payments-store.ts'

/** What payments is built from. New payments go to a gateway that fits; the others serve what they once began. */
export type PaymentsDeps = {
  readonly db: Db
  readonly store: PaymentsStore
  readonly records: Records
  readonly waits: Waits
  /** In the order in which they are preferred where nothing else decides. */
  readonly gateways: readonly PaymentGateway[]
  /** Those that take new payments, the first choice first; all of them, as fits the payment, where it is absent or empty. */
  readonly gatewayOrder?: readonly string[]
  /** Which gateways have lately answered; all are taken to be well without it. */
  readonly health?: GatewayHealth
  readonly clock: Clock
  /** The address customers see; they are only ever sent back to this origin. */
  readonly publicUrl: string
}

/** The gateway of that name; throws when it has been taken out of the configuration while payments depend on it. */
export function getGateway(deps: Pick<PaymentsDeps, 'gateways'>, id: string): PaymentGateway {
  const gateway = deps.gateways.find((one) => one.id === id)
  if (!gateway) throw new Error(`the payment gateway ${id} is not configured`)
  return gateway
}
