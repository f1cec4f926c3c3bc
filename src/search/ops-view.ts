import type { Static } from 'typebox'
import { toIso } from '../kernel/time.ts'
import type { SuppliersReply } from './ops-schemas.ts'
import type { SupplierScore } from './suppliers/scorecard.ts'

/** The scorecard as GET /v1/ops/suppliers tells it. */
export function toSuppliersReply(scores: readonly SupplierScore[]): Static<typeof SuppliersReply> {
  return {
    data: scores.map((score) => ({
      provider: score.provider,
      name: score.name,
      breaker: score.health?.breaker ?? null,
      active: score.active,
      waiting: score.waiting,
      bulkhead: score.health && { active: score.health.active, queued: score.health.queued },
      samples: score.latency.samples,
      p50_ms: score.latency.p50Ms,
      p95_ms: score.latency.p95Ms,
      deadline_ms: score.latency.deadlineMs,
      offers_p50: score.offersP50,
      last_five_minutes: score.lastFiveMinutes,
      last_hour: score.lastHour,
      look_to_book: {
        looks_today: score.looks.today.looks,
        bookings_today: score.looks.today.bookings,
        looks_last_day: score.looks.lastDay.looks,
        bookings_last_day: score.looks.lastDay.bookings,
        looks_per_booking: score.looks.perBooking,
        left_in_day: score.looks.left.inDay,
        left_in_minute: score.looks.left.inMinute,
      },
      last_fault: score.lastFault && { fault: score.lastFault.fault, at: toIso(score.lastFault.at) },
    })),
  }
}
