import { toPartnerReply } from '../../platform/partner.ts'
import { scanXml, wantedNames } from '../../platform/scan-xml.ts'
import { XmlError } from '../../platform/xml.ts'
import type { ShopReply, UnreadShop } from '../contract.ts'
import { messageOf, understand } from './exchange.ts'
import { isNothing, refused } from './faults.ts'
import { openMessage, readMessage, type Message } from './message.ts'
import { offersOf, readOffers, SHOP_ELEMENTS } from './read-offers.ts'

const EXPECTED = ['AirShoppingRS']
const WANTED = wantedNames(SHOP_ELEMENTS)

/** What a reply to AirShoppingRQ says to this provider. No offers is an answer too; any other refusal is thrown as ProviderError. */
export function readShopReply(provider: string, { unread, status }: UnreadShop): ShopReply {
  const bytes = Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength)
  const reply = toPartnerReply(status, {}, bytes)
  const message = messageOf(
    provider,
    understand(reply, EXPECTED, () => scanShop(bytes) ?? readMessage(bytes.toString('utf8'))),
  )
  const elements = offersOf(message)
  if (elements.length > 0 || message.errors.length === 0) return readOffers(message, provider, elements)
  if (isNothing(message.errors)) return { solutions: 0, offers: [] }
  throw refused(provider, message.errors)
}

/** The message in a reply with what `readOffers` asks of it, or null for anything but a plain search reply. */
export function scanShop(bytes: Buffer): Message | null {
  const root = scanXml(bytes, WANTED)
  if (!root) return null
  try {
    const message = openMessage(root)
    return message.name === 'AirShoppingRS' ? message : null
  } catch (error) {
    if (error instanceof XmlError) return null
    throw error
  }
}
