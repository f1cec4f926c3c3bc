import { formatAmount, type Money } from '../../kernel/money.ts'
import { writeXml } from '../../platform/xml.ts'
import type { FindQuery } from '../contract.ts'
import type { NdcConfig } from './config.ts'
import type { OrderRef } from './read-order.ts'
import { toHostName } from '../host-text.ts'
import { digitsOf, genderCode, leaf, travellersOf, type NamedTraveller, type Writer } from './write-values.ts'
import { cabinCode, REFERENCE_REMARK, rootOf, type OfferToken, type Request, type Version } from './wire.ts'

/** 19.2 and 21.3: alike but for how parties, lists and payments are called. The schemas want elements in alphabetical order. */
type Later = Exclude<Version, '17.2'>

/** Requests of 19.2 or 21.3. */
export function createWriter21(version: Later): Writer {
  const isLatest = version === '21.3'
  return {
    shop: (config, query) => {
      const criteria = query.slices.map((slice, i) =>
        writeXml(
          'OriginDestCriteria',
          {},
          writeXml(
            'CabinType',
            {},
            leaf('CabinTypeCode', cabinCode(query.cabin)),
            writeXml('PrefLevel', {}, leaf('PrefLevelCode', 'Required')),
          ),
          writeXml('DestArrivalCriteria', {}, leaf('IATA_LocationCode', slice.destination)),
          writeXml('OriginDepCriteria', {}, leaf('Date', slice.departureDate), leaf('IATA_LocationCode', slice.origin)),
          leaf('OriginDestID', `OD${i + 1}`),
        ),
      )
      const flights = isLatest ? writeXml('FlightRequestOriginDestinationsCriteria', {}, ...criteria) : criteria.join('')
      return write21(
        version,
        config,
        'AirShopping',
        null,
        writeXml('FlightRequest', {}, flights),
        writeXml(isLatest ? 'PaxList' : 'Paxs', {}, ...travellersOf(query).map(writePax)),
        config.currency
          ? writeXml(
              'ResponseParameters',
              {},
              writeXml('CurParameter', {}, leaf(isLatest ? 'CurCode' : 'RequestedCurCode', config.currency)),
            )
          : '',
      )
    },
    price: (config, token) => {
      const selected = writeXml('SelectedOffer', {}, writeSelection(token, null))
      return write21(
        version,
        config,
        'OfferPrice',
        null,
        writeXml('DataLists', {}, writeXml('PaxList', {}, ...token.pax.map(([id, code]) => writePax({ id, code })))),
        writeXml('PricedOffer', {}, isLatest ? writeXml('SelectedOfferList', {}, selected) : selected),
      )
    },
    create: (config, order, token, travellers) => {
      const selected = isLatest
        ? writeXml('AcceptSelectedQuotedOfferList', {}, writeXml('SelectedPricedOffer', {}, writeSelection(token, order.offer.total)))
        : writeXml('SelectedOffer', {}, writeSelection(token, null))
      const contact = writeXml(
        'ContactInfo',
        {},
        leaf('ContactInfoID', 'CTC1'),
        writeXml('EmailAddress', {}, leaf('EmailAddressText', order.contact.email)),
        writeXml('Phone', {}, leaf('PhoneNumber', digitsOf(order.contact))),
      )
      const remark = `${REFERENCE_REMARK} ${order.reference}`
      return write21(
        version,
        config,
        'OrderCreate',
        order.reference,
        writeXml('CreateOrder', {}, selected),
        writeXml(
          'DataLists',
          {},
          writeXml('ContactInfoList', {}, contact),
          writeXml('PaxList', {}, ...travellers.map((one, i) => writeTraveller(one, i === 0 ? remark : null))),
        ),
      )
    },
    retrieve: (config, ref) => {
      const order = [leaf('OrderID', ref.order), leaf('OwnerCode', ref.owner)]
      const filter = isLatest
        ? writeXml('OrderValidationFilterCriteria', {}, writeXml('OrderFilterCriteria', {}, ...order))
        : writeXml('OrderFilterCriteria', {}, writeXml('Order', {}, ...order))
      return write21(version, config, 'OrderRetrieve', null, filter)
    },
    list: (config, query) => write21(version, config, 'OrderList', null, writeFilters(version, query)),
    ticket: (config, ref, { amount, reference }) => {
      const association = writeXml('OrderAssociation', {}, leaf('OrderRefID', ref.order))
      const paid = writeXml('Amount', { CurCode: amount.currency }, formatAmount(amount))
      const functions = isLatest
        ? association +
          writeXml(
            'PaymentProcessingDetails',
            {},
            paid,
            writeXml('PaymentMethod', {}, writeXml('SettlementPlan', {}, leaf('PaymentTypeCode', 'CA'))),
          )
        : writeXml(
            'PaymentProcessingDetails',
            {},
            paid,
            association,
            writeXml('PaymentMethod', {}, writeXml('Cash', {})),
            leaf('TypeCode', 'CA'),
          )
      return write21(version, config, 'OrderChange', reference, writeOrder(ref), writeXml('PaymentFunctions', {}, functions))
    },
    seats: (config, token) =>
      write21(
        version,
        config,
        'SeatAvailability',
        null,
        writeXml('DataLists', {}, writeXml('PaxList', {}, ...token.pax.map(([id, code]) => writePax({ id, code })))),
        writeXml(
          'SeatAvailCoreRequest',
          {},
          writeXml('OfferRequest', {}, writeXml('Offer', {}, leaf('OfferID', token.offer), leaf('OwnerCode', token.owner))),
        ),
      ),
  }
}

