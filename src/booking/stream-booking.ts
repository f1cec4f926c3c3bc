import type { FastifyReply, FastifyRequest } from 'fastify'
import { isFinal } from './booking.ts'
import type { BookingView } from './view-booking.ts'

const HEARTBEAT_MS = 15_000
/** The change feed is a hint that may get lost; this look at the database is what can be relied on. */
const LOOK_MS = 3_000
/** A final booking may still get its document; then the stream ends and the page stops asking. */
const FINAL_IDLE_MS = 60_000
const STREAM_MS_MAX = 30 * 60_000

export type BookingSource = { readonly view: () => Promise<BookingView>; readonly onChange: (listener: () => void) => () => void }

/** Sends the booking as server-sent events, at once and at each change, until it is final and quiet or the client goes away. */
export async function streamBooking(source: BookingSource, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const first = await source.view() // a booking that does not exist is still a problem document
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-request-id': request.id })
  raw.write('retry: 2000\n\n')
  let sent = ''
  let quietMs = 0
  let looking = false

  const send = (view: BookingView): void => {
    const data = JSON.stringify(view)
    if (data === sent) return
    sent = data
    quietMs = 0
    raw.write(`id: ${view.version}-${view.timeline.length}\nevent: booking\ndata: ${data}\n\n`)
  }
  const look = async (): Promise<void> => {
    if (looking || raw.writableNeedDrain) return
    looking = true
    try {
      const view = await source.view()
      send(view)
      if (isFinal(view.status) && quietMs >= FINAL_IDLE_MS) raw.end('event: done\ndata: {}\n\n')
    } catch {
      raw.end() // the client connects again and is told what is wrong
    } finally {
      looking = false
    }
  }

  send(first)
  const unsubscribe = source.onChange(() => void look())
  const looker = setInterval(() => {
    quietMs += LOOK_MS
    void look()
  }, LOOK_MS)
  const heart = setInterval(() => raw.write(': hb\n\n'), HEARTBEAT_MS)
  const end = setTimeout(() => raw.end(), STREAM_MS_MAX)
  raw.once('close', () => {
    unsubscribe()
    clearInterval(looker)
    clearInterval(heart)
    clearTimeout(end)
  })
}
