import { toPartnerReply } from '../../platform/partner.ts'
import { scanXml, wantedNames } from '../../platform/scan-xml.ts'
import type { ShopReply, UnreadShop } from '../contract.ts'
import { replyOf, understand } from './exchange.ts'
import { readShop, SHOP_ELEMENTS } from './read-shop.ts'
import { readMessage, receive, type Received } from './soap.ts'
import { MESSAGES } from './wire.ts'

const EXPECTED = MESSAGES.Fare_MasterPricerTravelBoardSearch.reply
const WANTED = wantedNames(['Envelope', 'Body', EXPECTED, ...SHOP_ELEMENTS])

/** What a reply to Fare_MasterPricerTravelBoardSearch says. No fares is an answer too; any other refusal is thrown as ProviderError. */
export function readShopReply({ unread, status }: UnreadShop): ShopReply {
  const bytes = Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength)
  const reply = toPartnerReply(status, {}, bytes)
  return readShop(replyOf(understand(reply, [EXPECTED], () => scanShop(bytes) ?? readMessage(bytes.toString('utf8')))))
}

/** The message in a reply with what `readShop` asks of it, or null for anything but a plain search reply. */
export function scanShop(bytes: Buffer): Received | null {
  const root = scanXml(bytes, WANTED)
  if (!root) return null
  const received = receive(root)
  return received.body.name === EXPECTED ? received : null
}
