import { attribute, child, parseXml, XmlError, type XmlElement } from '../../platform/xml.ts'
import { createMoneyReader, type MoneyReader, type RawAmount } from './amounts.ts'
import { all, any, value } from './elements.ts'
import { readLists17 } from './from-wire-17.ts'
import { readLists21 } from './from-wire-21.ts'
import { mergeLists, type Lists } from './lists.ts'

/** What an airline has against a request. `processing` is its word for what became of the request, where it has one. */
export type NdcError = { readonly code: string; readonly text: string; readonly processing: string | null }

/** An NDC message, whatever it came wrapped in. */
export type Message = {
  /** "AirShoppingRS": without the prefix that later versions put before it. */
  readonly name: string
  readonly root: XmlElement
  /** Where the answer is: inside Response, or in the root itself in some messages of 17.2. */
  readonly response: XmlElement
  readonly errors: readonly NdcError[]
}

const NAME = /^(?:IATA_)?((?:Air|Order|Offer|Seat|Service|Flight|Baggage|Fare|Invoice)[A-Za-z]*(?:RS|RQ|Notif|NotifRQ))$/
const WRAPPERS_MAX = 6

/** Reads a whole document. Throws {@link XmlError} for what is no NDC message. */
export function readMessage(text: string): Message {
  return openMessage(parseXml(text))
}

/**
 * Finds the message in a document: the root, or in the body of a SOAP envelope, or deeper inside what an aggregator wraps
 * it in. A SOAP Fault is a message of that name with one error. Throws {@link XmlError} when there is none.
 */
export function openMessage(document: XmlElement): Message {
  let level: readonly XmlElement[] = [document]
  for (let depth = 0; depth < WRAPPERS_MAX && level.length > 0; depth += 1) {
    for (const element of level) {
      const name = NAME.exec(element.name)?.[1]
      if (name) return toMessage(name, element)
      if (element.name === 'Fault') return { name: 'Fault', root: element, response: element, errors: [readFault(element)] }
    }
    level = level.flatMap((element) => element.children).slice(0, 50)
  }
  throw new XmlError('not an NDC message')
}

function toMessage(name: string, root: XmlElement): Message {
  const response = child(root, 'Response') ?? root
  const holders = [root, ...all(root, 'Errors'), ...(response === root ? [] : [response, ...all(response, 'Errors')])]
  return { name, root, response, errors: holders.flatMap((holder) => all(holder, 'Error').map(readError)) }
}

function readError(element: XmlElement): NdcError {
  const text = value(element, 'DescText', 'ShortText', 'Description', 'Message', 'TagText') ?? element.text.trim()
  return {
    code: value(element, 'Code') ?? 'unknown',
    text: text.slice(0, 300),
    processing: value(element, 'StatusText', 'TypeCode', 'Status') ?? null,
  }
}

function readFault(element: XmlElement): NdcError {
  const code = value(element, 'faultcode') ?? value(any(element, 'Code'), 'Value') ?? 'unknown'
  const text = value(element, 'faultstring') ?? value(any(element, 'Reason'), 'Text') ?? ''
  return { code, text: text.slice(0, 300), processing: null }
}

/** A part of the answer, which is inside Response or beside it. */
export function partOf(message: Message, ...names: readonly string[]): XmlElement | undefined {
  return any(message.response, ...names) ?? any(message.root, ...names)
}

/** All such parts. */
export function partsOf(message: Message, ...names: readonly string[]): readonly XmlElement[] {
  const own = all(message.response, ...names)
  return own.length > 0 || message.response === message.root ? own : all(message.root, ...names)
}

/** The lists of a message, in whichever way they are written, and the reader of its amounts. */
export function readLists(message: Message, samples: () => Iterable<RawAmount>): { readonly lists: Lists; readonly moneyOf: MoneyReader } {
  const moneyOf = createMoneyReader(message.root, samples)
  const element = partOf(message, 'DataLists', 'DataList')
  const isOld = any(element, 'FlightSegmentList', 'FlightList', 'PassengerList', 'AnonymousTravelerList') !== undefined
  const isNew = any(element, 'PaxSegmentList', 'PaxList', 'PaxJourneyList') !== undefined
  if (!isNew) return { lists: readLists17(element, moneyOf), moneyOf }
  const lists = readLists21(element, moneyOf)
  return { lists: isOld ? mergeLists(readLists17(element, moneyOf), lists) : lists, moneyOf }
}

/** The version that a message says it is of: "17.2", "21.3"; null when it does not say. */
export function versionOf(message: Message): string | null {
  const stated = attribute(message.root, 'Version') ?? value(any(message.root, 'PayloadAttributes'), 'VersionNumber')
  const released = /\/(?:EDIST\/)?20(\d\d\.\d)(?:\/|$)/.exec(message.root.namespace)?.[1]
  return stated ?? released ?? null
}
