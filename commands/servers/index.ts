export { findFreePort } from './child.ts'
export { startPostgres } from './postgres.ts'
export { startRedis } from './redis.ts'
export { findRedisBinary } from './redis-binary.ts'
