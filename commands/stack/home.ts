import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const repository = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))

/** Where a local stack keeps what it must find again. */
export type Home = {
  /** Secrets, documents, Redis data, downloaded programs, the note of what is running. */
  readonly directory: string
  /** Apart, because as root Postgres runs as another user, who may not enter a private repository. */
  readonly postgresDirectory: string
}

/**
 * FAREWIRE_HOME when it is set; else .farewire in the repository, with the Postgres data of root in
 * /var/lib/farewire/<name and hash of the repository's path>.
 */
export function findHome(environment: Readonly<Record<string, string | undefined>>): Home {
  const chosen = environment.FAREWIRE_HOME
  if (chosen) return homeIn(path.resolve(chosen))
  const directory = path.join(repository, '.farewire')
  if (process.getuid?.() !== 0) return homeIn(directory)
  const hash = createHash('sha256').update(repository).digest('hex').slice(0, 8)
  return { directory, postgresDirectory: `/var/lib/farewire/${path.basename(repository)}-${hash}/postgres` }
}

/** A home with everything in one folder, which every user of the machine must be able to enter when root starts it. */
export function homeIn(directory: string): Home {
  return { directory, postgresDirectory: path.join(directory, 'postgres') }
}

export type LocalSecrets = {
  readonly sealKey: string
  readonly databasePassword: string
  readonly stripeSecretKey: string
  readonly stripeWebhookSecret: string
}

/** The secrets of this home, made on the first start: losing the sealing key would lose the sealed data. */
export async function readSecrets(home: Home): Promise<LocalSecrets> {
  const file = path.join(home.directory, 'secrets.json')
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as LocalSecrets
  const word = () => randomBytes(18).toString('base64url')
  const secrets: LocalSecrets = {
    sealKey: randomBytes(32).toString('base64'),
    databasePassword: word(),
    stripeSecretKey: `sk_test_${word()}`,
    stripeWebhookSecret: `whsec_${word()}`,
  }
  await mkdir(home.directory, { recursive: true })
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  return secrets
}
