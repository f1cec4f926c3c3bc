import { expect, test } from 'vitest'
import { redactHeaders, redactMessage, redactUrl } from './redact.ts'

const PEOPLE = /Budi|Santoso|1990-04-18|C1234567|budi@example|\+6281|4242|hunter2/i

test('people and secrets leave a JSON message, whose shape and prices stay', () => {
  const text = JSON.stringify({
    data: {
      passengers: [
        { given_name: 'Budi', family_name: 'Santoso', born_on: '1990-04-18', identity_documents: [{ unique_identifier: 'C1234567' }] },
      ],
      total_amount: '412.50',
      contact: { emailAddress: 'budi@example.com', phoneNumbers: ['+62812345678'] },
      payment: { cardNumber: '4242424242424242' },
      remark: 'call budi@example.com or charge 4242424242424242',
    },
  })
  const clean = redactMessage(text)
  expect(clean).not.toMatch(PEOPLE)
  expect(JSON.parse(clean)).toMatchObject({ data: { total_amount: '412.50', passengers: [{ given_name: 'REDACTED' }] } })
})

test('people and secrets leave an XML message, whatever its prefixes', () => {
  const clean = redactMessage(
    `<s:Envelope><wsse:UsernameToken><wsse:Password Type="d">hunter2</wsse:Password></wsse:UsernameToken>
     <com:BookingTravelerName First='Budi' Last="X" Prefix="Mr"/><ns2:Surname>Santoso</ns2:Surname><GivenName> Budi </GivenName>
     <com:PhoneNumber Number="8" CountryCode="62"/><Email EmailID="budi@example.com"/><air:Price TotalPrice="EUR178.74">178.74</air:Price>
     <DOB>1990-04-18</DOB></s:Envelope>`,
  )
  expect(clean).not.toMatch(PEOPLE)
  expect(clean).toContain('TotalPrice="EUR178.74">178.74<')
})

test('what opens a door leaves headers, addresses and forms', () => {
  expect(
    redactHeaders({ authorization: 'Bearer hunter2', 'x-signature': 'hunter2', 'api-key': 'hunter2', accept: 'application/json' }),
  ).toEqual({
    authorization: 'REDACTED',
    'x-signature': 'REDACTED',
    'api-key': 'REDACTED',
    accept: 'application/json',
  })
  expect(redactUrl('https://x/itineraries?email=budi@example.com&limit=1')).toBe('https://x/itineraries?email=REDACTED&limit=1')
  expect(redactMessage('grant_type=client_credentials&client_secret=hunter2')).toBe('grant_type=client_credentials&client_secret=REDACTED')
})

test('a message that is neither keeps its form and still loses card numbers and addresses', () => {
  expect(redactMessage('Sorry, 4242424242424242 of budi@example.com was refused (2026-12-01)')).toBe(
    'Sorry, REDACTED of REDACTED was refused (2026-12-01)',
  )
})
