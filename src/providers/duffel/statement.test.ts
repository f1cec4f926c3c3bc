import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDuffelDesk, type DuffelDesk } from '../../../test/support/duffel-desk.ts'
import { parseLocalDate } from '../../kernel/time.ts'
import type { SupplierStatementLine } from '../contract.ts'

describe('the books of a day', () => {
  let desk: DuffelDesk
  beforeAll(async () => {
    desk = await openDuffelDesk(31)
  })
  afterAll(() => desk.close())

  const statement = async (day: string): Promise<SupplierStatementLine[]> => {
    const lines: SupplierStatementLine[] = []
    for await (const line of desk.provider.statement!(parseLocalDate(day), desk.call)) lines.push(line)
    return lines
  }

  test('show every order of the day with our reference and as it stands, and none of another day', async () => {
    const [kept, given] = [await desk.booked(), await desk.booked()]
    await desk.flights.cancel(given, desk.call)
    desk.clock.advance(24 * 3_600_000)
    const later = await desk.booked()
    const lines = await statement('2026-11-21')
    expect(lines.map(({ lineId, status, amount }) => [lineId, status, amount])).toEqual([
      [given.supplierRef, 'cancelled', given.total],
      [kept.supplierRef, 'live', kept.total],
    ])
    for (const line of lines) expect(line.reference).toMatch(/^FWDESK31\d$/)
    expect((await statement('2026-11-22')).map((line) => line.supplierRef)).toEqual([later.supplierRef])
    expect(await statement('2026-11-20')).toEqual([])
  })

  test('are refused as a whole when the supplier cannot be read, never cut short', async () => {
    desk.mock.control.fault('find', 'server_error')
    await expect(statement('2026-11-21')).rejects.toMatchObject({ name: 'ProviderError' })
  })
})
