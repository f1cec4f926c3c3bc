/** What sets a scenario off: where it flies, who is called so, when it flies, or which house it is. */
export type ScenarioKind = 'route' | 'surname' | 'date' | 'property'

/**
 * A thing that the sandbox makes happen. `trigger` is what to type: two airports, a family name of the lead passenger or guest, a
 * day of the month on the marked route, the name of a house. `shows` is the rule that can be watched.
 */
export type Scenario = {
  readonly id: string
  readonly kind: ScenarioKind
  readonly trigger: string
  readonly sells: readonly ('flights' | 'stays')[]
  readonly happens: string
  readonly shows: string
}

const FLIGHTS = ['flights'] as const
const STAYS = ['stays'] as const
const BOTH = ['flights', 'stays'] as const

/** How long the slow route takes. */
export const SLOW_MS = 9_000
/** How long tickets that are late take. */
export const TICKET_DELAY_MS = 20_000
/** How many offers the long route has. */
export const MANY_OFFERS = 600
/** The route on which the day of departure decides; every other route is the same on every day. */
export const DATED_ROUTE = 'LHR-DXB'
/** Where the houses that are scenarios stand. */
export const SCENARIO_PLACE = 'LYR'

/** All of them, which the sandbox supplier's server obeys: there are no others, there or in the documentation. */
export const SCENARIOS = [
  {
    id: 'no-offers',
    kind: 'route',
    trigger: 'LYR-USH',
    sells: FLIGHTS,
    happens: 'Nothing is sold on this route.',
    shows: 'No offers is an answer and not an error.',
  },
  {
    id: 'slow',
    kind: 'route',
    trigger: 'LYR-IPC',
    sells: FLIGHTS,
    happens: 'The answer to a search takes 9 seconds.',
    shows: 'A slow supplier holds nobody up: the others are shown at once, its offers come later or not at all.',
  },
  {
    id: 'times-out',
    kind: 'route',
    trigger: 'LYR-PPT',
    sells: FLIGHTS,
    happens: 'A search is never answered.',
    shows: 'Every call has a deadline, and the search says who did not answer.',
  },
  {
    id: 'many-offers',
    kind: 'route',
    trigger: 'LYR-RAR',
    sells: FLIGHTS,
    happens: 'The search finds 600 offers.',
    shows: 'Pages, filters and counts of a long answer.',
  },
  {
    id: 'connections-only',
    kind: 'route',
    trigger: 'LYR-NAN',
    sells: FLIGHTS,
    happens: 'Every journey changes planes once.',
    shows: 'A filter for non-stop flights finds nothing and says how many it left out.',
  },
  {
    id: 'no-bags',
    kind: 'route',
    trigger: 'LYR-APW',
    sells: FLIGHTS,
    happens: 'No bag is included: zero pieces, stated.',
    shows: 'Zero is a fact and shown as "none"; what is not said is shown as unknown.',
  },
  {
    id: 'technical-stops',
    kind: 'route',
    trigger: 'LYR-TBU',
    sells: FLIGHTS,
    happens: 'Flights without a change land once on the way.',
    shows: 'A stop on the way is no connection, and is told.',
  },
  {
    id: 'rules-unknown',
    kind: 'route',
    trigger: 'LYR-INU',
    sells: FLIGHTS,
    happens: 'The supplier does not say whether a fare can be refunded or changed.',
    shows: 'Unknown is shown as unknown and never as no.',
  },
  {
    id: 'supplier-error',
    kind: 'route',
    trigger: 'LYR-TRW',
    sells: FLIGHTS,
    happens: 'A search is answered with an error of the supplier.',
    shows: 'A supplier that fails costs only its own offers.',
  },
  {
    id: 'throttled',
    kind: 'route',
    trigger: 'LYR-FUN',
    sells: FLIGHTS,
    happens: 'A search is refused because there were too many.',
    shows: 'Being throttled is told apart from having nothing to sell.',
  },
  {
    id: 'on-request',
    kind: 'route',
    trigger: 'LYR-MAJ',
    sells: FLIGHTS,
    happens: 'What is booked is waitlisted on every flight.',
    shows: 'A waitlisted seat is not a confirmed one: the reservation is given back and the payment refunded.',
  },
  {
    id: 'gone-at-check',
    kind: 'date',
    trigger: 'LHR-DXB on the 31st',
    sells: FLIGHTS,
    happens: 'Every offer is gone when it is verified.',
    shows: 'Gone before payment: nothing is booked or charged, and others are proposed.',
  },
  {
    id: 'dearer-at-check',
    kind: 'date',
    trigger: 'LHR-DXB on the 30th',
    sells: FLIGHTS,
    happens: 'Every offer is 7 % dearer when it is verified, and stays so.',
    shows: 'A dearer price needs a new consent.',
  },
  {
    id: 'cheaper-at-check',
    kind: 'date',
    trigger: 'LHR-DXB on the 29th',
    sells: FLIGHTS,
    happens: 'Every offer is 6 % cheaper when it is verified, and stays so.',
    shows: 'A cheaper price is told and needs no consent.',
  },
  {
    id: 'price-up',
    kind: 'surname',
    trigger: 'PRICEUP',
    sells: BOTH,
    happens: 'The booking is refused because the price has risen by 7 %; at the new price it is made.',
    shows: 'Nobody is charged more than was agreed.',
  },
  {
    id: 'price-down',
    kind: 'surname',
    trigger: 'PRICEDOWN',
    sells: BOTH,
    happens: 'The booking is made 6 % below the agreed price.',
    shows: 'A cheaper price is taken without asking.',
  },
  {
    id: 'sold-out',
    kind: 'surname',
    trigger: 'SOLDOUT',
    sells: BOTH,
    happens: 'The booking is refused as sold out, after the payment.',
    shows: 'All of the money goes back by itself.',
  },
  {
    id: 'ticket-delay',
    kind: 'surname',
    trigger: 'TICKETDELAY',
    sells: FLIGHTS,
    happens: 'Ticketing is pending for 20 seconds; then the tickets are found.',
    shows: 'Pending is asked about and never sent again.',
  },
  {
    id: 'supplier-unknown',
    kind: 'surname',
    trigger: 'SUPPLIERUNKNOWN',
    sells: BOTH,
    happens: 'The booking is made and the reply is lost.',
    shows: 'Silence is not "no": the one booking is found by our reference.',
  },
  {
    id: 'partial',
    kind: 'surname',
    trigger: 'PARTIAL',
    sells: FLIGHTS,
    happens: 'The first slice is confirmed and the others are waitlisted.',
    shows: 'Half a journey is not sold: it is given back and refunded.',
  },
  {
    id: 'seat-lost',
    kind: 'surname',
    trigger: 'SEATLOST',
    sells: FLIGHTS,
    happens: 'The booking is confirmed, and its seats are lost before they are ticketed.',
    shows: 'A reservation that cannot be ticketed is given back and refunded.',
  },
  {
    id: 'schedule-change',
    kind: 'surname',
    trigger: 'SCHEDULECHANGE',
    sells: FLIGHTS,
    happens: 'The airline moves the first flight by 95 minutes; the change can be accepted, or everything refunded.',
    shows: 'A change of the airline’s waits for an answer, which cites it.',
  },
  {
    id: 'no-refund',
    kind: 'surname',
    trigger: 'NOREFUND',
    sells: BOTH,
    happens: 'A cancellation gives back nothing, whatever the rules say.',
    shows: 'Zero is an amount, told before it is agreed to.',
  },
  {
    id: 'refund-slow',
    kind: 'surname',
    trigger: 'REFUNDSLOW',
    sells: BOTH,
    happens: 'A cancellation does not say what it gives back.',
    shows: '"Will be told later" is never shown as zero.',
  },
  {
    id: 'rejected',
    kind: 'surname',
    trigger: 'REJECTED',
    sells: BOTH,
    happens: 'The booking is declined, and nothing is left behind.',
    shows: 'A refusal that proves that nothing happened is refunded at once.',
  },
  {
    id: 'unknown-code',
    kind: 'surname',
    trigger: 'UNKNOWNCODE',
    sells: BOTH,
    happens: 'The booking is refused with a code that nobody knows; nothing was booked.',
    shows: 'A code that is on no list proves nothing: it is looked up until the supplier’s horizon.',
  },
  {
    id: 'stay-gone-at-check',
    kind: 'property',
    trigger: 'Hotel Sold Out at Check',
    sells: STAYS,
    happens: 'Every rate is gone when it is verified.',
    shows: 'Gone before payment: nothing is booked or charged.',
  },
  {
    id: 'stay-dearer-at-check',
    kind: 'property',
    trigger: 'Hotel Dearer at Check',
    sells: STAYS,
    happens: 'Every rate is 7 % dearer when it is verified, and stays so.',
    shows: 'A dearer price needs a new consent.',
  },
  {
    id: 'stay-non-refundable',
    kind: 'property',
    trigger: 'Hotel Non-refundable',
    sells: STAYS,
    happens: 'Cancelling costs the whole price from the booking on.',
    shows: 'The penalty is told before booking and is exactly the price.',
  },
  {
    id: 'stay-pay-at-property',
    kind: 'property',
    trigger: 'Hotel Pay at the Property',
    sells: STAYS,
    happens: 'The house takes the money.',
    shows: 'Who takes the money is told, and we take none.',
  },
  {
    id: 'stay-package-only',
    kind: 'property',
    trigger: 'Hotel Package Only',
    sells: STAYS,
    happens: 'Every rate may be sold within a package only.',
    shows: 'A package rate is never sold alone.',
  },
  {
    id: 'stay-city-tax',
    kind: 'property',
    trigger: 'Hotel City Tax',
    sells: STAYS,
    happens: 'A city tax is due at the house, beside the price.',
    shows: 'What has to be paid there is told and is not in the total.',
  },
  {
    id: 'stay-board-unknown',
    kind: 'property',
    trigger: 'Hotel Unknown Board',
    sells: STAYS,
    happens: 'What is included to eat is told in words that nobody knows.',
    shows: 'Unknown is shown in the supplier’s words and not guessed.',
  },
  {
    id: 'stay-nine-rooms',
    kind: 'property',
    trigger: 'Hotel Nine Rooms',
    sells: STAYS,
    happens: 'Nine rooms are left, and nine can be booked at once.',
    shows: 'A party of many rooms is one booking at one price.',
  },
  {
    id: 'stay-terms-unknown',
    kind: 'property',
    trigger: 'Hotel Terms Unknown',
    sells: STAYS,
    happens: 'The supplier does not say what cancelling costs, nor what it gave back.',
    shows: 'Unknown terms are shown as unknown and never as free.',
  },
] as const satisfies readonly Scenario[]

