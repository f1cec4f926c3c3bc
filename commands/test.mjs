// node commands/test.mjs [vitest arguments]: installs what is missing, runs the suite, ends with "N passed, N failed".
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import path from 'node:path'
import { ensureInstalled, repository } from './install.mjs'

await ensureInstalled()

const args = process.argv.slice(2)
const directory = mkdtempSync(path.join(tmpdir(), 'farewire-report-'))
const report = path.join(directory, 'report.json')
// Journeys through a real browser need chromium, which a newcomer's machine may lack: commands/browser-tests.mjs runs them.
const projects = args.some((arg) => arg.startsWith('--project')) ? [] : ['--project=unit', '--project=servers']

const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs')
const child = spawn(
  process.execPath,
  [vitest, 'run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
  {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
  },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.once('exit', (code, signal) => {
  const { passed, failed, skipped } = readCounts(code)
  rmSync(directory, { recursive: true, force: true })
  process.stdout.write(`${skipped > 0 ? `(${skipped} skipped)\n` : ''}${passed} passed, ${failed} failed\n`)
  process.exit(code ?? 128 + (constants.signals[signal] ?? 1))
})

/** A file that could not even be loaded holds no tests; it counts as one failure, as does a run that ended badly. */
function readCounts(code) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const unloaded = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.every((result) => result.status !== 'failed'),
    ).length
    const failed = numFailedTests + unloaded
    return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: numPendingTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
