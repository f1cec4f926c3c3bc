import { money, type Money } from '../../../kernel/money.ts'
import { UnrepresentableAmount } from '../amounts.ts'
import { MalformedReply } from '../wire-fields.ts'

/** A rupiah has a hundred sen in ISO 4217, and so with us; Midtrans takes whole rupiah. */
const SEN = 100

/** The amount as a whole number of rupiah; throws {@link UnrepresentableAmount}. */
export function toRupiah(value: Money): number {
  if (value.currency !== 'IDR') throw new UnrepresentableAmount(value, 'Midtrans takes rupiah only')
  if (value.amount <= 0) throw new UnrepresentableAmount(value, 'it is not above zero')
  if (value.amount % SEN !== 0) throw new UnrepresentableAmount(value, 'Midtrans takes whole rupiah')
  return value.amount / SEN
}

/** "150000.00" or "150000", of the given currency, as money; throws {@link MalformedReply} for anything else. */
export function fromRupiah(written: string, currency: string): Money {
  const match = /^(\d{1,13})(?:\.0{1,2})?$/.exec(written)
  if (!match || currency !== 'IDR') throw new MalformedReply('gross_amount')
  return money(Number(match[1]) * SEN, 'IDR')
}
