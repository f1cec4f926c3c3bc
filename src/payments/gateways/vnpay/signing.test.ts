import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../../../kernel/money.ts'
import { parseInstant } from '../../../kernel/time.ts'
import { UnrepresentableAmount } from '../amounts.ts'
import { Refused } from '../json-call.ts'
import { MalformedReply } from '../wire-fields.ts'
import { hmacHex } from '../signing.ts'
import { fromVnpayAmount } from './from-wire.ts'
import { toPayUrl, toVnpayAmount } from './to-wire.ts'
import { readReply, SIGNED_FIELDS, signedFields, signedQuery } from './wire.ts'

const SECRET = 'SECRETSECRET'
/** A return of VNPay's demo shop with the signature that goes with it. */
const VECTOR = {
  vnp_Amount: '1806000',
  vnp_BankCode: 'NCB',
  vnp_BankTranNo: 'VNP1',
  vnp_CardType: 'ATM',
  vnp_OrderInfo: 'Thanh toan don hang :5',
  vnp_PayDate: '20210801153500',
  vnp_ResponseCode: '00',
  vnp_TmnCode: 'DEMOV210',
  vnp_TransactionNo: '123',
  vnp_TransactionStatus: '00',
  vnp_TxnRef: '5',
}
const VECTOR_TEXT =
  'vnp_Amount=1806000&vnp_BankCode=NCB&vnp_BankTranNo=VNP1&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+don+hang+%3A5&vnp_PayDate=20210801153500' +
  '&vnp_ResponseCode=00&vnp_TmnCode=DEMOV210&vnp_TransactionNo=123&vnp_TransactionStatus=00&vnp_TxnRef=5'
const VECTOR_HASH =
  '015c0e5fec94479e8d3b2a8bd8f57823ccbbeceb0573cd78f1212d576dc67101ef81123159ed315ab48a9144b22dba4d89c371424bb6d574514de3922b4810b8'

const value = fc.string({ unit: 'grapheme', maxLength: 12 })
const query = fc.dictionary(fc.stringMatching(/^vnp_[A-Za-z]{1,8}$/), value, { maxKeys: 8 })

describe('what is signed of a query', () => {
  test('is that of the published vector', () => {
    expect(signedQuery(VECTOR)).toBe(VECTOR_TEXT)
    expect(hmacHex('sha512', SECRET, signedQuery(VECTOR))).toBe(VECTOR_HASH)
  })

  test('does not depend on the order, and leaves out what is empty and the signature itself', () => {
    const shuffled = {
      vnp_SecureHashType: 'HmacSHA512',
      vnp_SecureHash: 'x',
      vnp_Empty: '',
      ...Object.fromEntries(Object.entries(VECTOR).reverse()),
    }
    expect(signedQuery(shuffled)).toBe(VECTOR_TEXT)
  })

  test('can be read back, so that two that are signed alike say the same', () => {
    const said = (values: Record<string, string>): Record<string, string> =>
      Object.fromEntries(
        Object.entries(values).filter(([name, text]) => text !== '' && name !== 'vnp_SecureHash' && name !== 'vnp_SecureHashType'),
      )
    fc.assert(
      fc.property(query, (values) => {
        expect(Object.fromEntries(new URLSearchParams(signedQuery(values)))).toEqual(said(values))
      }),
    )
    const joined = { vnp_A: '1&vnp_B=2' }
    expect(signedQuery(joined)).not.toBe(signedQuery({ vnp_A: '1', vnp_B: '2' }))
  })
})

describe('what is signed of a call', () => {
  test('can be read back, and is refused when a value holds the sign between two', () => {
    const names = ['a', 'b', 'c']
    const some = fc.oneof(value, fc.constantFrom('|', 'x|y', '00|'))
    fc.assert(
      fc.property(fc.array(some, { minLength: 3, maxLength: 3 }), (values) => {
        const fields = Object.fromEntries(names.map((name, i) => [name, values[i]!]))
        if (values.some((one) => one.includes('|'))) expect(() => signedFields(fields, names)).toThrow(MalformedReply)
        else expect(signedFields(fields, names).split('|')).toEqual(values)
      }),
    )
  })
})

const CONFIG = { tmnCode: 'FAREWIRE', hashSecret: SECRET }
const REPLY: Record<string, string | number> = {
  vnp_ResponseId: 'r1',
  vnp_Command: 'querydr',
  vnp_ResponseCode: '00',
  vnp_Message: 'QueryDR Success',
  vnp_TmnCode: 'FAREWIRE',
  vnp_TxnRef: 'pay1',
  vnp_Amount: '1000000',
  vnp_BankCode: 'NCB',
  vnp_PayDate: '20261125213000',
  vnp_TransactionNo: '14000001',
  vnp_TransactionType: '01',
  vnp_TransactionStatus: '00',
  vnp_OrderInfo: 'Query pay1',
}
const signed = (reply: Record<string, unknown>, secret = SECRET): Record<string, unknown> => {
  const texts = Object.fromEntries(Object.entries(reply).map(([name, field]) => [name, String(field)]))
  return { ...reply, vnp_SecureHash: hmacHex('sha512', secret, SIGNED_FIELDS.querydrReply.map((name) => texts[name] ?? '').join('|')) }
}

