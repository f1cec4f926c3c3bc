import type { Instant } from '../../kernel/time.ts'
import type { StayQuery } from '../../travel/stay.ts'
import { toPartnerReply } from '../../platform/partner.ts'
import { scanXml, wantedNames } from '../../platform/scan-xml.ts'
import { child, type XmlElement } from '../../platform/xml.ts'
import type { StayShopReply, UnreadShop } from '../contract.ts'
import { isSuccess, kindOf, messageIn, readMessage, replyOf, understand, unsaid } from './exchange.ts'
import { isNothingFound, refused } from './faults.ts'
import { AVAIL_ELEMENTS, readAvail } from './read-avail.ts'

const EXPECTED = 'HotelAvailRS'
const WANTED = wantedNames(['Envelope', 'Body', 'OTA_HotelAvailRS', 'HotelAvailRS', ...AVAIL_ELEMENTS])

/** What a reply to OTA_HotelAvailRQ says. No availability is an answer too; any other refusal is thrown as ProviderError. */
export function readShopReply({ unread, status }: UnreadShop, query: StayQuery, now: Instant): StayShopReply {
  const bytes = Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength)
  const read = (): XmlElement => scanAvail(bytes) ?? readMessage(bytes.toString('utf8'))
  const message = availabilityIn(understand(toPartnerReply(status, {}, bytes), [EXPECTED], read))
  if (!message) return { solutions: 0, offers: [] }
  const { solutions, offers } = readAvail(message, { query, now })
  return { solutions, offers }
}

/** The availability in an answer, null when it says that there is none. Throws ProviderError. */
export function availabilityIn(result: Parameters<typeof replyOf>[0]): XmlElement | null {
  const reply = replyOf(result)
  const hasStays = reply.message !== null && child(reply.message, 'RoomStays') !== undefined
  if (reply.kind === 'errors') {
    if (!isNothingFound(reply.errors)) throw refused(reply.errors)
    // Some hotels of those that were asked for have nothing: the others are told beside the error.
    return hasStays ? reply.message : null
  }
  if (!hasStays && !isSuccess(reply.message)) throw unsaid(reply.message)
  return reply.message
}

/** The message in a reply with what `readAvail` asks of it, or null for anything but a plain availability reply. */
export function scanAvail(bytes: Buffer): XmlElement | null {
  const root = scanXml(bytes, WANTED)
  const message = root && messageIn(root)
  return message && kindOf(message) === EXPECTED ? message : null
}
