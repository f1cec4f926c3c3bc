// npm run bench -- search [--quick] [--json]: measures, compares, and says which goals are met.
import { bench } from '../bench/bench.ts'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
// The channel to commands/run.mjs tells that the terminal is gone; by itself it must not keep this process alive.
process.on('disconnect', () => process.exit(130))
process.channel?.unref()

process.exitCode = await bench(process.argv.slice(2))