describe('a reply', () => {
  test('that is signed is read, with numbers written either way', () => {
    expect(readReply(signed(REPLY), 'querydr', CONFIG)).toMatchObject({ code: '00', amount: '1000000', transactionStatus: '00' })
    expect(readReply(signed({ ...REPLY, vnp_Amount: 1_000_000 }), 'querydr', CONFIG).amount).toBe('1000000')
  })

  test('without a signature, or with that of another, is not read', () => {
    expect(() => readReply(REPLY, 'querydr', CONFIG)).toThrow(MalformedReply)
    expect(() => readReply({ ...REPLY, vnp_SecureHash: '' }, 'querydr', CONFIG)).toThrow(MalformedReply)
    expect(() => readReply(signed(REPLY, 'another'), 'querydr', CONFIG)).toThrow(MalformedReply)
    expect(() => readReply(signed({ ...REPLY, vnp_TmnCode: 'ANOTHER1' }), 'querydr', CONFIG)).toThrow('vnp_TmnCode')
    expect(() => readReply(signed({ ...REPLY, vnp_Command: 'refund' }), 'querydr', CONFIG)).toThrow(MalformedReply)
  })

  test.each(SIGNED_FIELDS.querydrReply)('with another %s than was signed is not read', (name) => {
    fc.assert(
      fc.property(value, (other) => {
        fc.pre(other !== String(REPLY[name] ?? ''))
        expect(() => readReply({ ...signed(REPLY), [name]: other }, 'querydr', CONFIG)).toThrow(MalformedReply)
      }),
      { numRuns: 20 },
    )
  })

  test('in which a value has moved from one field to the next is not read, though the signed text is the same', () => {
    const genuine = signed({ ...REPLY, vnp_Message: 'x', vnp_TmnCode: 'FAREWIRE' })
    const moved = { ...genuine, vnp_Message: 'x|FAREWIRE', vnp_TmnCode: '' }
    expect(() => readReply(moved, 'querydr', CONFIG)).toThrow(MalformedReply)
  })

  test('of lists and objects in place of texts is not read', () => {
    for (const odd of [['00'], { a: 1 }, true, 1.5])
      expect(() => readReply({ ...signed(REPLY), vnp_Amount: odd }, 'querydr', CONFIG)).toThrow(MalformedReply)
    for (const odd of [null, 'x', [], 7]) expect(() => readReply(odd, 'querydr', CONFIG)).toThrow(MalformedReply)
  })
})

describe('an amount', () => {
  test('is a hundred times as many at VNPay, and comes back as it went', () => {
    expect(toVnpayAmount(money(10_000, 'VND'))).toBe('1000000')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), (dong) => {
        expect(fromVnpayAmount(toVnpayAmount(money(dong, 'VND')))).toEqual(money(dong, 'VND'))
      }),
    )
  })

  test('that VNPay cannot be asked for is refused, and a fraction of a đồng is not read', () => {
    for (const wrong of [money(10_000_000_000, 'VND'), money(0, 'VND'), money(100, 'USD')])
      expect(() => toVnpayAmount(wrong)).toThrow(UnrepresentableAmount)
    for (const wrong of ['1', '150', '-100', '1e4', '100.00', '']) expect(() => fromVnpayAmount(wrong)).toThrow(MalformedReply)
  })
})

test('the address of a payment is the same each time, and signed', () => {
  const config = {
    ...CONFIG,
    payUrl: 'https://pay.example/vpcpay.html',
    apiUrl: '',
    serverIp: '203.0.113.7',
    readTimeoutMs: 1,
    writeTimeoutMs: 1,
  }
  const request = {
    paymentId: 'pay_1',
    clientRef: 'pay1',
    createdAt: parseInstant('2026-11-25T14:30:05Z'),
    amount: money(1_250_000, 'VND'),
    providerRef: null,
    description: 'Hà Nội → Đà Nẵng',
    customerEmail: 'an@example.com',
    customerIp: null,
    expiresAt: parseInstant('2026-11-25T15:00:00Z'),
    returnUrl: 'https://shop.example/trips/1?a=b&c=d',
    cancelUrl: 'https://shop.example/trips/1/pay',
  }
  const url = new URL(toPayUrl(config, request))
  expect(toPayUrl(config, request)).toBe(url.toString())
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    vnp_Amount: '125000000',
    vnp_CreateDate: '20261125213005',
    vnp_ExpireDate: '20261125220000',
    vnp_OrderInfo: 'Ha Noi Da Nang',
    vnp_ReturnUrl: 'https://shop.example/trips/1?a=b&c=d',
    vnp_IpAddr: '203.0.113.7',
    vnp_TxnRef: 'pay1',
  })
  const { vnp_SecureHash, ...rest } = Object.fromEntries(url.searchParams)
  expect(vnp_SecureHash).toBe(hmacHex('sha512', SECRET, signedQuery(rest)))
  expect(url.toString()).not.toContain('an%40example.com')
  expect(() => toPayUrl(config, { ...request, returnUrl: `https://shop.example/${'x'.repeat(255)}` })).toThrow(Refused)
})
