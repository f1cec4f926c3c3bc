import { createSubscriber, type RequestRedis } from '../../platform/redis.ts'
import { isVersion } from './superset.ts'

/** Somebody has published a superset: as the current one of its key, or apart, under its version. */
export type Notice = { readonly key: string; readonly version: string; readonly revision: number; readonly isCurrent: boolean }

/** What other processes publish, as they tell it. A hint: it may get lost. */
export type SupersetNotices = {
  /** Calls `listener` at each notice. */
  readonly listen: (listener: (notice: Notice) => void) => void
  /** The notices of one key from now on. */
  readonly watch: (key: string) => Watch
  /** Hears nothing more, and lets everyone who waits go on. */
  readonly close: () => void
}

export type Watch = {
  /** The latest notice since the last call; null when none came within `ms`. */
  readonly next: (ms: number) => Promise<Notice | null>
  readonly stop: () => void
}

export const NOTICE_CHANNEL = 'farewire:supersets'
const SUBSCRIBE_AGAIN_MS = 1_000

/** Notices of the cache's Redis: one subscription, however many keys are watched. Without one, none ever come. */
export function createSupersetNotices(redis: RequestRedis | null): SupersetNotices {
  const listeners = new Set<(notice: Notice) => void>()
  const watchers = new Map<string, Set<Watcher>>()
  let isClosed = false

  function hear(message: string): void {
    const notice = parseNotice(message)
    if (notice === null) return
    for (const listener of listeners) listener(notice)
    for (const watcher of watchers.get(notice.key) ?? []) watcher.tell(notice)
  }

  const subscriber = redis === null ? null : createSubscriber(redis)
  subscriber?.on('message', (_channel: string, message: string) => hear(message))
  // After a reconnection ioredis subscribes again by itself; only the first time may fail for good.
  function subscribe(): void {
    if (isClosed) return
    subscriber?.subscribe(NOTICE_CHANNEL).catch(() => void setTimeout(subscribe, SUBSCRIBE_AGAIN_MS).unref())
  }
  subscribe()

  return {
    listen: (listener) => void listeners.add(listener),
    watch(key) {
      const watcher = createWatcher(() => isClosed)
      const others = watchers.get(key) ?? new Set()
      watchers.set(key, others.add(watcher))
      return {
        next: watcher.next,
        stop: () => {
          others.delete(watcher)
          if (others.size === 0 && watchers.get(key) === others) watchers.delete(key)
        },
      }
    },
    close() {
      isClosed = true
      subscriber?.disconnect()
      for (const others of watchers.values()) for (const watcher of others) watcher.wake()
    },
  }
}

type Watcher = { readonly tell: (notice: Notice) => void; readonly wake: () => void; readonly next: Watch['next'] }

/** Keeps the latest notice until someone asks, so that one which comes between two questions is not lost. */
function createWatcher(isClosed: () => boolean): Watcher {
  let latest: Notice | null = null
  let wake: () => void = () => undefined
  return {
    tell(notice) {
      latest = notice
      wake()
    },
    wake: () => wake(),
    async next(ms) {
      if (latest === null && !isClosed()) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const notice = latest
      latest = null
      return notice
    },
  }
}

function parseNotice(message: string): Notice | null {
  const [key, version, revision, place] = message.split(' ')
  if (key === undefined || version === undefined || !isVersion(version) || !/^\d{1,9}$/.test(revision ?? '')) return null
  return { key, version, revision: Number(revision), isCurrent: place === '1' }
}
