import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../../../kernel/money.ts'
import { instant, parseInstant } from '../../../kernel/time.ts'
import { MalformedReply, type Fields } from '../wire-fields.ts'
import { hmacHex } from '../signing.ts'
import { toGatewayPayment } from './from-wire.ts'
import { orderSignature, toOrder, toOrderCode } from './to-wire.ts'
import { isSigned, readLink, readSignedData, signedData } from './wire.ts'

const NOW = parseInstant('2026-11-25T14:30:00Z')
const value = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 14 }), fc.constantFrom('&orderCode=7', 'A & B', 'null', '', 'a=b', '&x=1&'))
const item = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.oneof(value, fc.integer(), fc.constant(null)), { maxKeys: 3 })
const data = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.oneof(value, fc.array(item, { maxLength: 2 })), { maxKeys: 6 })

const textOf = (fields: Fields): string | null => {
  try {
    return signedData(fields)
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedReply)
    return null
  }
}
/** What PayOS's rule holds to be one and the same: nothing, and the words for it. */
const plain = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, one === null || one === 'null' || one === 'undefined' ? '' : one]))

describe('what is signed', () => {
  test('does not depend on the order of the fields, nor on that within a list', () => {
    fc.assert(
      fc.property(data, (fields) => {
        const turned = (one: Fields): Fields => Object.fromEntries(Object.entries(one).reverse())
        const shuffled = Object.fromEntries(
          Object.entries(turned(fields)).map(([name, one]) => [name, Array.isArray(one) ? (one as Fields[]).map(turned) : one]),
        )
        expect(textOf(shuffled)).toBe(textOf(fields))
      }),
    )
  })

  test('can be read back, so that two that are signed alike say the same', () => {
    const flat = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), value, { minKeys: 1, maxKeys: 6 })
    fc.assert(
      fc.property(flat, (fields) => {
        const text = textOf(fields)
        if (text === null) return
        const readBack = text
          .split(/&(?=[A-Za-z0-9_]+=)/)
          .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
        expect(Object.fromEntries(readBack)).toEqual(plain(fields))
      }),
    )
  })

  test('is refused where a value could be taken for the next field', () => {
    // The same text would be signed for an order of another code.
    const genuine = { description: 'A&orderCode=7&orderCodf=', orderCode: 3 }
    const edited = { description: 'A', orderCode: 7, orderCodf: '&orderCode=3' }
    const naive = (fields: Fields) =>
      Object.keys(fields)
        .sort()
        .map((name) => `${name}=${fields[name]}`)
        .join('&')
    expect(naive(genuine)).toBe(naive(edited))
    expect(textOf(genuine)).toBeNull()
    expect(textOf(edited)).toBeNull()
    expect(textOf({ counterAccountName: 'CONG TY A & B' })).toBe('counterAccountName=CONG TY A & B')
  })

  test('is refused where the rule would sign nothing of it', () => {
    for (const odd of [{ a: { b: 1 } }, { a: [1] }, { a: [[{}]] }, { a: [{ b: {} }] }, { a: Number.NaN }, { 'a=b': 'c' }])
      expect(textOf(odd)).toBeNull()
  })

  test('with nothing, in whichever words, is the same', () => {
    for (const nothing of [null, '', 'null', 'undefined']) expect(signedData({ a: nothing, b: 1 })).toBe('a=&b=1')
  })
})

describe('a reply', () => {
  const link = {
    id: 'l1',
    orderCode: 5,
    amount: 3_000,
    amountPaid: 3_000,
    status: 'PAID',
    transactions: [{ amount: 3_000, reference: 'FT1' }],
  }
  const KEY = 'a-checksum-key'
  const reply = (over: Fields = {}) => ({
    code: '00',
    message: '',
    data: link,
    signature: hmacHex('sha256', KEY, signedData(link)),
    ...over,
  })

  test('is read when its data is signed, and never when the signature is missing or of something else', () => {
    expect(readLink(readSignedData(KEY, reply()))).toMatchObject({ amountPaid: 3_000, status: 'PAID' })
    expect(() => readSignedData(KEY, reply({ signature: null }))).toThrow(MalformedReply)
    expect(() => readSignedData('another', reply())).toThrow(MalformedReply)
    expect(() => readSignedData(KEY, reply({ data: null }))).toThrow(MalformedReply)
    for (const [name, other] of Object.entries({ id: 'l2', orderCode: 6, amount: 1, amountPaid: 1, status: 'PENDING', transactions: [] }))
      expect(() => readSignedData(KEY, reply({ data: { ...link, [name]: other } }))).toThrow(MalformedReply)
    expect(() => readSignedData(KEY, reply({ data: { ...link, extra: 1 } }))).toThrow(MalformedReply)
  })

  test('whose transfers do not add up is not read', () => {
    expect(() => readLink({ ...link, amountPaid: 2_999 })).toThrow(MalformedReply)
    expect(() => readLink({ ...link, transactions: null })).toThrow(MalformedReply)
    expect(() => readLink({ ...link, amountPaid: '3000' })).toThrow(MalformedReply)
  })
})

