import { writeXml, escapeXml, parseXml, child, childText, descendants, XmlError, type XmlElement } from '../../platform/xml.ts'
import { toIso } from '../../kernel/time.ts'
import { PartnerError, type PartnerReply } from '../../platform/partner.ts'
import type { Call } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import type { Budget, Deps } from './exchange.ts'
import { SABRE, toTransportError } from './faults.ts'

/** One SOAP call: the action that Sabre routes by, the body, and who asks. */
export type SoapRequest = { readonly action: string; readonly body: string; readonly security: string; readonly budget: Budget }

/** The whole reply: header for the session's token, body for the rest. */
export type SoapReply = { readonly header: XmlElement | undefined; readonly body: XmlElement }

/**
 * Sends one of Sabre's SOAP messages, in its ebXML envelope. Throws ProviderError, for a SOAP fault too.
 * https://developer.sabre.com/guides/travel-agency/developer-guides/message-header-structure
 */
export async function callSoap(deps: Deps, request: SoapRequest, call: Call): Promise<SoapReply> {
  const timeoutMs = request.budget.leftMs()
  if (timeoutMs <= 0) throw new ProviderError(SABRE, 'timeout', `no time was left for ${request.action}`)
  const reply = await deps
    .send(
      {
        method: 'POST',
        url: deps.settings.soapUrl,
        headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml', soapaction: `"${request.action}"` },
        body: writeEnvelope(deps, request),
        timeoutMs,
        replyBytesMax: deps.settings.limits.replyBytesMax,
      },
      call.signal,
    )
    .catch((error: unknown) => {
      throw error instanceof PartnerError ? toTransportError(error) : error
    })
  if (reply.status === 429) throw new ProviderError(SABRE, 'throttled', 'Sabre is being asked too often (429)')
  return readEnvelope(reply.body, reply.status, request.action)
}

/** True when a reply shows the other side to be failing. A SOAP fault travels as status 500 and is an answer. */
export function isOutage(reply: PartnerReply): boolean {
  return reply.status >= 500 && !/<(?:[\w.-]+:)?Fault[\s>]/.test(reply.bytes.toString('latin1', 0, 4_000))
}

function readEnvelope(text: string, status: number, action: string): SoapReply {
  let root: XmlElement
  try {
    root = parseXml(text)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    const fault = status >= 500 ? 'unreachable' : 'malformed'
    throw new ProviderError(SABRE, fault, `the reply to ${action} (status ${status}) cannot be read: ${error.message}`, { cause: error })
  }
  const body = child(child(root, 'Body'), child(root, 'Body')?.children[0]?.name ?? '')
  if (root.name !== 'Envelope' || !body) throw new ProviderError(SABRE, 'malformed', `the reply to ${action} is no SOAP message`)
  if (body.name === 'Fault') throw toFault(body, action)
  return { header: child(root, 'Header'), body }
}

function toFault(fault: XmlElement, action: string): ProviderError {
  const code = childText(fault, 'faultcode') ?? descendants(fault, 'Code')[0]?.text.trim() ?? 'fault'
  const isUnauthorised = /security|authenti|token|session/i.test(code)
  const message = `${action}: ${(childText(fault, 'faultstring') ?? code).slice(0, 200)}`
  return new ProviderError(SABRE, isUnauthorised ? 'unauthorised' : 'refused', message, { code: code.slice(0, 80) })
}

function writeEnvelope({ settings, clock }: Deps, { action, body, security }: SoapRequest): string {
  const party = (name: string, id: string): string => writeXml(name, {}, writeXml('eb:PartyId', {}, escapeXml(id)))
  const now = clock.now()
  const header = writeXml(
    'eb:MessageHeader',
    { 'soapenv:mustUnderstand': '0', 'eb:version': '2.0.0' },
    party('eb:From', 'farewire'),
    party('eb:To', 'webservices.sabre.com'),
    writeXml('eb:CPAId', {}, escapeXml(settings.agent.organization)),
    writeXml('eb:ConversationId', {}, `${now}@farewire`),
    writeXml('eb:Service', {}, action),
    writeXml('eb:Action', {}, action),
    writeXml('eb:MessageData', {}, writeXml('eb:MessageId', {}, `mid:${now}@farewire`), writeXml('eb:Timestamp', {}, toIso(now))),
  )
  return writeXml(
    'soapenv:Envelope',
    {
      'xmlns:soapenv': 'http://schemas.xmlsoap.org/soap/envelope/',
      'xmlns:eb': 'http://www.ebxml.org/namespaces/messageHeader',
      'xmlns:wsse': 'http://schemas.xmlsoap.org/ws/2002/12/secext',
    },
    writeXml('soapenv:Header', {}, header, writeXml('wsse:Security', { 'soapenv:mustUnderstand': '0' }, security)),
    writeXml('soapenv:Body', {}, body),
  )
}
