import { toPartnerReply } from '../../platform/partner.ts'
import { scanXml, wantedNames } from '../../platform/scan-xml.ts'
import type { ShopReply, UnreadShop } from '../contract.ts'
import { bodyOf, readBody, refused, replyOf, understand } from './exchange.ts'
import { isNothingFound } from './faults.ts'
import { readShop, SHOP_ELEMENTS } from './read-shop.ts'

const EXPECTED = 'LowFareSearchRsp'
const WANTED = wantedNames(['Envelope', 'Body', EXPECTED, ...SHOP_ELEMENTS])

/** What a reply to LowFareSearchReq says. No fares is an answer too; any other refusal is thrown as ProviderError. */
export function readShopReply({ unread, status }: UnreadShop): ShopReply {
  const bytes = Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength)
  const reply = replyOf(understand(toPartnerReply(status, {}, bytes), EXPECTED, () => scanShop(bytes) ?? readBody(bytes.toString('utf8'))))
  if ('body' in reply) return readShop(reply.body)
  if (isNothingFound(reply.fault)) return { solutions: 0, offers: [] }
  throw refused(reply.fault)
}

/** The message in a reply with what `readShop` asks of it, or null for anything but a plain search reply. */
export function scanShop(bytes: Buffer): ReturnType<typeof readBody> | null {
  const root = scanXml(bytes, WANTED)
  if (!root) return null
  const message = bodyOf(root)
  return message.name === EXPECTED ? message : null
}
