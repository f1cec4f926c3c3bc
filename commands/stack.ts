import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { findFreePort } from './servers/index.ts'
import { startDatabases } from './stack/databases.ts'
import { readSecrets, type Home } from './stack/home.ts'
import { MOCKED_SUPPLIERS, startPartners, type Partners } from './stack/partners.ts'
import { buildWebPage, webDirectory } from './stack/web-page.ts'

/** One part of the stack that came up, for whoever tells the user. */
export type Step = {
  readonly name: 'database' | 'partners' | 'web page' | 'content' | 'web + api'
  readonly detail: string
  readonly ms: number
}

export type StackOptions = {
  /** Where data, documents and secrets live. Two stacks never share one. */
  readonly home: Home
  /**
   * What is given here wins over what the stack would start: DATABASE_URL, REDIS_URL, REDIS_STATE_URL, SMTP_URL,
   * STRIPE_SECRET_KEY and a supplier's address each keep one part of it from starting. Everything else is passed on.
   */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** The port of page and API; any free one when it is not given. */
  readonly port?: number
  /** Ports of inbox and mocks follow the page's, where they are free; else any. */
  readonly hasFixedPorts?: boolean
  /** False leaves the web page out. */
  readonly hasWebPage?: boolean
  /** False where the data may be lost with the machine: in tests. */
  readonly fsync?: boolean
  /** False lets the suppliers' mocks answer at once instead of as slowly as the real ones. */
  readonly hasLatency?: boolean
  /** The suppliers whose mocks are started, by id; all of them when it is not given. */
  readonly suppliers?: readonly string[]
  readonly roles?: readonly ('api' | 'worker')[]
  /** How long the start waits for the static content of suppliers of stays, where there is none yet; 5 s unless said. */
  readonly contentMs?: number
  readonly onStep?: (step: Step) => void
  readonly say?: (message: string) => void
}

export type Stack = {
  readonly urls: Partners['urls'] & { readonly web: string; readonly api: string }
  /** The environment the application was started with: enough to start another API or worker process of the same stack. */
  readonly environment: Readonly<Record<string, string>>
  /** Stops everything this call started, the application first, the databases last. Safe to call twice. */
  readonly close: () => Promise<void>
}

/** What a first start may take longer for it; workers import the rest. */
const CONTENT_MS = 5_000

/** The whole of Farewire on this machine, ready: databases, partners' mocks, inbox, page, API and workers. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const given = Object.fromEntries(
    Object.entries(options.environment ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
  const onStep = options.onStep ?? (() => undefined)
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | undefined
  const close = () => (closing ??= closeInReverse(closers))

  const secrets = await readSecrets(options.home)
  const port = options.port ?? (await findFreePort())
  const starting = [
    timed(
      onStep,
      'database',
      startDatabases({
        environment: given,
        home: options.home,
        secrets,
        fsync: options.fsync ?? true,
        say: options.say ?? (() => undefined),
      }),
      ({ migrated }) => (migrated.length > 0 ? `migrated (${migrated.length})` : 'up to date'),
    ),
    timed(
      onStep,
      'partners',
      startPartners({
        environment: given,
        secrets,
        directory: options.home.directory,
        webhooksUrl: `http://127.0.0.1:${port}/v1/webhooks`,
        firstPort: options.port !== undefined && options.hasFixedPorts ? options.port + 1 : null,
        suppliers: options.suppliers ?? MOCKED_SUPPLIERS,
        hasLatency: options.hasLatency ?? true,
      }),
      ({ urls }) =>
        Object.entries(urls)
          .filter(([, url]) => url !== null)
          .map(([name]) => name)
          .join(' · '),
    ),
    options.hasWebPage === false
      ? Promise.resolve(false)
      : timed(onStep, 'web page', buildWebPage(), (wasBuilt) => (wasBuilt ? 'built' : 'up to date')),
    // Loading the server takes about as long as Postgres does to start.
    Promise.all([import('../src/app/config.ts'), import('../src/app/farewire.ts'), import('./stack/content.ts')]),
  ] as const
  try {
    const [databases, partners, , [{ loadConfig }, { startFarewire }, { importMissingContent }]] = await Promise.all(starting)
    closers.push(databases.close, partners.close)
    const environment: Record<string, string> = {
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      DATABASE_URL: databases.databaseUrl,
      REDIS_URL: databases.redisUrl,
      REDIS_STATE_URL: databases.redisStateUrl,
      SEAL_KEY: secrets.sealKey,
      STORAGE_DIRECTORY: path.join(options.home.directory, 'documents'),
      DISPLAY_CURRENCY: 'USD',
      SANDBOX: 'true',
      OPS_TOKEN: randomBytes(24).toString('base64url'),
      LOG_LEVEL: 'warn',
      ...(options.hasWebPage !== false && { WEB_DIRECTORY: webDirectory }),
      ...partners.environment,
      ...given,
    }
    const begun = performance.now()
    const suppliers = await importMissingContent(
      { ...environment, DATABASE_URL: databases.databaseUrl },
      { waitMs: options.contentMs ?? CONTENT_MS, warn: options.say ?? (() => undefined) },
    )
    if (suppliers > 0)
      onStep({
        name: 'content',
        detail: `of ${suppliers} ${suppliers === 1 ? 'supplier' : 'suppliers'} of stays`,
        ms: performance.now() - begun,
      })
    const farewire = await timed(
      onStep,
      'web + api',
      startFarewire(loadConfig(environment), options.roles ?? ['api', 'worker']),
      () => 'ready',
    )
    closers.push(farewire.close)
    return { urls: { web: environment.PUBLIC_URL!, api: farewire.url, ...partners.urls }, environment, close }
  } catch (error) {
    // What is still starting must be there before it can be stopped.
    const [databases, partners] = await Promise.allSettled(starting)
    for (const part of [databases, partners])
      if (part.status === 'fulfilled' && !closers.includes(part.value.close)) closers.push(part.value.close)
    await close()
    throw error
  }
}

async function timed<T>(onStep: (step: Step) => void, name: Step['name'], work: Promise<T>, detail: (result: T) => string): Promise<T> {
  const begun = performance.now()
  const result = await work
  onStep({ name, detail: detail(result), ms: performance.now() - begun })
  return result
}

/** The application goes first and the databases last; what fails to stop does not keep the rest from stopping. */
async function closeInReverse(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const faults: unknown[] = []
  for (const closeOne of closers.toReversed()) await closeOne().catch((error: unknown) => faults.push(error))
  if (faults.length > 0) throw new AggregateError(faults, 'Not everything could be stopped')
}
