import { expect, test } from 'vitest'
import { readPdf } from '../../../test/support/pdf.ts'
import { stayOffer } from '../../../test/support/stay-offers.ts'
import { formatMoney, money } from '../../kernel/money.ts'
import { parseInstant } from '../../kernel/time.ts'
import { shareOfPrice } from '../../travel/stay.ts'
import { renderVoucher, type VoucherInput } from './voucher.ts'

const paid = money(33_000, 'USD')

function input(changes: Partial<VoucherInput> = {}): VoucherInput {
  const stay = stayOffer()
  return {
    bookingReference: 'FW-7K3M9Q',
    confirmation: '1-4075658',
    issuedAt: parseInstant('2026-11-21T08:00:00Z'),
    stay,
    address: '12 Station Road, Lisbon',
    checkInFrom: '15:00',
    checkOutUntil: null,
    guests: ['Budi Santoso'],
    total: paid,
    shown: (amount) => formatMoney(shareOfPrice(paid, stay.total, amount)),
    support: 'Questions about this stay: open the trip page.',
    qrPayload: 'https://shop.example/trips/bkg_1',
    ...changes,
  }
}

test('says who stays where, when, in what room, what is paid, what is paid there, and what cancelling costs', async () => {
  const { text } = readPdf(await renderVoucher(input()))
  for (const fact of [
    'Hotel voucher: Grand Lisbon Palace',
    '1-4075658',
    '12 Station Road, Lisbon',
    '3 nights, Wed 10 Mar 2027 to Sat 13 Mar 2027',
    'from 15:00',
    'Double room, for 2 adults',
    'Breakfast included',
    'Budi Santoso',
    'USD 330.00',
    'EUR 12.00, to pay at the hotel',
    'free of charge',
    'the hotel keeps USD 110.00',
    'the hotel keeps USD 330.00',
    'The pool is closed in March.',
    'https://shop.example/trips/bkg_1',
  ])
    expect(text).toContain(fact)
  // The supplier's own price is nobody's business but ours.
  expect(text).not.toContain('EUR 300.00')
})

test('is the same bytes for the same stay, so that issuing twice makes one document', async () => {
  expect(await renderVoucher(input())).toEqual(await renderVoucher(input()))
})

test('a stay paid at the hotel says so, and that nothing was paid to us', async () => {
  const { text } = readPdf(await renderVoucher(input({ stay: stayOffer({ payAt: 'property' }) })))
  expect(text).toContain('To pay at the hotel')
  expect(text).toContain('nothing has been paid to us')
})
