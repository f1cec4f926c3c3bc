import { PassThrough, type Readable } from 'node:stream'

/** A reader who leaves this much unread is not reading. */
const UNREAD_BYTES_MAX = 4 * 1024 * 1024

/** Server-sent events (WHATWG HTML, §9.2) to one client, bounded in time and in what lies unread. */
export type EventStream = {
  /** What is sent to the client; destroying it, as happens when the client goes away, ends everything. */
  readonly readable: Readable
  /** Writes one event; does nothing once the stream has ended. */
  readonly send: (event: { name: string; data: string; id?: string }) => void
  readonly end: () => void
  /** Told once, when the stream is over for whatever reason. */
  readonly onClose: (listener: () => void) => void
}

export type EventStreamOptions = {
  /** Keeps the connection alive with a comment as often as this. */
  readonly heartbeatMs: number
  /** The longest it lasts. */
  readonly streamMs: number
  /** How soon a client that loses it comes back. */
  readonly retryMs: number
  /** Aborted when the process is going away: the client is told to come back at once, to another one, and goes on there. */
  readonly moving?: AbortSignal
}

const MOVE_MS = 50

/** A stream bounded as its options say. */
export function createEventStream(options: EventStreamOptions): EventStream {
  const stream = new PassThrough()
  stream.write(`retry: ${options.retryMs}\n\n`) // headers leave with the first bytes, and proxies wait for them
  const heart = setInterval(() => stream.write(': hb\n\n'), options.heartbeatMs)
  const timer = setTimeout(() => stream.end(), options.streamMs)
  const move = (): void => {
    if (!stream.writableEnded && !stream.destroyed) stream.end(`retry: ${MOVE_MS}\n\n`)
  }
  options.moving?.addEventListener('abort', move, { once: true })
  const stop = (): void => {
    clearInterval(heart)
    clearTimeout(timer)
    options.moving?.removeEventListener('abort', move)
  }
  stream.once('finish', stop)
  stream.once('close', stop)
  return {
    readable: stream,
    send: ({ name, data, id }) => {
      if (stream.writableEnded || stream.destroyed) return
      if (stream.writableLength > UNREAD_BYTES_MAX) stream.destroy()
      else stream.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${data}\n\n`)
    },
    end: () => void stream.end(),
    onClose: (listener) => void stream.once('close', listener),
  }
}

/** The headers such a stream is sent with; the last one asks proxies not to collect it. */
export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
} as const
