import closeWithGrace from 'close-with-grace'
import { ConfigError, loadConfig } from './app/config.ts'
import { startFarewire, type Role } from './app/farewire.ts'

/** `main.ts api`, `main.ts worker`, or both without an argument, from the environment. */
const given = process.argv.slice(2).filter((argument): argument is Role => argument === 'api' || argument === 'worker')
const roles: readonly Role[] = given.length > 0 ? given : ['api', 'worker']

try {
  const farewire = await startFarewire(loadConfig(process.env), roles)
  closeWithGrace({ delay: 20_000 }, () => farewire.close())
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`)
  process.exit(1)
}
