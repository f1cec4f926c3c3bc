export { createIdempotency, forgetIdempotencyKeys, type Idempotent } from './idempotency.ts'
export { problemDetails, refuseAddress } from './problem-details.ts'
export { serviceBusy } from './service-busy.ts'