describe('an order', () => {
  const request = {
    paymentId: 'pay_1',
    clientRef: toOrderCode({ number: 42, createdAt: NOW }),
    createdAt: NOW,
    amount: money(1_250_000, 'VND'),
    providerRef: null,
    description: 'Hà Nội → Đà Nẵng',
    customerEmail: 'an@example.com',
    customerIp: null,
    expiresAt: instant(NOW + 1_800_999),
    returnUrl: 'https://shop.example/trips/1?a=b&c=d',
    cancelUrl: 'https://shop.example/trips/1/pay',
  }

  test('is signed over five of its fields as they are', () => {
    const order = toOrder('key', request)
    expect(order).toEqual({
      orderCode: 261_125_000_000_042,
      amount: 1_250_000,
      description: 'FW16',
      cancelUrl: request.cancelUrl,
      returnUrl: request.returnUrl,
      expiredAt: Math.floor(request.expiresAt / 1_000),
      signature: orderSignature('key', order),
    })
    const text = `amount=1250000&cancelUrl=${request.cancelUrl}&description=FW16&orderCode=261125000000042&returnUrl=${request.returnUrl}`
    expect(order['signature']).toBe(hmacHex('sha256', 'key', text))
  })

  test('has a code that is an integer PayOS takes, another for each payment, and a text that every bank takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999_999 }),
        fc.integer({ min: 1_700_000_000_000, max: 4_000_000_000_000 }),
        (number, at) => {
          const createdAt = instant(at)
          const code = Number(toOrderCode({ number, createdAt }))
          expect(Number.isSafeInteger(code) && code > 0).toBe(true)
          expect(code % 1_000_000_000).toBe(number)
          expect(toOrder('key', { ...request, clientRef: String(code) })['description']).toMatch(/^FW[0-9A-Z]{1,7}$/)
        },
      ),
    )
  })
})

describe('a link', () => {
  const ref = { paymentId: 'pay_1', clientRef: '5', createdAt: NOW, amount: money(3_000, 'VND'), providerRef: null }
  const link = (status: string, ...amounts: number[]) => ({
    id: 'l1',
    orderCode: 5,
    amount: 3_000,
    amountPaid: amounts.reduce((sum, amount) => sum + amount, 0),
    status,
  })

  test.each([
    ['PENDING', [], 'open', null],
    ['PROCESSING', [], 'processing', null],
    ['PROCESSING', [3_000], 'processing', null],
    ['PAID', [3_000], 'paid', 3_000],
    ['PAID', [1_000, 2_000], 'paid', 3_000],
    ['PAID', [3_000, 3_000], 'paid', 6_000],
    ['UNDERPAID', [2_999], 'paid', 2_999],
    ['EXPIRED', [], 'expired', null],
    ['CANCELLED', [], 'expired', null],
    ['FAILED', [], 'failed', null],
    ['EXPIRED', [1_000], 'paid', 1_000],
    ['CANCELLED', [3_000], 'paid', 3_000],
  ] as const)('that is %s with %j is %s with %s: money that came is told, whatever it is', (status, amounts, state, captured) => {
    expect(toGatewayPayment(ref, link(status, ...amounts))).toMatchObject({
      state,
      captured: captured === null ? null : money(captured, 'VND'),
    })
  })

  test('of a state nobody has thought of, or paid with nothing, or of another order or amount, is not understood', () => {
    for (const odd of [link('REFUNDED'), link('REFUNDED', 3_000), link('PAID'), link('UNDERPAID')])
      expect(() => toGatewayPayment(ref, odd)).toThrow(MalformedReply)
    expect(() => toGatewayPayment({ ...ref, clientRef: '6' }, link('PENDING'))).toThrow(MalformedReply)
    expect(() => toGatewayPayment({ ...ref, amount: money(3_001, 'VND') }, link('PENDING'))).toThrow(MalformedReply)
  })
})

test('a signature is compared whatever its case, and never by half', () => {
  const fields = { a: '1' }
  const signature = hmacHex('sha256', 'key', 'a=1')
  expect(isSigned('key', fields, signature.toUpperCase())).toBe(true)
  for (const wrong of [signature.slice(0, 63), `${signature}0`, '']) expect(isSigned('key', fields, wrong)).toBe(false)
})
