import { readFile } from 'node:fs/promises'
import type { IHttpClient } from 'soap'
import type { PartnerReply, PartnerRequest, Send } from './partner.ts'

/** An element as the soap package writes it: members are elements, a list is as many of them, `attributes` are its own. */
export type SoapElement = {
  readonly attributes?: Readonly<Record<string, string | undefined>>
  readonly [child: string]: SoapContent | Readonly<Record<string, string | undefined>> | undefined
}

export type SoapContent = string | SoapElement | readonly (string | SoapElement)[]

/** One call: the operation of the WSDL, what its message holds, and how it is sent. The SOAPAction is the WSDL's. */
export type SoapCall = Omit<PartnerRequest, 'method' | 'body'> & { readonly operation: string; readonly message: SoapElement }

export type SoapService = {
  /**
   * Writes the message as the WSDL says and sends it. Resolves to the reply as it came, unread: the soap package's parser
   * knows no limits, so replies are read by `xml.ts`. Throws what `send` throws, and what a message the WSDL does not know causes.
   */
  readonly call: (call: SoapCall, send: Send, signal: AbortSignal) => Promise<PartnerReply>
}

/**
 * A service described by a WSDL of ours. The package and the file are loaded with the first call: threads that only read
 * replies need neither.
 */
export function createSoapService(wsdlFile: URL): SoapService {
  let loaded: ReturnType<typeof load> | undefined
  return {
    call: async ({ operation, message, headers, ...request }, send, signal) => {
      const { Client, wsdl } = await (loaded ??= load(wsdlFile))
      return new Promise((resolve, reject) => {
        // A client remembers what it last sent, which is about people: each lives for one call.
        const httpClient = capture((body, ownHeaders) => {
          send({ ...request, method: 'POST', headers: { ...lowerCase(ownHeaders), ...headers }, body }, signal).then(resolve, reject)
        })
        const client = new Client(wsdl, request.url, { httpClient })
        const method = client[operation] as ((message: unknown, callback: () => void) => void) | undefined
        if (!method) throw new Error(`the WSDL has no operation ${operation}`)
        // Its callback is for replies that it has read, which it is never given.
        method(clean(message), () => {})
      })
    },
  }
}

async function load(wsdlFile: URL) {
  const [{ default: soap }, definition] = await Promise.all([import('soap'), readFile(wsdlFile, 'utf8')])
  const wsdl = new soap.WSDL(definition, wsdlFile.href, {})
  await new Promise<void>((resolve, reject) => {
    wsdl.onReady((error) => (error ? reject(error) : resolve()))
  })
  return { Client: soap.Client, wsdl }
}

function capture(take: (body: string, headers: Readonly<Record<string, string>>) => void): IHttpClient {
  return {
    request: (_url, body: string, _callback, headers) => {
      take(body, (headers ?? {}) as Record<string, string>)
      // What the package would do with a promise of its own HTTP client's, it does not do with another's.
      return undefined as never
    },
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** What XML 1.0 cannot hold, even escaped. */
const UNSPEAKABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** The package escapes text, but leaves out nothing and takes "<![CDATA[…]]>" for markup: a name must be able to be neither. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNSPEAKABLE, '').replaceAll('<![CDATA[', '< ![CDATA[')
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.map(([name, inner]) => [name, clean(inner)]))
}
