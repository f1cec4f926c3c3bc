import { createHash } from 'node:crypto'
import { toIso, type Instant } from '../../kernel/time.ts'
import { child, childText, escapeXml, parseXml, writeXml, XmlError, type XmlElement } from '../../platform/xml.ts'
import type { AmadeusOn } from './config.ts'
import { MESSAGES, NAMESPACES, type Message as MessageDescription, type MessageName } from './wire.ts'

/** A conversation as the host named it. `sequence` is that of the last message; each one sent is one higher. */
export type SessionHeader = { readonly id: string; readonly sequence: number; readonly token: string }

/** How a message stands in a conversation: alone, its first, one within it, or its last. */
export type Conversation =
  | { readonly place: 'stateless' }
  | { readonly place: 'first' }
  | { readonly place: 'within' | 'last'; readonly session: SessionHeader }

/** What makes a message unlike every other: when it was made, 16 random bytes, and its id. */
export type Stamp = { readonly now: Instant; readonly nonce: Uint8Array; readonly id: string }

/**
 * The digest that proves the password without sending it: Base64(SHA-1(nonce + created + SHA-1(password))), where the
 * nonce counts as bytes. WS-Security takes the password itself there, Amadeus its SHA-1.
 */
export function passwordDigest(nonce: Uint8Array, created: string, password: string): string {
  const inner = createHash('sha1').update(password, 'utf8').digest()
  return createHash('sha1').update(nonce).update(created, 'utf8').update(inner).digest('base64')
}

/** The endpoint that every message goes to. */
export function endpointOf(config: AmadeusOn): string {
  const base = config.url.replace(/\/+$/, '')
  return config.wsap === null ? base : `${base}/${config.wsap}`
}

/** A message in its envelope with SOAP header 4. Credentials stand only in the first message of a conversation. */
export function writeEnvelope(config: AmadeusOn, message: MessageName, body: string, conversation: Conversation, stamp: Stamp): string {
  const described: MessageDescription = MESSAGES[message]
  const signs = conversation.place === 'stateless' || conversation.place === 'first'
  const header = [
    `<wsa:MessageID>${stamp.id}</wsa:MessageID>`,
    `<wsa:Action>${described.action}</wsa:Action>`,
    `<wsa:To>${escapeXml(endpointOf(config))}</wsa:To>`,
    writeSession(conversation),
    ...(signs ? [writeSecurity(config, stamp), writeHostedUser(config)] : []),
  ]
  const root = { 'xmlns:soap': NAMESPACES.soap, 'xmlns:wsa': NAMESPACES.addressing }
  return `<?xml version="1.0" encoding="UTF-8"?>${writeXml(
    'soap:Envelope',
    root,
    writeXml('soap:Header', {}, ...header),
    writeXml('soap:Body', {}, writeXml(message, { xmlns: described.namespace, Version: described.version }, body)),
  )}`
}

function writeSession(conversation: Conversation): string {
  if (conversation.place === 'stateless') return ''
  const xmlns = { 'xmlns:awsse': NAMESPACES.session }
  if (conversation.place === 'first') return writeXml('awsse:Session', { ...xmlns, TransactionStatusCode: 'Start' })
  const { id, sequence, token } = conversation.session
  return writeXml(
    'awsse:Session',
    { ...xmlns, TransactionStatusCode: conversation.place === 'last' ? 'End' : 'InSeries' },
    `<awsse:SessionId>${escapeXml(id)}</awsse:SessionId>`,
    `<awsse:SequenceNumber>${sequence + 1}</awsse:SequenceNumber>`,
    `<awsse:SecurityToken>${escapeXml(token)}</awsse:SecurityToken>`,
  )
}

function writeSecurity(config: AmadeusOn, { now, nonce }: Stamp): string {
  const created = toIso(now)
  const type = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest'
  const encoding = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary'
  return writeXml(
    'oas:Security',
    { 'xmlns:oas': NAMESPACES.security, 'xmlns:oas1': NAMESPACES.utility },
    writeXml(
      'oas:UsernameToken',
      { 'oas1:Id': 'UsernameToken-1' },
      writeXml('oas:Username', {}, escapeXml(config.username)),
      writeXml('oas:Nonce', { EncodingType: encoding }, Buffer.from(nonce).toString('base64')),
      writeXml('oas:Password', { Type: type }, passwordDigest(nonce, created, config.password)),
      writeXml('oas1:Created', {}, created),
    ),
  )
}

function writeHostedUser(config: AmadeusOn): string {
  const user = { POS_Type: '1', RequestorType: 'U', PseudoCityCode: config.officeId, AgentDutyCode: config.dutyCode }
  return writeXml('AMA_SecurityHostedUser', { xmlns: NAMESPACES.hostedUser }, writeXml('UserID', user))
}

/** A message as it came: what stands in the body, and the conversation it belongs to. */
export type Received = { readonly body: XmlElement; readonly session: SessionHeader | null }

/**
 * Reads a message, in its envelope or without one: stored messages often have lost theirs. Throws {@link XmlError} for what is
 * no message.
 */
export function readMessage(text: string): Received {
  return receive(parseXml(text))
}

/** The same of a document that has been parsed. */
export function receive(root: XmlElement): Received {
  if (root.name !== 'Envelope') return { body: root, session: null }
  const body = child(root, 'Body')?.children[0]
  if (!body) throw new XmlError('not a SOAP message')
  return { body, session: readSession(child(child(root, 'Header'), 'Session')) }
}

function readSession(session: XmlElement | undefined): SessionHeader | null {
  const id = childText(session, 'SessionId')
  const token = childText(session, 'SecurityToken')
  const sequence = childText(session, 'SequenceNumber') ?? ''
  return id && token && /^\d{1,9}$/.test(sequence) ? { id, token, sequence: Number(sequence) } : null
}
