import { describe, expect, test } from 'vitest'
import { parseXml } from '../../platform/xml.ts'
import { outcomeOfCancel, outcomeOfVoidReply } from './cancel.ts'
import { isNoFare, isNoMatch, isNothingFound, outcomeOfRefusals, readFault, readRefusals } from './faults.ts'
import { readMessage } from './soap.ts'
import { outcomeOfIssue } from './ticket.ts'
import { outcomeOfProcess } from './refund.ts'

const fault = (text: string) => readFault(parseXml(`<Fault><faultcode>soap:Client</faultcode><faultstring>${text}</faultstring></Fault>`))
const bodyOf = (text: string) => readMessage(text).body
const issued = (status: string, code: string, text: string): string =>
  `<DocIssuance_IssueTicketReply><processingStatus><statusCode>${status}</statusCode></processingStatus><errorGroup><errorOrWarningCodeDetails><errorDetails><errorCode>${code}</errorCode></errorDetails></errorOrWarningCodeDetails><errorWarningDescription><freeText>${text}</freeText></errorWarningDescription></errorGroup></DocIssuance_IssueTicketReply>`
const voided = (...results: readonly [status: string, code: string | null][]): string =>
  `<Ticket_CancelDocumentReply>${results
    .map(
      ([status, code]) =>
        `<transactionResults><responseDetails><responseType>X</responseType><statusCode>${status}</statusCode></responseDetails>${
          code === null
            ? ''
            : `<errorGroup><errorOrWarningCodeDetails><errorDetails><errorCode>${code}</errorCode></errorDetails></errorOrWarningCodeDetails></errorGroup>`
        }</transactionResults>`,
    )
    .join('')}</Ticket_CancelDocumentReply>`

describe('refusals', () => {
  test('a SOAP fault names code, layer and explanation; those of the application count by code alone', () => {
    expect(fault(' 11|Session|')).toEqual({ code: '11|Session', message: 'Session error 11' })
    expect(fault(' 1931|Application|NO MATCH FOR RECORD LOCATOR')).toEqual({ code: '1931', message: 'NO MATCH FOR RECORD LOCATOR' })
    expect(fault('something else')).toEqual({ code: 'soap:Client', message: 'something else' })
  })

  test.each([
    [
      'a search',
      '<R><errorMessage><applicationError><applicationErrorDetail><error>931</error></applicationErrorDetail></applicationError><errorMessageText><description>NO ITINERARY FOUND</description></errorMessageText></errorMessage></R>',
      { code: '931', message: 'NO ITINERARY FOUND' },
    ],
    [
      'a TST',
      '<R><applicationError><applicationErrorInfo><applicationErrorDetail><applicationErrorCode>CM01959</applicationErrorCode><codeListQualifier>EC</codeListQualifier></applicationErrorDetail></applicationErrorInfo><errorText><errorFreeText>NEED PNR</errorFreeText></errorText></applicationError></R>',
      { code: 'CM01959', message: 'NEED PNR' },
    ],
    [
      'an order of the new kind',
      '<R><Errors><Error Code="25677" ShortText="NO" Type="EC"/></Errors></R>',
      { code: '25677', message: 'NO' },
    ],
    [
      'rules',
      '<R><errorInfo><rejectErrorCode><errorDetails><errorCode>2</errorCode></errorDetails></rejectErrorCode><errorFreeText><freeText>A</freeText><freeText>B</freeText></errorFreeText></errorInfo></R>',
      { code: '2', message: 'A B' },
    ],
  ])('are read wherever %s puts them', (_, text, expected) => {
    expect(readRefusals(bodyOf(text))).toEqual([expected])
  })

  test('a warning is none', () => {
    expect(
      readRefusals(
        bodyOf('<R><errorGroup><errorDetails><errorCode>1</errorCode><errorCategory>WEC</errorCategory></errorDetails></errorGroup></R>'),
      ),
    ).toEqual([])
  })

  test('nothing found, not sold and no such record are told apart from failures', () => {
    for (const code of ['866', '931', '977', '996']) expect(isNothingFound({ code, message: '' })).toBe(true)
    expect(isNothingFound({ code: '920', message: 'Past date/time not allowed' })).toBe(false)
    expect(isNoFare({ code: 'x', message: 'NO FARES/RBD/CARRIER' })).toBe(true)
    expect(isNoFare({ code: 'x', message: 'UNABLE TO PROCESS' })).toBe(false)
    expect(isNoMatch({ code: 'x', message: 'NO NAME' })).toBe(true)
    expect(isNoMatch({ code: 'x', message: 'NOTHING WORKS' })).toBe(false)
  })
})

