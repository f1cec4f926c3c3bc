import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { SCENARIOS } from './demo/scenarios.ts'

const repository = path.dirname(import.meta.dirname)
// Each test starts whole processes, several at once, beside everything else that runs.
vi.setConfig({ testTimeout: 90_000 })

function run(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'commands/demo.ts', ...args], {
      cwd: repository,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

test('--list and --help name every scenario, on stdout', async () => {
  const [list, help] = await Promise.all([run(['--list']), run(['--help'])])
  expect([list.code, help.code]).toEqual([0, 0])
  for (const name of Object.keys(SCENARIOS)) {
    expect(list.stdout).toContain(name)
    expect(help.stdout).toContain(name)
  }
})

test('a mistyped scenario, provider or option starts nothing, exits 2 and is told the right one', async () => {
  const replies = await Promise.all([run(['hapy']), run(['happy', '--provider', 'dufel']), run(['happy', '--jsno']), run([])])
  expect(replies.map(({ code, stdout }) => [code, stdout])).toEqual(Array.from({ length: 4 }, () => [2, '']))
  expect(replies[0]!.stderr).toContain('Did you mean "happy"?')
  expect(replies[1]!.stderr).toContain('Did you mean "duffel"?')
  expect(replies[3]!.stderr).toContain('One scenario is needed')
})

test('exits 3 without a document when nothing answers at FAREWIRE_URL, or its sandbox is not named', async () => {
  const server = createServer((_request, response) => response.end('{}'))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const home = { FAREWIRE_HOME: '/nonexistent/farewire' }
  const [absent, unnamed] = await Promise.all([
    run(['happy', '--json'], { ...home, FAREWIRE_URL: 'http://127.0.0.1:9' }),
    run(['happy', '--json'], { ...home, FAREWIRE_URL: url }),
  ])
  server.close()
  expect([absent.code, unnamed.code]).toEqual([3, 3])
  expect(absent.stdout + unnamed.stdout).toBe('')
  expect(absent.stderr).toContain('nothing answers at http://127.0.0.1:9')
  expect(unnamed.stderr).toContain('FAREWIRE_INBOX_URL')
})

test('a system that misbehaves is a violation in the one document, and exit 1', async () => {
  const server = createServer((_request, response) =>
    response.writeHead(500, { 'content-type': 'application/problem+json' }).end('{"code":"internal","status":500,"detail":"broken"}'),
  )
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const environment = {
    FAREWIRE_HOME: '/nonexistent/farewire',
    FAREWIRE_URL: url,
    FAREWIRE_INBOX_URL: url,
    FAREWIRE_STRIPE_URL: url,
    FAREWIRE_TRAVELPORT_URL: url,
    FAREWIRE_DUFFEL_URL: url,
  }
  const { code, stdout, stderr } = await run(['happy', '--json'], environment)
  server.close()
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    scenario: 'happy',
    steps: [{ name: 'search' }],
    violations: 1,
    bookings: [],
    broken: [{ detail: expect.stringContaining('500') as string }],
  })
  expect(stderr).toContain('1 violations')
})
