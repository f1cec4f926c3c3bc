import { formatAmount } from '../../kernel/money.ts'
import { writeXml } from '../../platform/xml.ts'
import type { FindQuery } from '../contract.ts'
import type { NdcConfig } from './config.ts'
import type { OrderRef } from './read-order.ts'
import { toHostName } from '../host-text.ts'
import { digitsOf, leaf, travellersOf, type NamedTraveller, type Writer } from './write-values.ts'
import { cabinCode, REFERENCE_REMARK, rootOf, type OfferToken, type Request } from './wire.ts'

/** Requests of 17.2. Keys and owners are attributes, references to several passengers one text. */
export const writer17: Writer = {
  shop: (config, query) => {
    const destinations = query.slices.map((slice, i) =>
      writeXml(
        'OriginDestination',
        { OriginDestinationKey: `OD${i + 1}` },
        writeXml('Departure', {}, leaf('AirportCode', slice.origin), leaf('Date', slice.departureDate)),
        writeXml('Arrival', {}, leaf('AirportCode', slice.destination)),
      ),
    )
    const currency = config.currency ? writeXml('Parameters', {}, writeXml('CurrCodes', {}, leaf('CurrCode', config.currency))) : ''
    const cabin = writeXml('CabinPreferences', {}, writeXml('CabinType', {}, leaf('Code', cabinCode(query.cabin))))
    return write17(
      config,
      'AirShopping',
      null,
      currency,
      writeXml('CoreQuery', {}, writeXml('OriginDestinations', {}, ...destinations)),
      writeXml('Preference', {}, cabin),
      writeXml('DataLists', {}, writePassengers(travellersOf(query))),
    )
  },
  price: (config, token) =>
    write17(
      config,
      'OfferPrice',
      null,
      writeXml('Query', {}, writeOffer(token)),
      writeXml('DataLists', {}, writePassengers(token.pax.map(([id, code]) => ({ id, code })))),
    ),
  create: (config, order, token, travellers) =>
    write17(
      config,
      'OrderCreate',
      order.reference,
      writeXml(
        'Query',
        {},
        writeXml('Order', {}, writeOffer(token)),
        writeXml(
          'DataLists',
          {},
          writeXml('PassengerList', {}, ...travellers.map(writeTraveller)),
          writeContacts(order.contact.email, digitsOf(order.contact)),
          writeInstruction(`${REFERENCE_REMARK} ${order.reference}`),
        ),
      ),
    ),
  retrieve: (config, ref) =>
    write17(
      config,
      'OrderRetrieve',
      null,
      writeXml('Query', {}, writeXml('Filters', {}, writeXml('OrderID', { Owner: ref.owner }, leafText(ref.order)))),
    ),
  list: (config, query) => write17(config, 'OrderList', null, writeXml('Query', {}, writeFilters(config, query))),
  ticket: (config, ref, { amount, reference }) => {
    const order = writeXml('OrderReference', {}, writeXml('OrderID', { Owner: ref.owner }, leafText(ref.order)))
    const payment = writeXml(
      'Payment',
      {},
      leaf('Type', 'CA'),
      writeXml('Method', {}, writeXml('Cash', { CashInd: true })),
      writeXml('Amount', { Code: amount.currency }, formatAmount(amount)),
      writeXml('Order', { OrderID: ref.order, Owner: ref.owner }),
    )
    // What is paid stands with the first passenger and is for all of them.
    const infos = ref.pax.map((id, i) =>
      writeXml('TicketDocInfo', {}, leaf('PassengerReference', id), i === 0 ? order + writeXml('Payments', {}, payment) : order),
    )
    return write17(config, 'AirDocIssue', reference, writeXml('Query', {}, leaf('TicketDocQuantity', String(ref.pax.length)), ...infos))
  },
  seats: (config, token) =>
    write17(
      config,
      'SeatAvailability',
      null,
      writeXml('Query', {}, writeXml('OfferID', { Owner: token.owner, ResponseID: token.response }, leafText(token.offer))),
      writeXml('DataLists', {}, writePassengers(token.pax.map(([id, code]) => ({ id, code })))),
    ),
}

/** OrderCancelRQ: cancels an order, and voids or refunds its tickets. */
export function writeCancel17(config: NdcConfig, ref: OrderRef): string {
  return write17(config, 'OrderCancel', null, writeXml('Query', {}, writeXml('Order', { OrderID: ref.order, Owner: ref.owner })))
}

/** AirDocVoidRQ: voids one ticket. Only 17.2 has it; later versions void by cancelling. */
export function writeVoid17(config: NdcConfig, ticketNumber: string): string {
  const document = writeXml('TicketDocument', {}, leaf('TicketDocNbr', ticketNumber), leaf('Type', 'T'))
  return write17(config, 'AirDocVoid', null, writeXml('Query', {}, leaf('TicketDocQuantity', '1'), document))
}

