import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

type File = { path: string; text: string }

/** Who may import whom, besides itself and kernel: the table of architecture.md §3. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  travel: [],
  platform: [],
  identity: ['platform'],
  inventory: ['travel', 'platform', 'identity'],
  pricing: ['travel', 'platform'],
  providers: ['travel', 'platform'],
  search: ['travel', 'platform', 'identity', 'pricing', 'providers'],
  payments: ['travel', 'platform', 'identity'],
  booking: ['travel', 'platform', 'identity', 'pricing', 'providers', 'payments', 'search'],
  fulfilment: ['travel', 'platform', 'identity', 'booking'],
  notifications: ['travel', 'platform', 'identity'],
  reporting: ['travel', 'platform', 'identity'],
  ops: ['travel', 'platform', 'identity', 'booking', 'payments', 'reporting'],
  gateway: ['platform', 'identity'],
}
const CONTEXTS = Object.keys(MAY_IMPORT).filter((folder) => !['kernel', 'gateway'].includes(folder))
const FOLDERS: Record<string, readonly string[]> = {
  ...MAY_IMPORT,
  workers: CONTEXTS,
  app: [...CONTEXTS, 'gateway', 'workers'],
  'main.ts': ['app'],
}
/** Shared words and tools, imported by file. Every other folder has one door. */
const WITHOUT_DOOR = ['kernel', 'travel', 'platform']
const PROVIDERS_DOORS = ['providers/contract.ts', 'providers/errors.ts']
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(type\s)?[^'"`;]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g

function listFiles(folder: string): File[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ path: file, text: readFileSync(file, 'utf8') }))
}

function importsOf(file: File): { target: string; isType: boolean }[] {
  return [...file.text.matchAll(IMPORT)].map((match) => {
    const target = (match[2] ?? match[3] ?? match[4])!
    return {
      target: target.startsWith('.') ? path.posix.join(path.posix.dirname(file.path), target) : target,
      isType: match[1] !== undefined,
    }
  })
}

/** The seller or gateway a file belongs to, "providers/duffel", or undefined for what they share. */
function sellerOf(file: string): string | undefined {
  return /^src\/((?:providers|payments\/gateways)\/[^/]+)\//.exec(file)?.[1]
}