/** OrderCancelRQ of 19.2: cancels an order, and voids or refunds its tickets. */
export function writeCancel19(config: NdcConfig, ref: OrderRef): string {
  return write21('19.2', config, 'OrderCancel', null, writeOrder(ref))
}

/** OrderReshopRQ of 21.3: asks what cancelling the whole order would give back. */
export function writeReshop(config: NdcConfig, ref: OrderRef): string {
  return write21(
    '21.3',
    config,
    'OrderReshop',
    null,
    leaf('OrderRefID', ref.order),
    writeXml('UpdateOrder', {}, writeXml('CancelOrderRef', {}, leaf('OrderRefID', ref.order))),
  )
}

/** OrderChangeRQ of 21.3: accepts the cancellation that OrderReshop has offered. */
export function writeAcceptCancelled(config: NdcConfig, ref: OrderRef, offer: string): string {
  const accept = writeXml('AcceptCancelledOffer', {}, leaf('OfferID', offer), leaf('OwnerCode', ref.owner))
  return write21('21.3', config, 'OrderChange', null, writeXml('ChangeOrderChoice', {}, accept), writeOrder(ref))
}

function write21(version: Later, config: NdcConfig, request: Request, reference: string | null, ...content: readonly string[]): string {
  const { name, namespace } = rootOf(version, request)
  const attributes = [leaf('CorrelationID', reference), leaf('TrxID', reference), leaf('VersionNumber', version)]
  const root = writeXml(
    name,
    { xmlns: namespace },
    writeParty(version, config),
    writeXml('PayloadAttributes', {}, ...attributes),
    writeXml('Request', {}, ...content),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>${root}`
}

/** Who asks: a party in 19.2, the first link of a chain in 21.3. */
function writeParty(version: Later, config: NdcConfig): string {
  if (version === '19.2') {
    const agency = [leaf('AgencyID', config.agencyId), leaf('IATA_Number', config.agencyId), leaf('Name', config.agencyName)]
    return writeXml('Party', {}, writeXml('Sender', {}, writeXml('TravelAgency', {}, ...agency)))
  }
  const organisation = writeXml('ParticipatingOrg', {}, leaf('Name', config.agencyName), leaf('OrgID', config.agencyId))
  return writeXml(
    'DistributionChain',
    {},
    writeXml('DistributionChainLink', {}, leaf('Ordinal', '1'), leaf('OrgRole', 'Seller'), organisation),
  )
}

function writeOrder(ref: OrderRef): string {
  return writeXml('Order', {}, leaf('OrderID', ref.order), leaf('OwnerCode', ref.owner))
}

function writePax({ id, code }: { readonly id: string; readonly code: string }): string {
  return writeXml('Pax', {}, leaf('PaxID', id), leaf('PTC', code))
}

/** The offer and its items; `total` is what we agree to pay, in case the airline checks it. */
function writeSelection(token: OfferToken, total: Money | null): string {
  const everyone = token.pax.map(([id]) => id)
  const items = token.items.map((item) =>
    writeXml(
      'SelectedOfferItem',
      {},
      leaf('OfferItemRefID', item.id),
      ...(item.pax.length > 0 ? item.pax : everyone).map((id) => leaf('PaxRefID', id)),
    ),
  )
  return [
    leaf('OfferRefID', token.offer),
    leaf('OwnerCode', token.owner),
    ...items,
    leaf('ShoppingResponseRefID', token.response),
    total ? writeXml('TotalOfferPriceAmount', { CurCode: total.currency }, formatAmount(total)) : '',
  ].join('')
}

function writeTraveller({ id, code, passenger, infant }: NamedTraveller, remark: string | null): string {
  const { document } = passenger
  const [given, family] = [toHostName(passenger.givenName), toHostName(passenger.familyName)]
  const identity = document
    ? writeXml(
        'IdentityDoc',
        {},
        leaf('Birthdate', passenger.bornOn),
        leaf('CitizenshipCountryCode', document.nationality),
        leaf('ExpiryDate', document.expiresOn),
        leaf('GivenName', given),
        leaf('IdentityDocID', document.number.toUpperCase()),
        leaf('IdentityDocTypeCode', 'PT'),
        leaf('IssuingCountryCode', document.issuingCountry),
        leaf('Surname', family),
      )
    : ''
  const individual = writeXml(
    'Individual',
    {},
    leaf('Birthdate', passenger.bornOn),
    leaf('GenderCode', genderCode(passenger)),
    leaf('GivenName', given),
    leaf('IndividualID', `IND${id}`),
    leaf('Surname', family),
    leaf('TitleName', passenger.title?.toUpperCase()),
  )
  return writeXml(
    'Pax',
    {},
    leaf('CitizenshipCountryCode', document?.nationality),
    leaf('ContactInfoRefID', passenger.type === 'infant' ? null : 'CTC1'),
    identity,
    individual,
    leaf('PaxID', id),
    leaf('PaxRefID', infant),
    leaf('PTC', code),
    remark === null ? '' : writeXml('Remark', {}, leaf('RemarkText', remark)),
  )
}

/** Orders of the first passenger on the first flight's day; our reference, which cannot be asked for, is compared afterwards. */
function writeFilters(version: Later, { offer, passengers }: FindQuery): string {
  const day = offer.slices[0]?.segments[0]?.departure.local.slice(0, 10)
  const who = passengers[0]
  const name = who ? [leaf('GivenName', toHostName(who.givenName)), leaf('Surname', toHostName(who.familyName))] : []
  if (version === '19.2')
    return writeXml(
      'OrderFilterCriteria',
      {},
      writeXml('Pax', {}, writeXml('Individual', {}, ...name)),
      writeXml('TravelDateRange', {}, leaf('EffectiveDate', day)),
    )
  return writeXml(
    'OrderSearchFilterCriteria',
    {},
    writeXml('PaxFilterCriteria', {}, ...name),
    writeXml('TravelDateFilterCriteria', {}, leaf('EffectiveDate', day)),
  )
}
