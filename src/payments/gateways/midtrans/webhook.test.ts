import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WebhookDelivery } from '../contract.ts'
import { verifyMidtransWebhook } from './webhook.ts'

/**
 * Order, status, amount and key of the example in Midtrans's documentation, which prints no result. The result is the one that
 * public test suites of others, computed in other languages, agree on.
 * https://docs.midtrans.com/docs/https-notification-webhooks
 */
const KEY = 'askvnoibnosifnboseofinbofinfgbiufglnbfg'
const PUBLISHED = {
  order_id: '1111',
  status_code: '200',
  gross_amount: '100000.00',
  transaction_status: 'settlement',
  transaction_id: '513f1f01-c9da-474c-9fc9-d5c64364b709',
  signature_key:
    'edc076b21793ebe3e17926350f5b8ae67d902fe657b3d0aa31b932d5c127e2375d308a2bc94f3265ac2d80a1f181a79b997ac178a236fcff35af263fc4d4c231',
}

const deliver = (body: object | string): WebhookDelivery => ({
  method: 'POST',
  url: '/v1/webhooks/midtrans',
  headers: {},
  rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const verify = (body: object | string, keys: string[] = [KEY]) => verifyMidtransWebhook(keys, deliver(body))

describe('a signature', () => {
  test('of the published vector is computed as Midtrans computes it', () => {
    expect(verify(PUBLISHED)).toMatchObject({ outcome: 'genuine', hint: { clientRef: '1111', paymentId: null, providerRef: null } })
  })

  test('of our second vector too', () => {
    const signature_key = createHash('sha512').update('bk_1200150000.00SB-Mid-server-x').digest('hex')
    expect([signature_key.slice(0, 8), signature_key.slice(-9)]).toEqual(['59308a45', '59569b442'])
    expect(verify({ order_id: 'bk_1', status_code: '200', gross_amount: '150000.00', signature_key }, ['SB-Mid-server-x']).outcome).toBe(
      'genuine',
    )
  })

  test('is over the amount as it is written, not over what it is worth', () => {
    expect(verify({ ...PUBLISHED, gross_amount: '100000' }).outcome).toBe('forged')
    expect(verify({ ...PUBLISHED, gross_amount: 100_000 }).outcome).toBe('forged')
  })

  test('is accepted with either key while one replaces the other, and with neither afterwards', () => {
    expect(verify(PUBLISHED, ['new-key', KEY]).outcome).toBe('genuine')
    expect(verify(PUBLISHED, ['new-key']).outcome).toBe('forged')
    expect(verify(PUBLISHED, []).outcome).toBe('forged')
  })

  test.each([
    ['missing', { signature_key: undefined }],
    ['empty', { signature_key: '' }],
    ['too short', { signature_key: PUBLISHED.signature_key.slice(0, 126) }],
    ['in capitals', { signature_key: PUBLISHED.signature_key.toUpperCase() }],
    ['of another order', { order_id: '1112' }],
    ['of another status', { status_code: '201' }],
    ['of another amount', { gross_amount: '100000.01' }],
    ['a list', { signature_key: [PUBLISHED.signature_key] }],
  ])('that is %s is forged', (_name, change) => {
    expect(verify({ ...PUBLISHED, ...change }).outcome).toBe('forged')
  })

  test('does not survive a change of what it covers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('order_id', 'status_code', 'gross_amount', 'signature_key'),
        fc.nat(200),
        fc.integer({ min: 0x21, max: 0x7e }),
        (name, at, code) => {
          const field = PUBLISHED[name as 'order_id']
          const index = at % field.length
          const changed = field.slice(0, index) + String.fromCharCode(code) + field.slice(index + 1)
          fc.pre(changed !== field)
          expect(verify({ ...PUBLISHED, [name]: changed }).outcome).toBe('forged')
        },
      ),
    )
  })

  test('covers three texts in a row, whose borders could be moved: what they name then is nothing of ours', () => {
    const moved = verify({ ...PUBLISHED, order_id: '111', status_code: '1200' })
    expect(moved).toMatchObject({ outcome: 'genuine', hint: { clientRef: '111' } })
  })
})

test('what is not covered may have been edited, so each wording has a key of its own and takes no other one its place', () => {
  const keyOf = (body: object) => {
    const found = verify(body)
    return found.outcome === 'genuine' ? found.hint.dedupeKey : null
  }
  const edited = { ...PUBLISHED, transaction_status: 'refund' }
  expect(keyOf(edited)).not.toBe(keyOf(PUBLISHED))
  expect(keyOf(PUBLISHED)).toBe(keyOf({ ...PUBLISHED }))
})

test.each([['not json'], ['[]'], ['null'], ['{}'], ['"text"']])(
  '"%s" is forged: where the signature is inside, nothing else is signed',
  (body) => {
    expect(verify(body).outcome).toBe('forged')
  },
)
