import { SUPPLIER_MOCKS } from '../../fixtures/mocks.ts'
import { findRunning } from '../running.ts'
import { findHome } from '../stack/home.ts'
import { makeTemporaryHome } from '../stack/temporary-home.ts'
import { startStack, type Step } from '../stack.ts'
import { Unreachable } from './client.ts'
import type { SandboxUrls } from './sandbox.ts'

/** The system a scenario is played on. */
export type System = {
  readonly web: string
  readonly api: string
  readonly sandbox: SandboxUrls
  /** True when it was started for this run, on data of its own. */
  readonly isOwn: boolean
  /** Stops what was started for this run; nothing else. */
  readonly close: () => Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The system at FAREWIRE_URL; else the one `npm start` is running here; else one of our own, on free ports and data that
 * is thrown away. Throws {@link Unreachable} when FAREWIRE_URL does not answer.
 */
export async function findSystem(
  environment: Environment,
  onStart: (message: string) => void,
  onStep: (step: Step) => void,
  suppliers?: readonly string[],
): Promise<System> {
  const running = await findRunning(findHome(environment))
  const url = environment.FAREWIRE_URL?.replace(/\/+$/, '')
  if (url && url !== running?.urls.api && url !== running?.urls.web) return findNamed(url, environment)
  if (running)
    return {
      web: running.urls.web,
      api: running.urls.api,
      sandbox: toSandboxUrls(running.urls, environment),
      isOwn: false,
      close: async () => undefined,
    }
  onStart('Nothing is running here (npm start); starting a system for this run.')
  const home = await makeTemporaryHome('demo')
  try {
    const stack = await startStack({
      home,
      hasWebPage: false,
      fsync: false,
      ...(suppliers && { suppliers }),
      environment: { LOG_LEVEL: environment.LOG_LEVEL ?? 'silent' },
      onStep,
    })
    const close = async (): Promise<void> => {
      await stack.close()
      await home.remove()
    }
    return { web: stack.urls.web, api: stack.urls.api, sandbox: toSandboxUrls(stack.urls, {}), isOwn: true, close }
  } catch (error) {
    await home.remove()
    throw error
  }
}

async function findNamed(url: string, environment: Environment): Promise<System> {
  try {
    await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) })
  } catch (error) {
    throw new Unreachable(url, error)
  }
  return { web: url, api: url, sandbox: toSandboxUrls({}, environment), isOwn: false, close: async () => undefined }
}

/** The addresses of the partners' mocks, whose books the invariants are checked against; without them nothing can be proved. */
function toSandboxUrls(urls: Readonly<Record<string, string | null>>, environment: Environment): SandboxUrls {
  const find = (name: string): string | undefined => environment[variableOf(name)] ?? urls[name] ?? undefined
  const read = (name: string): string => {
    const url = find(name)
    if (!url) throw new Unreachable(`the sandbox's ${name} (set ${variableOf(name)})`, undefined)
    return url
  }
  const suppliers = SUPPLIER_MOCKS.flatMap(({ id }) => {
    const url = find(id)
    return url ? [[id, url] as const] : []
  })
  return { inbox: read('inbox'), stripe: read('stripe'), suppliers: Object.fromEntries(suppliers) }
}

function variableOf(name: string): string {
  return `FAREWIRE_${name.toUpperCase()}_URL`
}
