import { writeXml } from '../../platform/xml.ts'
import type { Segment } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import type { AmadeusOn } from './config.ts'
import { toHostName } from '../host-text.ts'
import { OPTION } from './wire.ts'
import { element, text, wireDate } from './write-values.ts'

/** The body of PNR_Retrieve for one locator. */
export function writeRetrieve(locator: string): string {
  return element(
    'retrievalFacts',
    element('retrieve', text('type', 2)),
    element('reservationOrProfileIdentifier', element('reservation', text('controlNumber', locator))),
  )
}

/** The body of PNR_Retrieve for a traveller's family name on a day's flight, among the records of our office. */
export function writeRetrieveByName(config: AmadeusOn, who: Passenger, first: Segment): string {
  return element(
    'retrievalFacts',
    element('retrieve', text('type', 3), text('office', config.officeId)),
    element(
      'personalFacts',
      element('travellerInformation', element('traveller', text('surname', toHostName(who.familyName)))),
      element(
        'productInformation',
        element('product', text('depDate', wireDate(first.departure.local))),
        element('boardpointDetail', text('cityCode', first.origin)),
        element('offpointDetail', text('cityCode', first.destination)),
        element('company', text('code', first.carrier)),
        element('productDetails', text('identification', first.flightNumber)),
      ),
    ),
  )
}

/** The body of Ticket_DisplayTST: every stored fare of the record in the conversation. */
export function writeDisplayFares(): string {
  return element('displayMode', element('attributeDetails', text('attributeType', 'ALL')))
}

/** The body of DocIssuance_IssueTicket: electronic tickets for every stored fare. */
export function writeIssue(): string {
  return element('optionGroup', element('switches', element('statusDetails', text('indicator', 'ET'))))
}

/** The body of PNR_Cancel: the whole itinerary, ended at once. */
export function writeCancel(): string {
  return [element('pnrActions', text('optionCode', OPTION.endAndRetrieve)), element('cancelElements', text('entryType', 'I'))].join('')
}

/** The body of Ticket_CancelDocument: one document is voided. */
export function writeVoid(config: AmadeusOn, number: string): string {
  return [
    element('documentNumberDetails', element('documentDetails', text('number', number))),
    element('stockProviderDetails', element('officeSettingsDetails', text('marketIataCode', config.market))),
    element('targetOfficeDetails', element('originatorDetails', text('inHouseIdentification2', config.officeId))),
  ].join('')
}

/** The body of AMA_TicketInitRefundRQ: what an automated refund (ATC) of these documents would pay. */
export function writeInitRefund(numbers: readonly string[]): string {
  return [
    element('Contracts', ...numbers.map((number) => writeXml('Contract', { Number: number }))),
    element('ActionDetails', writeXml('ActionDetail', { Indicator: 'ATC' })),
  ].join('')
}
