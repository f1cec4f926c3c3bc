import type { Readable } from 'node:stream'
import { createEventStream } from '../platform/event-stream.ts'
import { isFinal } from './machine/index.ts'
import type { BookingView } from './schemas.ts'

/** The change feed is a hint that may get lost; this look at the database is what can be relied on. */
const LOOK_MS = 3_000
/** A final booking may still get its document; then the stream ends and the page stops asking. */
const FINAL_IDLE_MS = 60_000

export type BookingSource = {
  readonly view: () => Promise<BookingView>
  /** Calls the listener at each change until the returned function is called. */
  readonly onChange: (listener: () => void) => () => void
  /** Aborted when this process is going away. */
  readonly moving?: AbortSignal
}

/**
 * The booking as server-sent events: at once and at each change, until it is final and quiet, or the client goes away.
 * Throws booking-unknown before anything is sent.
 */
export async function streamBooking(source: BookingSource): Promise<Readable> {
  const first = await source.view()
  const stream = createEventStream({
    heartbeatMs: 15_000,
    streamMs: 30 * 60_000,
    retryMs: 2_000,
    ...(source.moving && { moving: source.moving }),
  })
  let sent = ''
  let quietMs = 0
  let isLooking = false

  const send = (view: BookingView): void => {
    const data = JSON.stringify(view)
    if (data === sent) return
    sent = data
    quietMs = 0
    stream.send({ name: 'booking', data, id: `${view.version}-${view.timeline.length}` })
  }
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    try {
      const view = await source.view()
      send(view)
      if (!isFinal(view.status) || quietMs < FINAL_IDLE_MS) return
      stream.send({ name: 'done', data: '{}' })
      stream.end()
    } catch {
      stream.end() // the client connects again and is told what is wrong
    } finally {
      isLooking = false
    }
  }

  send(first)
  const unsubscribe = source.onChange(() => void look())
  const looker = setInterval(() => {
    quietMs += LOOK_MS
    void look()
  }, LOOK_MS)
  stream.onClose(() => {
    unsubscribe()
    clearInterval(looker)
  })
  return stream.readable
}
