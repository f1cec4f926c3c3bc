import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noteRunning } from '../../commands/running.ts'
import { makeTemporaryHome } from '../../commands/stack/temporary-home.ts'
import { plusDays, systemClock, utcDate } from '../../src/kernel/time.ts'
import { startJourneyStack, type JourneyStack } from '../support/journey.ts'

let stack: JourneyStack
beforeAll(async () => {
  stack = await startJourneyStack({ environment: { OPS_TOKEN: 'a-token-of-this-journey-alone' } })
})
afterAll(() => stack.close())

const run = (args: readonly string[], environment: Record<string, string>) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'commands/reconcile.ts', ...args], {
    timeout: 60_000,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  )

test('the command compares a day with everything that has a statement, and says who has none', async () => {
  const day = utcDate(systemClock.now())
  const { code, stdout, stderr } = await run(['--day', day, '--json'], stack.environment)
  expect(stderr).toBe('')
  const { run: told, breaks } = JSON.parse(stdout) as {
    run: { day: string; state: string; sources: { source: string; state: string; statement: string | null }[] }
    breaks: unknown[]
  }
  expect(told).toMatchObject({ day, state: 'done' })
  expect(told.sources.map(({ source, state, statement }) => `${source} ${state} ${statement}`)).toEqual(
    expect.arrayContaining(['stripe compared books', 'duffel compared books', 'travelport no_statement null']),
  )
  expect([code, breaks]).toEqual([0, []])
  const second = await stack.call('GET', `/v1/ops/reconciliations?day=${day}`, undefined, {
    authorization: 'Bearer a-token-of-this-journey-alone',
  })
  expect(second.body.runs).toMatchObject([{ asked_by: 'command', state: 'done' }])
}, 120_000)

test('without the environment of a server the command asks what is running, with an operator’s token', async () => {
  const home = await makeTemporaryHome('reconcile')
  await noteRunning(home, stack.urls)
  const environment = { FAREWIRE_HOME: home.directory }
  expect(await run([], environment)).toMatchObject({ code: 2, stderr: expect.stringContaining('OPS_TOKEN is missing') })
  const { code, stdout } = await run(['--json'], { ...environment, OPS_TOKEN: 'a-token-of-this-journey-alone' })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ run: { day: plusDays(utcDate(systemClock.now()), -1), state: 'done', asked_by: 'operator' } })
  await home.remove()
}, 120_000)

test('the command says what it needs, and begins nothing', async () => {
  expect(await run(['--day', '2026-02-30'], stack.environment)).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a day') })
  expect(await run(['--dya', '2026-02-03'], stack.environment)).toMatchObject({ code: 2, stderr: expect.stringContaining('--day') })
  expect(await run([], { FAREWIRE_HOME: '/tmp/farewire-nowhere' })).toMatchObject({ code: 2, stderr: expect.stringContaining('npm start') })
}, 120_000)