export type ScenarioId = (typeof SCENARIOS)[number]['id']
type IdOf<Kind extends ScenarioKind> = Extract<(typeof SCENARIOS)[number], { kind: Kind }>['id']
export type RouteScenario = IdOf<'route'>
export type DateScenario = IdOf<'date'>
export type SurnameScenario = IdOf<'surname'>
export type PropertyScenario = IdOf<'property'>

/** The scenario of a route between two airports, in this direction. */
export function routeScenario(origin: string, destination: string): RouteScenario | undefined {
  return byTrigger<RouteScenario>('route', `${origin}-${destination}`)
}

/** The scenario of a departure ("YYYY-MM-DD") on the marked route. */
export function dateScenario(origin: string, destination: string, date: string): DateScenario | undefined {
  return byTrigger<DateScenario>('date', `${origin}-${destination} on the ${Number(date.slice(8))}${date.slice(8) === '31' ? 'st' : 'th'}`)
}

/** The scenario of a lead traveller's family name, in whatever case; names of people have none. */
export function surnameScenario(familyName: string, sold: 'flights' | 'stays'): SurnameScenario | undefined {
  const name = familyName.trim().toUpperCase()
  const found: Scenario | undefined = SCENARIOS.find(({ kind, trigger }) => kind === 'surname' && trigger === name)
  return found?.sells.includes(sold) ? (found.id as SurnameScenario) : undefined
}

/** The houses that are scenarios. */
export function scenarioProperties(): readonly { readonly id: PropertyScenario; readonly name: string }[] {
  return SCENARIOS.flatMap((one) => (one.kind === 'property' ? [{ id: one.id, name: one.trigger }] : []))
}

function byTrigger<Id extends ScenarioId>(kind: ScenarioKind, trigger: string): Id | undefined {
  return SCENARIOS.find((one) => one.kind === kind && one.trigger === trigger)?.id as Id | undefined
}
