import type { Row } from '../row.ts'
import { clickRows } from './clicks.ts'
import { killRows } from './kills.ts'
import { webhookRows } from './webhooks.ts'

/** Every row there is, in the order of the matrix. */
export const ROWS: readonly Row[] = [...killRows, ...webhookRows, ...clickRows].toSorted((a, b) => numberOf(a) - numberOf(b))

function numberOf({ id }: Row): number {
  return Number(id.slice(1))
}
