import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { makeTemporaryHome } from '../../commands/stack/temporary-home.ts'
import type { Running } from '../../commands/running.ts'

const START_MS = 60_000
const STOP_MS = 20_000

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** Runs what `npm start` runs, with a home of its own, until it says that it is ready. */
async function start(home: string): Promise<{ child: ChildProcess; running: Running; said: () => string }> {
  const environment: Record<string, string | undefined> = {
    ...process.env,
    FAREWIRE_HOME: home,
    PORT: '24100',
    NO_COLOR: '1',
    LOG_LEVEL: 'error',
  }
  const child = spawn(process.execPath, ['commands/run.mjs', 'start'], { stdio: ['ignore', 'pipe', 'pipe'], env: environment })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  closers.push(() => stop(child))
  const note = path.join(home, 'running.json')
  for (let waited = 0; !existsSync(note); waited += 100) {
    if (waited > START_MS || child.exitCode !== null) throw new Error(`It did not start:\n${said}`)
    await sleep(100)
  }
  return { child, running: JSON.parse(await readFile(note, 'utf8')) as Running, said: () => said }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await Promise.race([new Promise((resolve) => child.once('exit', resolve)), sleep(STOP_MS)])
}

/** The command lines of the processes that work in this home. A small Debian has no `ps`, and macOS no /proc. */
async function findProcesses(home: string): Promise<string[]> {
  if (!existsSync('/proc/self/cmdline')) {
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'])
    return stdout.split('\n').filter((line) => line.includes(home))
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return commands.filter((command) => command.includes(home))
}

test(
  'the stack starts with one command, says where it is, and leaves nothing behind when it is stopped',
  { timeout: 180_000 },
  async () => {
    const home = await makeTemporaryHome('start')
    closers.push(home.remove)
    const first = await start(home.directory)
    const { urls } = first.running
    const pages = await Promise.all(
      [`${urls.api}/health/ready`, urls.api, `${urls.api}/docs/api`, urls.inbox!].map(async (url) => (await fetch(url)).status),
    )
    expect(pages).toEqual([200, 200, 200, 200])
    expect(first.said()).toContain('npm run demo')

    const second = spawn(process.execPath, ['commands/run.mjs', 'start'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, FAREWIRE_HOME: home.directory },
    })
    let refusal = ''
    for await (const chunk of second.stderr) refusal += String(chunk)
    expect(refusal).toContain(`Farewire already runs here, as process ${first.running.pid}`)
    expect((await findProcesses(home.directory)).length).toBeGreaterThan(3)

    await stop(first.child)
    expect(first.child.exitCode).toBe(0)
    expect(existsSync(path.join(home.directory, 'running.json'))).toBe(false)
    expect(await findProcesses(home.directory)).toEqual([])

    const again = await start(home.directory)
    expect(again.said()).toMatch(/database +up to date/)
    // The wrapper is killed in a way it cannot answer; what it started notices by itself.
    again.child.kill('SIGKILL')
    for (let waited = 0; waited < STOP_MS && (await findProcesses(home.directory)).length > 0; waited += 200) await sleep(200)
    expect(await findProcesses(home.directory)).toEqual([])
  },
)
