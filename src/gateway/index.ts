export { createIdempotency, forgetIdempotencyKeys, type Idempotent } from './idempotency.ts'
export { createOperators, operatorGuard, type Operators } from './operators.ts'
export { problemDetails, refuseAddress } from './problem-details.ts'
export { serviceBusy } from './service-busy.ts'
