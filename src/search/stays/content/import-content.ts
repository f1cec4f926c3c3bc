import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../../kernel/ids.ts'
import type { Clock } from '../../../kernel/time.ts'
import { inTransaction, type Db } from '../../../platform/postgres.ts'
import type { ContentPage, Provider } from '../../../providers/contract.ts'
import { ProviderError } from '../../../providers/errors.ts'
import { claimImport, giveClaimBack, noteProgress, renewClaim, type Walk } from './import-store.ts'
import { keepPage } from './keep-page.ts'
import { removeUnseen } from './property-store.ts'

export type ImportDeps = {
  readonly db: Db
  readonly clock: Clock
  /** Pauses before a page is asked for again. */ readonly pausesMs?: readonly number[]
}

export type ImportProgress = { readonly provider: string; readonly imported: number; readonly total: number | null }

export type ImportInput = {
  readonly provider: Provider
  /** Begins anew although a walk was interrupted. */
  readonly restart?: boolean
  /** Ends the import after the page that is under way; the next one goes on there. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ImportProgress) => void
}

/** `busy`: another process is at it. `stopped`: asked to, and to be gone on with. */
export type Imported =
  | { readonly outcome: 'done'; readonly imported: number; readonly unusable: number; readonly removed: number }
  | { readonly outcome: 'stopped'; readonly imported: number }
  | { readonly outcome: 'busy' }

const PAUSES_MS = [1_000, 5_000, 20_000]
/** Keeping a page of many thousands of properties. */
const KEEPING_MS = 60_000

/**
 * Walks through a supplier's static content, page by page, from where the last walk was interrupted. Each page and the
 * place after it are kept in one transaction, so that whatever ends the process costs at most one page. When the walk has
 * come to its end, properties it has not seen are gone. Throws the ProviderError of a page that cannot be had.
 */
export async function importContent(deps: ImportDeps, input: ImportInput): Promise<Imported> {
  const { db } = deps
  const { provider, restart = false } = input
  const pausesMs = deps.pausesMs ?? PAUSES_MS
  const pagesMs = provider.limits.readTimeoutMs * (pausesMs.length + 1) + pausesMs.reduce((sum, ms) => sum + ms, 0)
  const claim = { provider: provider.id, by: newId('imp', deps.clock), claimMs: pagesMs + KEEPING_MS }
  const walk = await claimImport(db, { ...claim, restart })
  if (walk === null) return { outcome: 'busy' }
  try {
    return await goOn(deps, input, { walk, claim, pausesMs })
  } finally {
    await giveClaimBack(db, claim)
  }
}

type Going = {
  readonly walk: Walk
  readonly claim: { readonly provider: string; readonly by: string; readonly claimMs: number }
  readonly pausesMs: readonly number[]
}

async function goOn(deps: ImportDeps, { provider, signal, onProgress }: ImportInput, { walk, claim, pausesMs }: Going): Promise<Imported> {
  let { cursor, imported } = walk
  let unusable = 0
  let isResumed = cursor !== null
  for (;;) {
    if (signal?.aborted === true) return { outcome: 'stopped', imported }
    const page = await readPage(provider, cursor, { pausesMs, signal }).catch((error: unknown) => {
      // Cursors grow old at some suppliers: then the walk begins anew, and what it has seen already it sees again.
      if (isResumed && error instanceof ProviderError && error.fault === 'refused') return 'cursor-refused' as const
      if (signal?.aborted === true) return 'stopped' as const
      throw error
    })
    if (page === 'stopped') return { outcome: 'stopped', imported }
    if (page === 'cursor-refused') {
      ;[cursor, imported, isResumed] = [null, 0, false]
      continue
    }
    if (page.next !== null && page.next === cursor) throw new ProviderError(provider.id, 'malformed', 'a page of content leads to itself')
    isResumed = false
    const before = imported
    const kept = await inTransaction(deps.db, async (tx) => {
      if (!(await renewClaim(tx, claim))) return null
      const { kept: count, unusable: left } = await keepPage(tx, deps.clock, {
        provider: provider.id,
        walk: walk.walk,
        properties: page.properties,
      })
      await noteProgress(tx, { provider: provider.id, cursor: page.next, imported: before + count, total: page.total })
      const removed = page.next === null ? await removeUnseen(tx, provider.id, walk.walk) : 0
      return { count, left, removed }
    })
    if (kept === null) return { outcome: 'busy' }
    imported += kept.count
    unusable += kept.left
    onProgress?.({ provider: provider.id, imported, total: page.total })
    if (page.next === null) return { outcome: 'done', imported, unusable, removed: kept.removed }
    cursor = page.next
  }
}

type Reading = { readonly pausesMs: readonly number[]; readonly signal: AbortSignal | undefined }

/** One page, asked for again after pauses while the supplier is in trouble. Throws its last ProviderError. */
async function readPage(provider: Provider, cursor: string | null, { pausesMs, signal }: Reading): Promise<ContentPage> {
  for (let attempt = 0; ; attempt += 1) {
    const timeout = AbortSignal.timeout(provider.limits.readTimeoutMs)
    try {
      return await provider.stays!.content(cursor, { signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]) })
    } catch (error) {
      const pauseMs = pausesMs[attempt]
      const isPassing = error instanceof ProviderError && ['timeout', 'unreachable', 'throttled', 'malformed'].includes(error.fault)
      if (!isPassing || pauseMs === undefined || signal?.aborted === true) throw error
      await sleep(pauseMs, undefined, signal === undefined ? {} : { signal })
    }
  }
}
