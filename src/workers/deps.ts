import type { Bookings } from '../booking/index.ts'
import type { Fulfilment } from '../fulfilment/index.ts'
import type { Clock } from '../kernel/time.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Payments } from '../payments/index.ts'
import type { Search, StayContent } from '../search/index.ts'

/** What reactions and schedules act through. */
export type WorkerDeps = {
  readonly bookings: Bookings
  readonly payments: Payments
  readonly fulfilment: Fulfilment
  readonly notifications: Notifications
  readonly search: Pick<Search, 'noteBooking'> & { readonly stays: Pick<Search['stays'], 'findProperty'> }
  readonly stayContent: Pick<StayContent, 'refresh'>
  readonly clock: Clock
  readonly publicUrl: string
}
