import { describe, expect, test } from 'vitest'
import { XmlError } from '../../platform/xml.ts'
import { ProviderError } from '../errors.ts'
import { readMessage, versionOf } from './message.ts'
import { readSample, SAMPLES } from '../../../test/support/ndc-samples.ts'
import { translate } from './translate.ts'

const ORDER = readSample('order-19.2-split-tickets')

describe('a message', () => {
  test.each(SAMPLES)('%s says itself of which message and version it is', (name) => {
    const message = readMessage(readSample(name))
    const [kind, version] = name.split('-') as [string, string]
    const names: Record<string, RegExp> = {
      shop: /^AirShoppingRS$/,
      price: /^OfferPriceRS$/,
      order: /^OrderViewRS$/,
      tickets: /^AirDocDisplayRS$/,
      seats: /^SeatAvailabilityRS$/,
      cancellation: /^OrderCancelRS$/,
      void: /^AirDocVoidRS$/,
      error: /^(AirShoppingRS|OrderViewRS|Fault)$/,
    }
    expect(message.name).toMatch(names[kind]!)
    // The common types of 21.3 are in a namespace that names no release.
    if (message.name !== 'Fault' && version !== '21.3') expect(versionOf(message)).toBe(version === '18.1' ? '18.1' : version)
  })

  test.each([
    ['a SOAP envelope', (text: string) => `<E:Envelope xmlns:E="e"><E:Header/><E:Body>${text}</E:Body></E:Envelope>`],
    [
      'a SOAP envelope with wrappers',
      (text: string) => `<Envelope><Body><Rpc><Return><Payload>${text}</Payload></Return></Rpc></Body></Envelope>`,
    ],
    ['an aggregator’s reply', (text: string) => `<ProcessResponse xmlns="p"><Data><A/>${text}</Data></ProcessResponse>`],
  ])('is found inside %s', (_, wrap) => {
    expect(translate('book', wrap(ORDER))).toEqual(translate('book', ORDER))
  })

  test.each(['<html><body>Bad gateway</body></html>', '<OTA_AirLowFareSearchRS/>', '<a><b><c/></b></a>', 'text', '', '<unfinished'])(
    '%j is none',
    (text) => {
      expect(() => readMessage(text)).toThrow(XmlError)
      expect(() => translate('shop', text)).toThrow(ProviderError)
    },
  )

  test('is not looked for in places without end', () => {
    expect(() => readMessage('<a>'.repeat(60) + '<AirShoppingRS/>' + '</a>'.repeat(60))).toThrow(XmlError)
  })
})

describe('errors', () => {
  test.each([
    ['attributes of 17.2', 'error-17.2-order', { code: '399', text: 'DUPLICATE NAME', processing: 'NotProcessed' }],
    ['elements of 19.2', 'error-19.2', { code: '911', text: 'Unable to process - system error', processing: null }],
    ['a SOAP fault', 'error-17.2-soap-fault', { code: 'soap:Server', text: 'Session expired', processing: null }],
  ])('are read from %s', (_, name, error) => {
    expect(readMessage(readSample(name)).errors).toEqual([error])
  })

  test('that say that nothing is sold are an empty answer to a search', () => {
    expect(translate('shop', readSample('error-19.2-not-sold'))).toEqual({ kind: 'offers', solutions: 0, offers: [] })
  })

  test('of a search are refusals, whatever it is taken for', () => {
    for (const kind of ['shop', 'book', 'cancel'] as const)
      expect(() => translate(kind, readSample('error-19.2'))).toThrow(expect.objectContaining({ fault: 'refused', code: '911' }) as Error)
  })

  test('of an order are no proof unless they are on the list', () => {
    for (const kind of ['book', 'ticket', 'cancel', 'void'] as const)
      expect(translate(kind, readSample('error-17.2-order'))).toMatchObject({ result: { outcome: 'unknown' } })
  })

  test('beside an order are no success', () => {
    const both = ORDER.replace('<Response>', '<Error><Code>911</Code></Error><Response>')
    for (const kind of ['book', 'ticket', 'cancel'] as const)
      expect(translate(kind, both)).toMatchObject({ result: { outcome: 'unknown' } })
  })
})

test('a message that is no answer is named, not read', () => {
  expect(translate('shop', '<IATA_OrderChangeNotifRQ xmlns="http://www.iata.org/IATA/2015/00/2019.2/IATA_OrderChangeNotifRQ"/>')).toEqual({
    kind: 'note',
    message: 'OrderChangeNotifRQ is not read further',
    facts: { message: 'OrderChangeNotifRQ', version: '19.2' },
  })
})
