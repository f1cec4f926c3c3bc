import type { Db } from '../platform/postgres.ts'

/** True when a mail of this kind about the booking has been noted as sent. */
export async function isNoticeSent(db: Db, bookingId: string, kind: string): Promise<boolean> {
  const row = await db
    .selectFrom('booking.notices')
    .select('kind')
    .where('booking_id', '=', bookingId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row !== undefined
}

/** Notes that a mail of this kind has been sent; once is enough. */
export async function noteNotice(db: Db, bookingId: string, kind: string): Promise<void> {
  await db
    .insertInto('booking.notices')
    .values({ booking_id: bookingId, kind })
    .onConflict((conflict) => conflict.columns(['booking_id', 'kind']).doNothing())
    .execute()
}
