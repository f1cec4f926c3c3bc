import type { Row } from '../row.ts'
import { aftermathRows } from './aftermath.ts'
import { clickRows } from './clicks.ts'
import { clockRows } from './clocks.ts'
import { crowdRows } from './crowds.ts'
import { disputeRows } from './disputes.ts'
import { diskRows } from './disk.ts'
import { killRows } from './kills.ts'
import { moneyRows } from './money.ts'
import { poisonRows } from './poison.ts'
import { postgresRows } from './postgres.ts'
import { redisRows } from './redis.ts'
import { replicaRows } from './replicas.ts'
import { rollingRows } from './rolling.ts'
import { slowSupplierRows } from './slow-suppliers.ts'
import { supplierRows } from './suppliers.ts'
import { webhookRows } from './webhooks.ts'
import { workerRows } from './workers.ts'

/** Played by the runner itself: the other rows in any order, while people buy and the books are looked at all the time. */
const soakRow: Row = { id: 'F46', fault: 'soak: the rows in any order, under constant custom', run: async () => ({}) }

/** Every row there is, in the order of the matrix. */
export const ROWS: readonly Row[] = [
  ...killRows,
  ...supplierRows,
  ...webhookRows,
  ...moneyRows,
  ...clickRows,
  ...crowdRows,
  ...redisRows,
  ...postgresRows,
  ...workerRows,
  ...poisonRows,
  ...diskRows,
  ...clockRows,
  ...slowSupplierRows,
  ...replicaRows,
  ...rollingRows,
  ...disputeRows,
  ...aftermathRows,
  soakRow,
].toSorted((a, b) => numberOf(a) - numberOf(b))

function numberOf({ id }: Row): number {
  return Number(id.slice(1))
}
