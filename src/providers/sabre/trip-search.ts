import { attribute, child, descendants, escapeXml, writeXml } from '../../platform/xml.ts'
import type { Call } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, type Budget, type Deps } from './exchange.ts'
import { SABRE } from './faults.ts'
import { toHostName } from '../host-text.ts'
import { callSoap } from './soap.ts'

/** More reservations of one name than this are not looked through. */
export const CANDIDATES_MAX = 50
const CLOSE_MS = 2_000

/**
 * Locators of the office's active reservations for a family name. The REST token does not open this service: it takes a
 * session, which is opened with the agent's password and closed again whatever happens. Throws ProviderError, also when
 * there are more than {@link CANDIDATES_MAX}: a list that is cut off proves no absence.
 * https://developer.sabre.com/docs/soap_apis/management/itinerary/Search_for_Itineraries
 */
export async function searchByName(deps: Deps, familyName: string, call: Call, budget: Budget): Promise<readonly string[]> {
  const session = await openSession(deps, call, budget)
  try {
    const { body } = await callSoap(deps, { action: 'Trip_SearchRQ', body: writeSearch(familyName), security: session, budget }, call)
    if (body.name !== 'Trip_SearchRS')
      throw new ProviderError(SABRE, 'malformed', `expected Trip_SearchRS, received ${body.name.slice(0, 80)}`)
    const errors = descendants(child(body, 'Errors'), 'Error')
    if (errors.length > 0 || !child(body, 'Success')) {
      const code = attribute(errors[0], 'ErrorCode') ?? attribute(errors[0], 'Code') ?? 'no_success'
      throw new ProviderError(SABRE, 'refused', `Trip_SearchRQ: ${code}`, { code: code.slice(0, 80) })
    }
    const list = child(body, 'ReservationsList')
    const locators = descendants(list, 'Reservation').flatMap((one) => attribute(one, 'Locator') ?? [])
    const total = Number(attribute(list, 'TotalResults') ?? locators.length)
    if (!Number.isSafeInteger(total) || total > locators.length || total > CANDIDATES_MAX)
      throw new ProviderError(SABRE, 'refused', `${total} reservations would have to be looked through, ${locators.length} are told`)
    return locators
  } finally {
    await closeSession(deps, session)
  }
}

function writeSearch(familyName: string): string {
  return writeXml(
    'Trip_SearchRQ',
    { Version: '4.5.0', xmlns: 'http://webservices.sabre.com/triprecord' },
    writeXml(
      'ReadRequests',
      {},
      writeXml(
        'ReservationReadRequest',
        {},
        writeXml('NameCriteria', {}, writeXml('Name', {}, writeXml('LastName', { MatchMode: 'EXACT' }, escapeXml(toHostName(familyName))))),
        writeXml('PosCriteria', { AnyBranch: 'false' }),
        writeXml('ReturnOptions', {
          SearchType: 'ACTIVE',
          ResponseFormat: 'STL',
          ViewName: 'TripSearchTN',
          MaxItemsReturned: String(CANDIDATES_MAX),
        }),
      ),
    ),
  )
}

/** Opens a session; what it gives is what the next message's security header holds. */
async function openSession(deps: Deps, call: Call, budget: Budget): Promise<string> {
  const { user, password, organization } = deps.settings.agent
  const security = writeXml(
    'wsse:UsernameToken',
    {},
    writeXml('wsse:Username', {}, escapeXml(user)),
    writeXml('wsse:Password', {}, escapeXml(password)),
    writeXml('Organization', {}, escapeXml(organization)),
    writeXml('Domain', {}, 'DEFAULT'),
  )
  const body = writeXml(
    'SessionCreateRQ',
    { Version: '2.0.0', xmlns: 'http://www.opentravel.org/OTA/2002/11' },
    writeXml('POS', {}, writeXml('Source', { PseudoCityCode: deps.settings.pcc })),
  )
  const { header } = await callSoap(deps, { action: 'SessionCreateRQ', body, security, budget }, call)
  const token = descendants(header, 'BinarySecurityToken')[0]?.text.trim()
  if (!token) throw new ProviderError(SABRE, 'malformed', 'SessionCreateRS gives no session')
  return writeXml('wsse:BinarySecurityToken', {}, escapeXml(token))
}

/** Sessions are counted and run out by themselves after some minutes: one that cannot be closed is left to that. */
async function closeSession(deps: Deps, session: string): Promise<void> {
  const body = writeXml(
    'SessionCloseRQ',
    { Version: '2.0.0', xmlns: 'http://www.opentravel.org/OTA/2002/11' },
    writeXml('POS', {}, writeXml('Source', { PseudoCityCode: deps.settings.pcc })),
  )
  const budget = createBudget(deps, CLOSE_MS)
  // Whoever asked may be gone by now; the session is closed all the same.
  const call = { signal: new AbortController().signal }
  await callSoap(deps, { action: 'SessionCloseRQ', body, security: session, budget }, call).catch((error: unknown) => {
    if (!(error instanceof ProviderError)) throw error
  })
}
