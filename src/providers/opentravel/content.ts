import { attribute, type XmlElement } from '../../platform/xml.ts'
import type { Call, ContentPage } from '../contract.ts'
import type { Deps } from './deps.ts'
import { deliver, isSuccess, messageOf, replyOf, unanswered, understand, unsaid } from './exchange.ts'
import { isNothingFound, refused } from './faults.ts'
import { addDescriptions, readProperties, type ReadProperty } from './read-content.ts'
import { malformed, readFlag } from './read-values.ts'
import { writeDescriptiveInfo, writeSearch } from './to-wire.ts'

/**
 * A page of all hotels, from the list of OTA_HotelSearchRS, and what OTA_HotelDescriptiveInfoRS tells about them. A seller
 * that has no descriptions is read without them; that the standard's list cannot say how many there are makes `total` null.
 */
export async function content(deps: Deps, cursor: string | null, call: Call): Promise<ContentPage> {
  const { readTimeoutMs } = deps.config.limits
  const reply = await deliver(deps, 'OTA_HotelSearchRQ', writeSearch(deps.config, cursor), readTimeoutMs, call)
  if ('kind' in reply) throw unanswered(reply)
  const message = messageOf(understand(reply, ['HotelSearchRS']))
  if (!isSuccess(message) && readProperties(message).length === 0) throw unsaid(message)
  const found = readProperties(message)
  const properties = found.length === 0 ? [] : await describeAll(deps, found, call)
  return { properties, total: null, next: nextOf(message, cursor) }
}

function nextOf(message: XmlElement, cursor: string | null): string | null {
  const next = attribute(message, 'MoreDataEchoToken')?.trim() || null
  if (next === null || readFlag(attribute(message, 'MoreIndicator')) === false) return null
  // Asked again with the same, a seller would answer with the same for ever.
  if (next === cursor) throw malformed('the page names itself as the next one')
  return next
}

/** Error types of a seller that does not have the message: 2 no implementation. */
const NOT_IMPLEMENTED = '2'

async function describeAll(deps: Deps, found: readonly ReadProperty[], call: Call): Promise<ContentPage['properties']> {
  const properties = found.map((one) => one.property)
  const hotels = found.map((one) => ({ code: one.property.code, chain: one.chain }))
  const envelope = writeDescriptiveInfo(deps.config, hotels)
  const reply = await deliver(deps, 'OTA_HotelDescriptiveInfoRQ', envelope, deps.config.limits.readTimeoutMs, call)
  if ('kind' in reply) throw unanswered(reply)
  const answer = replyOf(understand(reply, ['HotelDescriptiveInfoRS']))
  if (answer.kind === 'reply') return addDescriptions(properties, answer.message)
  if (isNothingFound(answer.errors) || answer.errors.every((error) => error.type === NOT_IMPLEMENTED)) return properties
  throw refused(answer.errors)
}
