import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Buffer } from 'node:buffer'

/** What stands in the place of a reply. */
export type Nonsense = 'cut off' | 'huge' | 'deep' | 'laughs' | 'soap fault' | 'html'

/** In front of a seller that speaks XML: passes everything on, or answers with what nobody can read. */
export type Spoiler = {
  readonly url: string
  readonly kinds: readonly Nonsense[]
  /** From now on every reply is this. */
  readonly spoil: (kind: Nonsense | null) => void
  readonly passed: () => number
  readonly spoilt: () => number
  readonly close: () => Promise<void>
}

const HUGE_BYTES = 40 * 1024 * 1024
const DEPTH = 100_000
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
const ENVELOPE = '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'

const BODIES: Readonly<Record<Exclude<Nonsense, 'huge'>, readonly [type: string, body: string]>> = {
  'cut off': ['text/xml', `${HEAD}${ENVELOPE}<Fare_MasterPricerTravelBoardSearchReply><replyStatus><stat`],
  deep: ['text/xml', `${HEAD}${'<a>'.repeat(DEPTH)}${'</a>'.repeat(DEPTH)}`],
  laughs: [
    'text/xml',
    `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, at) => `<!ENTITY lol${at + 1} "${`&lol${at === 0 ? '' : at};`.repeat(10)}">`).join('')}]>${ENVELOPE}<r>&lol9;</r></soap:Body></soap:Envelope>`,
  ],
  'soap fault': [
    'text/xml',
    `${HEAD}${ENVELOPE}<soap:Fault><faultcode>soap:Server</faultcode><faultstring>Application error</faultstring></soap:Fault></soap:Body></soap:Envelope>`,
  ],
  html: ['text/html', '<!DOCTYPE html><html><head><title>Maintenance</title></head><body><p>We will be back<br></body></html>'],
}

export async function startSpoiler(target: string): Promise<Spoiler> {
  let kind: Nonsense | null = null
  let passed = 0
  let spoilt = 0
  const { origin } = new URL(target)
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    if (kind !== null) {
      spoilt += 1
      if (kind === 'huge') return pour(response)
      const [type, body] = BODIES[kind]
      response.writeHead(200, { 'content-type': type }).end(body)
      return
    }
    passed += 1
    const {
      host: _1,
      connection: _2,
      'content-length': _3,
      'transfer-encoding': _4,
      ...headers
    } = request.headers as Record<string, string>
    const reply = await fetch(`${origin}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { ...headers, 'accept-encoding': 'identity' },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    response
      .writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'text/xml' })
      .end(Buffer.from(await reply.arrayBuffer()))
  }
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kinds: ['cut off', 'huge', 'deep', 'laughs', 'soap fault', 'html'],
    spoil: (wanted) => {
      kind = wanted
    },
    passed: () => passed,
    spoilt: () => spoilt,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Many megabytes of elements beside each other, as fast as they are taken. */
function pour(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/xml' })
  const piece = Buffer.from('<a>x</a>'.repeat(8_192))
  let left = HUGE_BYTES
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length
      if (!response.write(piece)) return void response.once('drain', more)
    }
    response.end()
  }
  response.write(`${HEAD}<r>`)
  more()
}
