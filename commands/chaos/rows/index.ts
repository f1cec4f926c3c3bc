import type { Row } from '../row.ts'
import { clickRows } from './clicks.ts'
import { crowdRows } from './crowds.ts'
import { diskRows } from './disk.ts'
import { killRows } from './kills.ts'
import { moneyRows } from './money.ts'
import { poisonRows } from './poison.ts'
import { postgresRows } from './postgres.ts'
import { redisRows } from './redis.ts'
import { supplierRows } from './suppliers.ts'
import { webhookRows } from './webhooks.ts'
import { workerRows } from './workers.ts'

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
].toSorted((a, b) => numberOf(a) - numberOf(b))

function numberOf({ id }: Row): number {
  return Number(id.slice(1))
}
