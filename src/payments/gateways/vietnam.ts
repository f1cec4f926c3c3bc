/** What the gateways of Vietnam have in common: their clock, their đồng and their plain letters. */
import { money, type Money } from '../../kernel/money.ts'
import { parseInstant, plusMs, toIso, type Instant } from '../../kernel/time.ts'
import { UnrepresentableAmount } from './amounts.ts'

const SEVEN_HOURS_MS = 7 * 3_600_000

/** The wall clock at GMT+7 as "20261125213000". Vietnam has had no other time since 1975. */
export function toWallClock(at: Instant): string {
  return toIso(plusMs(at, SEVEN_HOURS_MS)).replace(/\D/g, '').slice(0, 14)
}

/** The date at GMT+7 as "261125". */
export function toShortDate(at: Instant): string {
  return toWallClock(at).slice(2, 8)
}

/** The instant of a wall clock at GMT+7, "20261125213000" or "2026-11-25 21:30:00"; null when it is none. */
export function fromWallClock(text: string): Instant | null {
  const match = /^(\d{4})-?(\d\d)-?(\d\d)[ T]?(\d\d):?(\d\d):?(\d\d)$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  try {
    return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`)
  } catch {
    return null
  }
}

/** The whole đồng of an amount; throws {@link UnrepresentableAmount} for another currency or for nothing at all. */
export function toDong(value: Money): number {
  if (value.currency !== 'VND') throw new UnrepresentableAmount(value, 'only VND is collected here')
  if (value.amount <= 0) throw new UnrepresentableAmount(value, 'it is not above zero')
  return value.amount
}

/** Whole đồng as money; throws a RangeError for a fraction. */
export function fromDong(dong: number): Money {
  return money(dong, 'VND')
}

/** The text in letters, digits and spaces of ASCII, as bank transfers carry it, at most `lengthMax` long. */
export function toPlainText(text: string, lengthMax: number): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, (letter) => (letter === 'đ' ? 'd' : 'D'))
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .slice(0, lengthMax)
    .trim()
}
