// node commands/run.mjs <command> [arguments]: installs what is missing, then runs commands/<command>.ts.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { ensureInstalled, repository } from './install.mjs'

const [name = '', ...args] = process.argv.slice(2)
const file = path.join(repository, 'commands', `${name}.ts`)
if (!/^[a-z-]+$/.test(name) || !existsSync(file)) {
  process.stderr.write(`There is no command "${name}".\n`)
  process.exit(2)
}
await ensureInstalled()

// The channel tells the child when this process is gone, however it went: nothing must outlive `npm start`.
const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
  cwd: repository,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(3)
})
child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)))
