export { createIdempotency, forgetIdempotencyKeys, type Idempotent } from './idempotency.ts'
export { problemDetails } from './problem-details.ts'