function write17(config: NdcConfig, request: Request, reference: string | null, ...content: readonly string[]): string {
  const { name, namespace } = rootOf('17.2', request)
  const agency = [leaf('Name', config.agencyName), leaf('IATA_Number', config.agencyId), leaf('AgencyID', config.agencyId)]
  const party = writeXml('Party', {}, writeXml('Sender', {}, writeXml('TravelAgencySender', {}, ...agency)))
  const document = writeXml('Document', {}, leaf('Name', 'Farewire'), leaf('ReferenceVersion', '17.2'))
  const root = writeXml(name, { xmlns: namespace, Version: '17.2', TransactionIdentifier: reference }, document, party, ...content)
  return `<?xml version="1.0" encoding="UTF-8"?>${root}`
}

function leafText(text: string): string {
  return leaf('t', text).replace(/^<t>|<\/t>$/g, '')
}

function writePassengers(travellers: readonly { readonly id: string; readonly code: string }[]): string {
  return writeXml('PassengerList', {}, ...travellers.map(({ id, code }) => writeXml('Passenger', { PassengerID: id }, leaf('PTC', code))))
}

function writeOffer(token: OfferToken): string {
  const items = token.items.map((item) =>
    writeXml(
      'OfferItem',
      { OfferItemID: item.id },
      leaf('PassengerRefs', (item.pax.length > 0 ? item.pax : token.pax.map(([id]) => id)).join(' ')),
    ),
  )
  return writeXml('Offer', { OfferID: token.offer, Owner: token.owner, ResponseID: token.response }, ...items)
}

function writeTraveller({ id, code, passenger, infant }: NamedTraveller): string {
  const { document } = passenger
  const individual = writeXml(
    'Individual',
    {},
    leaf('Birthdate', passenger.bornOn),
    leaf('Gender', passenger.gender === 'male' ? 'Male' : passenger.gender === 'female' ? 'Female' : 'Unspecified'),
    leaf('NameTitle', passenger.title?.toUpperCase()),
    leaf('GivenName', toHostName(passenger.givenName)),
    leaf('Surname', toHostName(passenger.familyName)),
  )
  const identity = document
    ? writeXml(
        'IdentityDocument',
        {},
        leaf('IdentityDocumentNumber', document.number.toUpperCase()),
        leaf('IdentityDocumentType', 'PT'),
        leaf('IssuingCountryCode', document.issuingCountry),
        leaf('CitizenshipCountryCode', document.nationality),
        leaf('ExpiryDate', document.expiresOn),
      )
    : ''
  return writeXml(
    'Passenger',
    { PassengerID: id },
    leaf('PTC', code),
    leaf('CitizenshipCountryCode', document?.nationality),
    individual,
    identity,
    leaf('ContactInfoRef', passenger.type === 'infant' ? null : 'CTC1'),
    leaf('InfantRef', infant),
  )
}

function writeContacts(email: string, phone: string): string {
  return writeXml(
    'ContactList',
    {},
    writeXml(
      'ContactInformation',
      { ContactID: 'CTC1' },
      writeXml('ContactProvided', {}, writeXml('EmailAddress', {}, leaf('EmailAddressValue', email))),
      writeXml('ContactProvided', {}, writeXml('Phone', {}, leaf('Label', 'Mobile'), leaf('PhoneNumber', phone))),
    ),
  )
}

function writeInstruction(remark: string): string {
  return writeXml(
    'InstructionsList',
    {},
    writeXml('Instruction', { ListKey: 'INL1' }, writeXml('FreeFormTextInstruction', {}, leaf('Remark', remark))),
  )
}

/** Orders of the first passenger on the first flight's day; our reference, which cannot be asked for, is compared afterwards. */
function writeFilters(config: NdcConfig, { offer, passengers }: FindQuery): string {
  const first = offer.slices[0]?.segments[0]
  const who = passengers[0]
  const departure = first && writeXml('Departure', {}, leaf('AirportCode', first.origin), leaf('Date', first.departure.local.slice(0, 10)))
  const name =
    who &&
    writeXml('Passenger', {}, writeXml('Name', {}, leaf('Surname', toHostName(who.familyName)), leaf('Given', toHostName(who.givenName))))
  return writeXml(
    'Filters',
    {},
    writeXml('Agency', {}, leaf('AgencyID', config.agencyId)),
    departure ? writeXml('Flight', {}, departure) : '',
    name ? writeXml('Passengers', {}, name) : '',
  )
}
