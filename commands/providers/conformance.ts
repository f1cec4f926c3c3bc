import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { repository } from '../stack/home.ts'

export type Conformance = { readonly passed: number; readonly failed: number; readonly broken: readonly string[] }

const CONFORMANCE_MS = 300_000

type Report = { testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[] }

/** Runs the promises of these providers against their mocks, by provider; null for one that has no such suite. */
export async function runConformance(providers: readonly string[]): Promise<Map<string, Conformance | null>> {
  const files = new Map(providers.map((id) => [id, suitesOf(id)]))
  const directory = mkdtempSync(path.join(tmpdir(), 'farewire-providers-'))
  const output = path.join(directory, 'report.json')
  try {
    await runVitest([...files.values()].flat(), output)
    const report = existsSync(output) ? (JSON.parse(readFileSync(output, 'utf8')) as Report) : { testResults: [] }
    return new Map(
      [...files].map(([id, own]) => {
        const results = report.testResults
          .filter(({ name }) => own.some((file) => name.endsWith(file)))
          .flatMap((file) => file.assertionResults)
        const broken = results.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
        const passed = results.filter(({ status }) => status === 'passed').length
        return [id, own.length === 0 ? null : { passed, failed: broken.length + (results.length === 0 ? 1 : 0), broken }]
      }),
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The files in a provider's folder that hold it to the promises. */
function suitesOf(id: string): string[] {
  return ['conformance.test.ts', 'stay-conformance.test.ts', `${id}.test.ts`]
    .map((name) => `src/providers/${id}/${name}`)
    .filter(
      (file) =>
        existsSync(path.join(repository, file)) && /describe(Stay)?Provider\(/.test(readFileSync(path.join(repository, file), 'utf8')),
    )
}

function runVitest(files: readonly string[], output: string): Promise<void> {
  const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs')
  const args = [
    vitest,
    'run',
    '--project=unit',
    '--reporter=json',
    `--outputFile=${output}`,
    '--testNamePattern=keeps the promises',
    ...files,
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: repository, stdio: 'ignore', timeout: CONFORMANCE_MS })
    child.once('error', reject)
    child.once('close', () => resolve())
  })
}
