import { describe, expect, test } from 'vitest'
import { parseCurrency } from '../../kernel/currency.ts'
import { systemClock } from '../../kernel/time.ts'
import type { PartnerOptions, PartnerRequest } from '../../platform/partner.ts'
import { PartnerError } from '../../platform/partner.ts'
import { ProviderError } from '../errors.ts'
import { amadeus } from './index.ts'

const REQUIRED = {
  AMADEUS_URL: 'https://noded1.test.webservices.amadeus.com',
  AMADEUS_USERNAME: 'WSTEST',
  AMADEUS_PASSWORD: 'secret',
  AMADEUS_OFFICE_ID: 'PARFW2100',
}

/** The provider of an environment, with what it sends. */
function create(environment: Readonly<Record<string, string>>) {
  const sent: PartnerRequest[] = []
  const options: PartnerOptions[] = []
  const read = (name: string): string => {
    if (environment[name] === undefined) throw new Error(`${name} is not set`)
    return environment[name]
  }
  const [provider] = amadeus.create(
    { read, find: (name) => environment[name] },
    {
      clock: systemClock,
      currency: parseCurrency('IDR'),
      over: (partner, make) => {
        options.push(partner)
        return make((request) => {
          sent.push(request)
          return Promise.reject(new PartnerError('unreachable', 'nobody is there', { neverSent: true }))
        })
      },
    },
  )
  return { provider: provider!, sent, options }
}

const call = () => ({ signal: new AbortController().signal })

describe('the seller', () => {
  test('is switched on by its address, and then needs user, password and office', () => {
    const names = Object.entries(amadeus.environment)
    expect(names[0]![0]).toBe('AMADEUS_URL')
    expect(names.filter(([, variable]) => !variable.isOptional).map(([name]) => name)).toEqual(Object.keys(REQUIRED))
    for (const [name, value] of Object.entries(REQUIRED)) expect(amadeus.environment[name]!.pattern?.test(value) ?? true).toBe(true)
    expect(amadeus.environment['AMADEUS_OFFICE_ID']!.pattern!.test('Paris')).toBe(false)
    expect(() => create({ ...REQUIRED, AMADEUS_OFFICE_ID: undefined as never })).toThrow('AMADEUS_OFFICE_ID is not set')
  })

  test('calls the access point, as the duty, in the currency that is configured', async () => {
    const { provider, sent, options } = create({ ...REQUIRED, AMADEUS_WSAP: '1ASIWTEST', AMADEUS_DUTY_CODE: 'GS' })
    await expect(
      provider.flights!.shop({ slices: [], passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' }, call()),
    ).rejects.toThrow(ProviderError)
    expect(sent[0]!.url).toBe('https://noded1.test.webservices.amadeus.com/1ASIWTEST')
    expect(sent[0]!.headers['soapaction']).toBe('"http://webservices.amadeus.com/FMPTBQ_16_3_1A"')
    expect(sent[0]!.body).toContain('AgentDutyCode="GS"')
    expect(sent[0]!.body).toContain('<currency>IDR</currency>')
    expect(sent[0]!.body).not.toContain('secret')
    expect(options[0]!.name).toBe('Amadeus')
  })

  test('implements what the supplier has, and no more', () => {
    const flights = create(REQUIRED).provider.flights!
    expect(Object.keys(flights).sort()).toEqual([
      ...[
        'book',
        'cancel',
        'fareRules',
        'find',
        'price',
        'quoteRefund',
        'readShop',
        'refund',
        'retrieve',
        'seatMaps',
        'shop',
        'ticket',
        'void',
      ],
    ])
  })

  test('reads messages without being configured, and calls nobody', async () => {
    const translator = amadeus.createTranslator(systemClock)
    expect(translator.translate('ticket', '<DocIssuance_IssueTicketReply/>')).toMatchObject({
      kind: 'tickets',
      result: { outcome: 'unknown' },
    })
    await expect(translator.flights!.retrieve('ABC123', call())).rejects.toThrow('a translator calls nobody')
  })

  test('a SOAP fault is an answer and no outage, a page of a gateway is', () => {
    const { isOutage } = create(REQUIRED).options[0]!
    const reply = (status: number, text: string) => ({ status, headers: {}, bytes: Buffer.from(text), body: text })
    expect(
      isOutage!(
        reply(
          500,
          '<soap:Envelope><soap:Body><soap:Fault><faultstring> 11|Session|</faultstring></soap:Fault></soap:Body></soap:Envelope>',
        ),
      ),
    ).toBe(false)
    expect(isOutage!(reply(503, '<html>Service Unavailable</html>'))).toBe(true)
    expect(isOutage!(reply(200, '<html/>'))).toBe(false)
  })
})
