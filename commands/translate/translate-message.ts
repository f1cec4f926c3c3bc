import { systemClock } from '../../src/kernel/time.ts'
import { ProviderError } from '../../src/providers/errors.ts'
import { createTranslators, MESSAGE_KINDS, type MessageKind, type Provider, type Translation } from '../../src/providers/index.ts'
import { didYouMean } from '../suggest.ts'
import { describe, type Description } from './describe.ts'
import { NotUnderstood } from './read-message.ts'

/** The operations a person may name, and as which kinds of message each is read, in turn until one fits. */
export const OPERATIONS: Readonly<Record<string, readonly MessageKind[]>> = {
  ...Object.fromEntries(MESSAGE_KINDS.map((kind) => [kind, [kind]])),
  'fare-rules': ['fare-rules', 'price'],
  requests: ['shop', 'price', 'book', 'cancel'],
  errors: ['book', 'ticket', 'cancel', 'price', 'shop'],
}
const ALIASES: Readonly<Record<string, string>> = {
  error: 'errors',
  fault: 'errors',
  search: 'shop',
  seatmap: 'seat-map',
  rates: 'availability',
  'hotel-shop': 'stay-shop',
  'ndc-travel': 'price',
  change: 'exchange',
}

/** The suppliers whose messages can be read. */
export function listTranslators(): readonly Provider[] {
  return createTranslators(systemClock)
}

/**
 * What one supplier message says. An error message of the supplier's is understood too: its outcome is rejected, or
 * unknown. Throws {@link NotUnderstood} for an unknown provider or operation and for what is no message of theirs.
 */
export function translateMessage(providerId: string, operation: string, message: string): Description {
  const provider = findProvider(providerId)
  const kinds = findKinds(operation)
  let failure: ProviderError | undefined
  for (const kind of kinds) {
    try {
      return describe(provider.translate(kind, message))
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      if (error.fault !== 'malformed') return describeFault(error)
      failure ??= error
    }
  }
  throw new NotUnderstood(`${failure!.message}. ${formOf(message)}.${otherReading(provider, kinds, message)}`)
}

/** Throws NotUnderstood with what to type instead, before anything is read. */
export function assertKnown(provider: string, operation: string): void {
  findProvider(provider)
  findKinds(operation)
}

function findProvider(id: string): Provider {
  const providers = listTranslators()
  const provider = providers.find((one) => one.id === id.toLowerCase())
  if (provider) return provider
  const ids = providers.map((one) => one.id)
  throw new NotUnderstood(`there is no provider "${id}".${didYouMean(id, ids)} Known are ${ids.join(', ')}`)
}

function findKinds(operation: string): readonly MessageKind[] {
  const name = operation.toLowerCase()
  const kinds = OPERATIONS[ALIASES[name] ?? name]
  if (kinds) return kinds
  const names = Object.keys(OPERATIONS)
  throw new NotUnderstood(`there is no operation "${operation}".${didYouMean(operation, names)} Known are ${names.join(', ')}`)
}

/** A read that the supplier refused had no effect; of one that failed otherwise nobody knows what it would have said. */
function describeFault(error: ProviderError): Description {
  const outcome = error.fault === 'timeout' || error.fault === 'unreachable' ? 'unknown' : 'rejected'
  return { outcome, reason: error.fault, ...(error.code === null ? {} : { code: error.code }), message: error.message }
}

/** What the text looks like, whatever it was meant to be: the first thing to look at when it is not understood. */
function formOf(message: string): string {
  const text = message.trim()
  if (/^<!doctype html|^<html/i.test(text)) return 'It is an HTML page'
  if (text.startsWith('<')) return 'It begins like XML'
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return `It is JSON, but only a ${value === null ? 'null' : typeof value}`
    return Array.isArray(value)
      ? 'It is a JSON array'
      : `It is JSON with the members ${Object.keys(value).slice(0, 8).join(', ') || '(none)'}`
  } catch (error) {
    return /^[{[]/.test(text)
      ? `It begins like JSON and is not: ${error instanceof Error ? error.message : String(error)}`
      : 'It is neither XML nor JSON'
  }
}

/** Under which other operation the message can be read, for somebody who has named the wrong one. */
function otherReading(provider: Provider, tried: readonly MessageKind[], message: string): string {
  const readable = (['shop', 'price', 'retrieve', 'ticket', 'cancel'] as const).find(
    (kind) => !tried.includes(kind) && isRead(provider, kind, message),
  )
  return readable === undefined ? '' : ` It can be read as "${readable}": npm run translate -- ${provider.id} ${readable} <file>`
}

function isRead(provider: Provider, kind: MessageKind, message: string): boolean {
  try {
    const translation: Translation = provider.translate(kind, message)
    if (translation.kind === 'offers' || translation.kind === 'stays') return translation.offers.length > 0
    return !('result' in translation) || translation.result.outcome !== 'unknown'
  } catch {
    return false
  }
}
