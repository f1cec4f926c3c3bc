export { decide } from './decide.ts'
export type { Decision, RefusalCode } from './decision.ts'
export { type Announcement, type BookingEvent, type Found, type LedgerIntent, type RefusalReason } from './events.ts'
export { nextStep, type Step } from './next-step.ts'
export {
  BOOKING_STATUSES,
  isFinal,
  isHeldByTraveller,
  isPaidAtProperty,
  type BookingState,
  type BookingStatus,
  type FailureReason,
  type ItemState,
  type Operation,
} from './state.ts'
