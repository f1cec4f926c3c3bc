import { connect, type Socket } from 'node:net'

/** What came back: the status, the size of the body, and, when asked for, the head as text and the body. */
export type Reply = { readonly status: number; readonly bodyBytes: number; readonly head: string; readonly body: Buffer }

/** One keep-alive connection that carries one request at a time. */
export type Connection = {
  readonly isBusy: () => boolean
  /** Sends a request and calls back when the whole reply has come. `keeps` says whether head and body are wanted. */
  readonly send: (request: Buffer, onReply: (reply: Reply) => void, keeps?: boolean) => void
  readonly close: () => void
}

const HEAD_END = Buffer.from('\r\n\r\n', 'latin1')
const LENGTH = 'content-length: '
const NOTHING = Buffer.alloc(0)

/** A GET as it goes over the wire. */
export function toRequest(path: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: bench\r\n${more.join('')}\r\n`, 'latin1')
}

/**
 * Opens a connection. It speaks as much HTTP as the servers compared need, so that the client costs less than they do:
 * replies with a content-length. Anything else, and a connection that breaks, goes to `onFault`.
 */
export function openConnection(port: number, onFault: (error: Error) => void): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(speak(socket, onFault))
    })
  })
}

function speak(socket: Socket, onFault: (error: Error) => void): Connection {
  let waiting: { onReply: (reply: Reply) => void; keeps: boolean } | null = null
  let chunks: Buffer[] = []
  let received = 0
  let expected = -1
  let status = 0
  let head = ''
  let bodyAt = 0
  let isClosed = false

  const fail = (error: Error) => {
    if (isClosed) return
    isClosed = true
    socket.destroy()
    onFault(error)
  }
  const readHead = (): boolean => {
    const begin = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    const end = begin.indexOf(HEAD_END)
    if (end < 0) return false
    head = begin.toString('latin1', 0, end)
    status = Number(head.slice(9, 12))
    bodyAt = end + HEAD_END.length
    const at = head.toLowerCase().indexOf(LENGTH)
    if (at < 0 && status !== 304 && status !== 204) {
      fail(new Error(`a reply without content-length: ${head.slice(0, 200)}`))
      return false
    }
    expected = bodyAt + (at < 0 ? 0 : Number.parseInt(head.slice(at + LENGTH.length), 10))
    return true
  }

  socket.on('data', (chunk) => {
    if (waiting === null) return fail(new Error('a reply nobody asked for'))
    chunks.push(chunk)
    received += chunk.length
    if (expected < 0 && !readHead()) return
    if (received < expected) return
    if (received > expected) return fail(new Error('more bytes than the reply says'))
    const { onReply, keeps } = waiting
    const body = keeps ? Buffer.concat(chunks).subarray(bodyAt) : NOTHING
    const reply = { status, bodyBytes: expected - bodyAt, head: keeps ? head : '', body }
    waiting = null
    chunks = []
    received = 0
    expected = -1
    onReply(reply)
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))

  return {
    isBusy: () => waiting !== null,
    send(request, onReply, keeps = false) {
      waiting = { onReply, keeps }
      socket.write(request)
    },
    close() {
      isClosed = true
      socket.destroy()
    },
  }
}
