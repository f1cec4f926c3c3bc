import { formatMoney, type Money } from '../../kernel/money.ts'
import type { Instant } from '../../kernel/time.ts'
import { boardWords, cancellationWords, nightsWords, occupancyWords } from '../../travel/stay-words.ts'
import type { StayOffer } from '../../travel/stay.ts'
import { drawFacts, drawNotes } from '../sheet/blocks.ts'
import { drawReferences, drawTitle } from '../sheet/head.ts'
import { UNPRINTABLE } from '../sheet/printable.ts'
import { createSheet } from '../sheet/sheet.ts'

/** Everything a hotel voucher says. The supplier's own price is not on it: `total` is what the guest paid. */
export type VoucherInput = {
  readonly bookingReference: string
  /** The number under which the hotel knows the booking. */
  readonly confirmation: string
  readonly issuedAt: Instant
  readonly stay: StayOffer
  /** Where the house stands; null when nobody has said. */
  readonly address: string | null
  /** Times of the day at the house, "15:00"; null where nobody has said. */
  readonly checkInFrom: string | null
  readonly checkOutUntil: string | null
  /** "Mr Budi Santoso", the one who checks in first. */
  readonly guests: readonly string[]
  readonly total: Money
  /** Puts an amount of the supplier's into the words the guest was shown. */
  readonly shown: (amount: Money) => string
  /** Whom to ask, in a sentence. */
  readonly support: string
  /** The address of the trip's page; the QR code holds it and it is printed in full. */
  readonly qrPayload: string
}

/** The voucher as a tagged A4 PDF. The same input gives the same bytes, so that issuing twice makes one document. */
export async function renderVoucher(input: VoucherInput): Promise<Buffer> {
  const { stay } = input
  const sheet = createSheet({
    title: `Voucher ${input.confirmation}, booking ${input.bookingReference}`,
    subject: `${stay.propertyName}, ${nightsWords(stay)}`,
    issuedAt: input.issuedAt,
    runningTitle: `Hotel voucher · confirmation ${input.confirmation}`,
    footer: `Booking ${input.bookingReference} · Show this voucher when you check in.`,
  })
  drawTitle(sheet, `Hotel voucher: ${stay.propertyName}`, input.issuedAt)
  drawReferences(sheet, {
    label: 'Hotel confirmation',
    locator: input.confirmation,
    bookingReference: input.bookingReference,
    advice: 'Show this voucher and a passport or identity card when you check in. The booking is in the name of the first guest below.',
    link: input.qrPayload,
  })
  sheet.group('Sect', () =>
    drawFacts(sheet, 'Your stay', [
      ...(input.address === null ? [] : [['Address', input.address] as const]),
      ['Nights', nightsWords(stay)],
      ...(input.checkInFrom === null ? [] : [['Check-in', `from ${input.checkInFrom}`] as const]),
      ...(input.checkOutUntil === null ? [] : [['Check-out', `until ${input.checkOutUntil}`] as const]),
      ...stay.rooms.map(
        ({ name, occupancy }, i) =>
          [stay.rooms.length === 1 ? 'Room' : `Room ${i + 1}`, `${name}, for ${occupancyWords(occupancy)}`] as const,
      ),
      ['Meals', boardWords(stay)],
      ['Guests', input.guests.join(', ')],
    ]),
  )
  sheet.group('Sect', () => drawFacts(sheet, 'Price', priceFacts(input)))
  sheet.group('Sect', () =>
    drawNotes(sheet, 'Cancelling and help', [
      ...cancellationWords(stay, input.shown),
      ...stay.remarks,
      ...(sheet.hasGaps()
        ? [`${UNPRINTABLE} stands for a letter this document cannot print. The hotel holds the name as it was given.`]
        : []),
      input.support,
    ]),
  )
  return sheet.finish()
}

function priceFacts({ stay, total }: VoucherInput): [name: string, value: string][] {
  const atProperty = stay.charges.filter(({ due }) => due === 'property')
  return [
    stay.payAt === 'property'
      ? ['To pay at the hotel', `${formatMoney(stay.total)}, nothing has been paid to us`]
      : ['Paid in full', formatMoney(total)],
    ...atProperty.map(({ name, amount }): [string, string] => [
      name,
      `${amount === null ? 'an amount the hotel has not told us' : formatMoney(amount)}, to pay at the hotel`,
    ]),
  ]
}
