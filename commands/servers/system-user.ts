import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { SystemUser } from './child.ts'

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whom Postgres runs as when we are root, which it refuses: "postgres", else "nobody". Undefined for an ordinary user. */
export function findServerUser(): SystemUser | undefined {
  if (!isRoot()) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((fields) => fields[0] === name)
    if (account) return { name, uid: Number(account[2]), gid: Number(account[3]) }
  }
  throw new Error(
    'Postgres does not run as root, and there is neither a user "postgres" nor "nobody". Set DATABASE_URL, or run as an ordinary user.',
  )
}

/** True when `user` (or we, without one) can run `command`; answers what a permission table cannot: the way there counts too. */
export function canRun(command: string, args: readonly string[], user?: SystemUser): boolean {
  const result = spawnSync(command, args, { cwd: '/', timeout: 10_000, stdio: 'ignore', ...(user && { uid: user.uid, gid: user.gid }) })
  return result.status === 0
}