describe('the allow-list', () => {
  test.each([
    ['O', 'OK', 'OK ETICKET', 'issued'],
    ['X', '339', 'NEED NAMES', 'not_allowed'],
    ['X', '472', 'NEED TST', 'not_allowed'],
    ['X', '5039', 'CREDIT CARD DECLINED', 'declined'],
    ['X', '120', 'UNABLE TO PROCESS', 'unknown'],
    ['X', '476', 'TST ALREADY TICKETED', 'unknown'],
    ['X', '987654', 'A CONDITION NOBODY KNOWS', 'unknown'],
    ['O', '120', 'UNABLE TO PROCESS', 'unknown'],
    ['', 'OK', 'OK ETICKET', 'unknown'],
    ['Q', 'OK', 'OK ETICKET', 'unknown'],
  ])('ticketing: %s %s "%s" is %s', (status, code, text, expected) => {
    const outcome = outcomeOfIssue(bodyOf(issued(status, code, text)))
    if (outcome === 'issued') expect(expected).toBe('issued')
    else expect(outcome.outcome === 'rejected' ? outcome.reason : outcome.outcome).toBe(expected)
  })

  test('ticketing: an empty reply proves nothing', () => {
    expect(outcomeOfIssue(bodyOf('<DocIssuance_IssueTicketReply/>'))).toMatchObject({ outcome: 'unknown' })
  })

  test.each<[string, [string, string | null][], object]>([
    ['every document with O', [['O', null]], { outcome: 'ok' }],
    ['118 for the only one', [['N', '118']], { outcome: 'rejected', reason: 'not_allowed' }],
    [
      '118 for all of them',
      [
        ['N', '118'],
        ['N', '118'],
      ],
      { outcome: 'rejected' },
    ],
    [
      'one of two',
      [
        ['O', null],
        ['N', '118'],
      ],
      { outcome: 'unknown' },
    ],
    ['a code that nobody knows', [['N', '999']], { outcome: 'unknown' }],
    [
      '118 beside an unknown code',
      [
        ['N', '118'],
        ['N', '999'],
      ],
      { outcome: 'unknown' },
    ],
    ['O and an error', [['O', '118']], { outcome: 'unknown' }],
    ['no document', [], { outcome: 'unknown' }],
  ])('voiding: %s', (_, results, expected) => {
    expect(outcomeOfVoidReply(bodyOf(voided(...results)))).toMatchObject(expected)
  })

  test('cancelling: only a record without live flights is cancelled, and no code proves that nothing happened', () => {
    const record = (flights: string): string =>
      `<PNR_Reply><pnrHeader><reservation><companyId>1A</companyId><controlNumber>ABC123</controlNumber></reservation></pnrHeader>${flights}</PNR_Reply>`
    const flight = (status: string): string =>
      `<originDestinationDetails><itineraryInfo><elementManagementItinerary><segmentName>AIR</segmentName></elementManagementItinerary><relatedProduct><status>${status}</status></relatedProduct></itineraryInfo></originDestinationDetails>`
    const of = (text: string) => outcomeOfCancel({ kind: 'reply', body: bodyOf(text), session: null })
    expect(of(record(''))).toEqual({ outcome: 'ok', value: { refund: null } })
    expect(of(record(flight('HX')))).toMatchObject({ outcome: 'ok' })
    expect(of(record(flight('HK')))).toMatchObject({ outcome: 'unknown' })
    expect(of('<PNR_Reply/>')).toMatchObject({ outcome: 'unknown' })
    expect(outcomeOfRefusals('cancel', [{ code: '118', message: 'VOID NOT ALLOWED' }])).toMatchObject({ outcome: 'unknown' })
    expect(outcomeOfRefusals('commit', [{ code: '339', message: 'NEED NAMES' }])).toMatchObject({ outcome: 'unknown' })
  })

  test('refunding: only success is one', () => {
    const reply = (content: string): string =>
      `<AMA_TicketProcessRefundRS><GeneralReply>${content}</GeneralReply></AMA_TicketProcessRefundRS>`
    expect(outcomeOfProcess(bodyOf(reply('<Success/>')), null)).toEqual({ outcome: 'ok', value: { refund: null } })
    expect(outcomeOfProcess(bodyOf(reply('')), null)).toMatchObject({ outcome: 'unknown' })
    expect(outcomeOfProcess(bodyOf(reply('<Success/><Errors><Error Code="1" ShortText="?"/></Errors>')), null)).toMatchObject({
      outcome: 'unknown',
    })
    expect(outcomeOfProcess(bodyOf(reply('<Errors><Error Code="1" ShortText="ALREADY REFUNDED"/></Errors>')), null)).toMatchObject({
      outcome: 'rejected',
      reason: 'not_allowed',
    })
  })

  test('an error whose reason is not told proves nothing', () => {
    for (const operation of ['ticket', 'void', 'refund', 'cancel', 'commit'] as const)
      expect(outcomeOfRefusals(operation, [])).toMatchObject({ outcome: 'unknown' })
  })
})
