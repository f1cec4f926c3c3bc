/** The words of Amadeus Web Services that we use: messages, codes. Element names stand where they are read. */
import type { CabinClass } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import type { SegmentHold } from '../../travel/reservation.ts'

export const NAMESPACES = {
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  addressing: 'http://www.w3.org/2005/08/addressing',
  session: 'http://xml.amadeus.com/2010/06/Session_v3',
  hostedUser: 'http://xml.amadeus.com/2010/06/Security_v1',
  security: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
} as const

/** What a message is called, its release, and what answers it. */
export type Message = { readonly action: string; readonly namespace: string; readonly reply: string; readonly version?: string }

const edifact = (release: string, reply: string): Message => ({
  action: `http://webservices.amadeus.com/${release}`,
  namespace: `http://xml.amadeus.com/${release}`,
  reply,
})

/**
 * The messages we send, in the releases that we write. Replies are read whatever their release: an access point is wired to
 * the releases of its contract, and the elements we read have kept their names.
 */
export const MESSAGES = {
  Fare_MasterPricerTravelBoardSearch: edifact('FMPTBQ_16_3_1A', 'Fare_MasterPricerTravelBoardSearchReply'),
  Fare_InformativePricingWithoutPNR: edifact('TIPNRQ_15_1_1A', 'Fare_InformativePricingWithoutPNRReply'),
  Air_SellFromRecommendation: edifact('ITAREQ_05_2_IA', 'Air_SellFromRecommendationReply'),
  PNR_AddMultiElements: edifact('PNRADD_16_1_1A', 'PNR_Reply'),
  Fare_PricePNRWithBookingClass: edifact('TPCBRQ_15_1_1A', 'Fare_PricePNRWithBookingClassReply'),
  Ticket_CreateTSTFromPricing: edifact('TAUTCQ_04_1_1A', 'Ticket_CreateTSTFromPricingReply'),
  Ticket_DisplayTST: edifact('TTSTRQ_07_1_1A', 'Ticket_DisplayTSTReply'),
  DocIssuance_IssueTicket: edifact('TTKTIQ_09_1_1A', 'DocIssuance_IssueTicketReply'),
  PNR_Retrieve: edifact('PNRRET_16_1_1A', 'PNR_Reply'),
  PNR_Cancel: edifact('PNRXCL_16_1_1A', 'PNR_Reply'),
  PNR_Ignore: edifact('CLTREQ_04_1_IA', 'PNR_IgnoreReply'),
  Ticket_CancelDocument: edifact('TRCANQ_11_1_1A', 'Ticket_CancelDocumentReply'),
  Air_RetrieveSeatMap: edifact('SMPREQ_14_2_1A', 'Air_RetrieveSeatMapReply'),
  Fare_CheckRules: edifact('FARQNQ_07_1_1A', 'Fare_CheckRulesReply'),
  MiniRule_GetFromPricing: edifact('TMRCRQ_11_1_1A', 'MiniRule_GetFromPricingReply'),
  Security_SignOut: edifact('VLSSOQ_04_1_1A', 'Security_SignOutReply'),
  AMA_TicketInitRefundRQ: {
    action: 'http://webservices.amadeus.com/Ticket_InitRefund_3.0',
    namespace: 'http://xml.amadeus.com/2010/06/TicketGTP_v3',
    reply: 'AMA_TicketInitRefundRS',
    version: '3.000',
  },
  AMA_TicketIgnoreRefundRQ: {
    action: 'http://webservices.amadeus.com/Ticket_IgnoreRefund_3.0',
    namespace: 'http://xml.amadeus.com/2010/06/TicketGTP_v3',
    reply: 'AMA_TicketIgnoreRefundRS',
    version: '3.000',
  },
  AMA_TicketProcessRefundRQ: {
    action: 'http://webservices.amadeus.com/Ticket_ProcessRefund_3.0',
    namespace: 'http://xml.amadeus.com/2010/06/TicketGTP_v3',
    reply: 'AMA_TicketProcessRefundRS',
    version: '3.000',
  },
} satisfies Readonly<Record<string, Message>>

export type MessageName = keyof typeof MESSAGES

/**
 * What an offer's token holds beside the offer itself: the fare basis of each segment in order, null where passenger types
 * differ, so that asking for one of them would ask the wrong thing for the others.
 */
export type OfferToken = { readonly v: 1; readonly fareBasis: readonly (string | null)[] }

/** How our reference stands in a remark of the PNR. */
export const REFERENCE_REMARK = 'FAREWIRE REF'

/** What a PNR element is for: PNR_AddMultiElements and PNR_Cancel are told what to do after it. */
export const OPTION = { none: 0, endAndRetrieve: 11 } as const

const CABINS: Readonly<Record<string, CabinClass>> = { Y: 'economy', M: 'economy', W: 'premium_economy', C: 'business', F: 'first' }

/** Their cabin as ours; null for one we do not know. */
export function toCabin(code: string | undefined): CabinClass | null {
  return code === undefined ? null : (CABINS[code] ?? null)
}

const CABIN_CODES: Readonly<Record<CabinClass, string>> = { economy: 'Y', premium_economy: 'W', business: 'C', first: 'F' }

/** Our cabin as theirs. */
export function cabinCode(cabin: CabinClass): string {
  return CABIN_CODES[cabin]
}

/**
 * A passenger type code as ours. Children are CH, CHD, CNN or their age (C07); INS is an infant with a seat, who pays and is
 * seated like a child. INF and IN sit on a lap. Any other code is somebody's reduction for an adult.
 */
export function toPassengerType(code: string): PassengerType {
  if (code === 'INF' || code === 'IN' || code === 'ITF' || code === 'JNF') return 'infant'
  return code === 'INS' || /^(CH|CHD|CNN|UNN|INN|JNN|C(0[2-9]|1[01]))$/.test(code) ? 'child' : 'adult'
}

/** The code we ask for each type with. */
export const PASSENGER_CODES: Readonly<Record<PassengerType, string>> = { adult: 'ADT', child: 'CH', infant: 'INF' }

const CONFIRMED = new Set(['HK', 'KK', 'KL', 'TK', 'TL', 'RR', 'HS', 'SS', 'AK', 'BK', 'GK', 'OK'])
const WAITLISTED = new Set(['HL', 'LL', 'US', 'UU', 'WL', 'PA', 'PB', 'TN', 'HN'])
const CANCELLED = new Set(['HX', 'XX', 'UC', 'UN', 'NO', 'XL', 'XK', 'XR', 'UT', 'WN', 'UNS', 'X'])

/** A segment's status at the host. HL and LL are waitlisted and HN is only asked for: neither is confirmed. */
export function toHold(status: string | undefined): SegmentHold['status'] {
  if (status === undefined) return 'unknown'
  if (CONFIRMED.has(status)) return 'confirmed'
  if (WAITLISTED.has(status)) return 'waitlisted'
  return CANCELLED.has(status) ? 'cancelled' : 'unknown'
}