function faultOfImport(from: string, target: string): string | undefined {
  if (/^(fastify|fastify-plugin|@fastify\/.*)$/.test(target)) {
    return /^src\/(gateway|app)\/|\/(.+-)?(routes|schemas)\.ts$/.test(from)
      ? undefined
      : 'only routes.ts, schemas.ts, gateway/ and app/ mention Fastify'
  }
  if (!/^(src|fixtures|test|commands|bench|web)\//.test(target)) return undefined
  if (!target.startsWith('src/')) return 'the server imports nothing outside src/'
  const [here, there] = [from.split('/')[1]!, target.split('/')[1]!]
  const seller = sellerOf(target)
  if (seller && seller !== sellerOf(from) && sellerOf(from)) return 'providers and gateways never import each other'
  if (seller && seller !== sellerOf(from) && ![`src/${there}/index.ts`, `src/${there}/registry.ts`].includes(from))
    return `only the index and registry of ${there} know single sellers`
  if (here === there) return undefined
  const isOwnInventory = there === 'inventory' && sellerOf(from) === 'providers/own'
  if (there !== 'kernel' && !FOLDERS[here]?.includes(there) && !isOwnInventory) return `${here} may not import ${there}`
  const door = target.slice('src/'.length)
  const isDoor = WITHOUT_DOOR.includes(there) || door === `${there}/index.ts` || PROVIDERS_DOORS.includes(door)
  return isDoor || here === 'main.ts' ? undefined : `enter ${there} by its index.ts`
}

/** Every line that breaks a rule of the architecture, naming the file and, for imports, both files. */
function findFaults(files: readonly File[], tables: readonly string[]): string[] {
  const faults: string[] = []
  for (const file of files) {
    const folder = file.path.split('/')[1]!
    const code = file.text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
    for (const { target, isType } of importsOf(file)) {
      if (file.path.startsWith('web/')) {
        if (target.startsWith('src/') && !(isType && target.endsWith('schemas.ts')))
          faults.push(`${file.path} → ${target}: the page imports only types of schemas.ts`)
        continue
      }
      const fault = faultOfImport(file.path, target)
      if (fault) faults.push(`${file.path} → ${target}: ${fault}`)
    }
    if (file.path.startsWith('web/')) continue
    if (file.path !== 'src/kernel/time.ts' && /\bDate\.now\b|\bnew Date\b/.test(code))
      faults.push(`${file.path}: the present comes from a Clock, a Date from kernel/time.ts`)
    if (file.path !== 'src/main.ts' && /\bprocess\.env\b/.test(code))
      faults.push(`${file.path}: the environment is read in src/main.ts only`)
    for (const table of tables) {
      const owner = table.split('.')[0]!
      const mayMention = owner === folder || folder === 'reporting' || (owner === 'platform' && folder === 'gateway')
      // Followed by "." or "[" it is a property of a booking, not a table.
      if (!mayMention && new RegExp(`\\b${table.replace('.', '\\.')}\\b(?![.[])`).test(code))
        faults.push(`${file.path}: the table ${table} belongs to src/${owner}/`)
    }
  }
  return faults
}

function listTables(): string[] {
  const migrations = readdirSync('migrations').map((file) => readFileSync(path.join('migrations', file), 'utf8'))
  return [...migrations.join('\n').matchAll(/create table (?:if not exists )?(\w+\.\w+)/gi)].map((match) => match[1]!)
}

test('the code keeps to the import rules of the architecture', () => {
  const production = [...listFiles('src'), ...listFiles('web/src')].filter(
    (file) => !/\.test\.tsx?$|\/conformance\.ts$|\.gen\.ts$/.test(file.path),
  )
  expect(production.length).toBeGreaterThan(10)
  expect(listTables()).toContain('booking.bookings')
  expect(findFaults(production, listTables())).toEqual([])
})

test.each<[string, string, string, RegExp]>([
  [
    'an import against the arrows',
    'src/payments/pay.ts',
    `import { place } from '../booking/index.ts'`,
    /src\/payments\/pay\.ts → src\/booking\/index\.ts: payments may not import booking/,
  ],
  ['kernel that imports', 'src/kernel/money.ts', `import type { Db } from '../platform/postgres.ts'`, /kernel may not import platform/],
  [
    'a side door',
    'src/booking/place.ts',
    `import { open } from '../payments/store.ts'`,
    /src\/booking\/place\.ts → src\/payments\/store\.ts: enter payments by its index/,
  ],
  [
    'sellers that know each other',
    'src/providers/duffel/index.ts',
    `import { x } from '../travelport/index.ts'`,
    /duffel\/index\.ts → src\/providers\/travelport\/index\.ts: providers and gateways never/,
  ],
  [
    'gateways that know each other',
    'src/payments/gateways/stripe/index.ts',
    `export { x } from '../adyen/wire.ts'`,
    /never import each other/,
  ],
  [
    'a context that knows one seller',
    'src/search/fan-out.ts',
    `import { x } from '../providers/duffel/index.ts'`,
    /only the index and registry of providers/,
  ],
  [
    'an import over several lines',
    'src/pricing/a.ts',
    `import {\n  a,\n  b,\n} from '../search/index.ts'`,
    /pricing may not import search/,
  ],
  ['an import at run time', 'src/pricing/a.ts', `const search = await import('../search/index.ts')`, /pricing may not import search/],
  [
    'a mock in production',
    'src/app/services.ts',
    `import { startDuffelMock } from '../../fixtures/duffel/index.ts'`,
    /src\/app\/services\.ts → fixtures\/duffel\/index\.ts: the server imports nothing outside/,
  ],
  ['Fastify inside', 'src/booking/place.ts', `import type { FastifyRequest } from 'fastify'`, /only routes\.ts/],
  ['a clock of its own', 'src/search/age.ts', `const age = Date.now() - then`, /src\/search\/age\.ts: the present comes from a Clock/],
  ['the environment', 'src/search/age.ts', `const url = process.env.URL`, /src\/search\/age\.ts: the environment/],
  [
    'a foreign table',
    'src/fulfilment/store.ts',
    'sql`select * from booking.bookings`',
    /src\/fulfilment\/store\.ts: the table booking\.bookings belongs to src\/booking/,
  ],
  [
    'a page that runs server code',
    'web/src/api/client.ts',
    `import { toOffer } from '../../../src/search/index.ts'`,
    /web\/src\/api\/client\.ts → src\/search\/index\.ts/,
  ],
])('fails on %s', (_, file, text, fault) => {
  expect(findFaults([{ path: file, text }], ['booking.bookings']).join('\n')).toMatch(fault)
})

test('does not fail on what is allowed', () => {
  const files = [
    {
      path: 'src/booking/place.ts',
      text: `import { addMoney } from '../kernel/money.ts'\nimport { capture } from '../payments/index.ts'\n// not Date.now()\nsql\`update booking.bookings\``,
    },
    { path: 'src/app/services.ts', text: `import { createPayments } from '../payments/index.ts'\nimport fastify from 'fastify'` },
    { path: 'src/providers/index.ts', text: `import { createDuffel } from './duffel/index.ts'` },
    { path: 'src/search/fan-out.ts', text: `import type { Provider } from '../providers/contract.ts'` },
    { path: 'src/workers/reactions.ts', text: `const reactions = { 'booking.placed': [] }` },
    { path: 'src/main.ts', text: `import { loadConfig } from './app/config.ts'\nloadConfig(process.env)` },
    { path: 'web/src/api/types.ts', text: `import type { Offer } from '../../../src/search/schemas.ts'` },
  ]
  expect(findFaults(files, ['booking.bookings'])).toEqual([])
})
