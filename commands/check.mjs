// npm run check: everything that can be said about the code without running it. One line each; the faults of those that fail.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { ensureInstalled, repository } from './install.mjs'

const LINES_MAX = 60
const CHECK_MS = 300_000

await ensureInstalled()

const bin = (name) => path.join(repository, 'node_modules/.bin', name)
const checks = [
  ['types', bin('tsc'), ['--noEmit', '-p', '.']],
  ['types of the page', bin('tsc'), ['--noEmit', '-p', 'web']],
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings', '--format=unix']],
  ['format', bin('oxfmt'), ['--check']],
  ['unused code', bin('knip'), ['--no-progress']],
  ['table types', process.execPath, ['--import', 'tsx', 'commands/generate-tables.ts', '--check']],
]

const failures = []
for (const [name, command, args] of checks) {
  const begun = performance.now()
  const { code, output } = await run(command, args)
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(18)} ${((performance.now() - begun) / 1000).toFixed(1)} s\n`)
  if (code === 0) continue
  failures.push(name)
  const lines = output.trim().split('\n')
  process.stdout.write(
    `${lines.slice(0, LINES_MAX).join('\n')}\n${lines.length > LINES_MAX ? `… ${lines.length - LINES_MAX} more lines\n` : ''}\n`,
  )
}
process.stdout.write(
  `${failures.length === 0 ? '' : `failed: ${failures.join(', ')}\n`}${checks.length - failures.length} passed, ${failures.length} failed\n`,
)
process.exitCode = failures.length === 0 ? 0 : 1

function run(command, args) {
  return new Promise((resolve) => {
    const chunks = []
    const child = spawn(command, args, {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: CHECK_MS,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    })
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.once('error', (error) => resolve({ code: 1, output: error.message }))
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }))
  })
}
