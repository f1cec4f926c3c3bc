import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { lastSearch, type ResultsLink } from '../api/last-search.ts'
import { acceptedVerification, shownOfferKey, verificationQuery } from '../api/offers.ts'
import { toApiProblem } from '../api/problem.ts'
import { parseFlightSearch, writeSlices, type FlightSearch } from '../api/flight-search.ts'
import { isStay, type AnyOffer, type Offer, type Verification } from '../api/types.ts'
import { Announcer } from '../ui/announce.tsx'
import { offerCounts } from '../ui/fare-words.ts'
import { moneyWords, signOf, withoutSign } from '../ui/money-words.ts'
import { Notice } from '../ui/notice.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import panel from '../ui/panel.module.css'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { ResultsButton, useGoBack } from '../ui/results-button.tsx'
import { Wire, type WireState } from '../ui/wire.tsx'
import { Alternatives } from './alternatives.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import type { GoodsFormProps } from './booking-form.tsx'
import { CheckoutForm } from './checkout-form.tsx'
import styles from './checkout.module.css'
import { FareSummary } from './fare-summary.tsx'
import { StayAlternatives } from './stay-alternatives.tsx'
import { StayForm } from './stay-form.tsx'
import { StaySummary } from './stay-summary.tsx'

/** Until an offer is known, its id says what it is of. */
const stayIds = 'sty_'

const wordsOf = {
  airline: { goods: 'fare', people: 'Travellers' },
  hotel: { goods: 'rate', people: 'Guests' },
} as const

/** From a chosen fare to the payment page: the price is checked with the supplier before anything is asked. */
export function CheckoutScreen() {
  const { offerId } = useParams({ from: '/book/$offerId' })
  // Everything below belongs to one offer; another one begins anew.
  return <Checkout key={offerId} offerId={offerId} />
}

function Checkout(props: { offerId: string }) {
  const { offerId } = props
  const client = useQueryClient()
  const navigate = useNavigate()
  const checked = useQuery(verificationQuery(offerId))
  const shown = client.getQueryData<AnyOffer>(shownOfferKey(offerId))
  const verification = checked.isFetching ? undefined : checked.data
  const offer = verification?.offer ?? shown ?? null
  const mustAccept = verification !== undefined && needsAcceptance(verification)
  const isBookable = verification !== undefined && verification.offer !== null && verification.outcome !== 'gone' && !mustAccept
  usePageTitle('Check and book')

  const isHotel = offer === null ? offerId.startsWith(stayIds) : isStay(offer)
  const seller = isHotel ? 'hotel' : 'airline'
  const { goods, people } = wordsOf[seller]
  const back = backFrom(isHotel, offer)
  const goBack = useGoBack(back)
  const accept = (verified: Verification, accepted: AnyOffer) => {
    client.setQueryData(shownOfferKey(accepted.id), accepted)
    client.setQueryData(verificationQuery(accepted.id).queryKey, acceptedVerification(verified, accepted))
    void navigate({ to: '/book/$offerId', params: { offerId: accepted.id }, replace: true })
  }

  return (
    <main className={panel.page}>
      <ResultsButton variant="subtle" size="compact-md" back={back} className={styles.back ?? ''}>
        Back to results
      </ResultsButton>
      <h1 className={panel.title}>Check and book</h1>
      <div className={styles.steps}>
        <Wire
          across
          label="Steps"
          nodes={stepNodes(people, checked.isFetching, checked.isError || verification?.outcome === 'gone', isBookable, mustAccept)}
        />
      </div>
      <Announcer text={announcement(checked.isFetching, verification, seller)} />
      <div className={styles.columns}>
        <div className={panel.stack}>
          {checked.isFetching ? (
            <Notice tone="info" title={`Asking the ${seller} whether this price still stands`}>
              <p>This takes a few seconds. Nothing has been booked.</p>
            </Notice>
          ) : null}
          {checked.isError && !checked.isFetching ? (
            <VerificationProblem cause={checked.error} back={back} onAskAgain={() => void checked.refetch()} />
          ) : null}
          {verification?.outcome === 'gone' ? (
            <>
              <Notice
                tone="warn"
                title={`This ${goods} has just gone`}
                actions={<ResultsButton back={back}>Back to results</ResultsButton>}
              >
                <p>The {seller} no longer sells it. Nothing has been booked or charged.</p>
              </Notice>
              <OtherOffers offers={verification.alternatives} />
            </>
          ) : null}
          {mustAccept && verification.offer !== null ? (
            <ChangeDialog
              delta={verification.delta}
              total={verification.offer.total}
              reason={verification.reason}
              seller={seller}
              onContinue={() => accept(verification, verification.offer!)}
              onBack={goBack}
            />
          ) : null}
          {isBookable && verification.outcome === 'changed' && verification.delta !== null && signOf(verification.delta) < 0 ? (
            <Notice tone="ok">
              <p>Good news: {moneyWords(withoutSign(verification.delta))} less than shown.</p>
            </Notice>
          ) : null}
          {isBookable && verification.offer !== null ? (
            <GoodsForm
              offer={verification.offer}
              bookableUntil={verification.bookable_until}
              back={back}
              onCheckAgain={() => void checked.refetch()}
            />
          ) : null}
        </div>
        {offer === null ? null : (
          <div className={styles.side}>{isStay(offer) ? <StaySummary stay={offer} /> : <FareSummary offer={offer} />}</div>
        )}
      </div>
    </main>
  )
}

function GoodsForm(props: GoodsFormProps<AnyOffer>) {
  const { offer, ...more } = props
  return isStay(offer) ? <StayForm {...more} offer={offer} /> : <CheckoutForm {...more} offer={offer} />
}

function OtherOffers(props: { offers: readonly AnyOffer[] }) {
  const stays = props.offers.filter(isStay)
  const fares = props.offers.filter((offer): offer is Offer => !isStay(offer))
  return (
    <>
      {fares.length === 0 ? null : <Alternatives offers={fares} />}
      {stays.length === 0 ? null : <StayAlternatives offers={stays} />}
    </>
  )
}

/** The results last looked at when they were of the same goods; else the search the offer answers. */
function backFrom(isHotel: boolean, offer: AnyOffer | null): ResultsLink {
  const last = lastSearch()
  if (last !== null && (last.to === '/stays') === isHotel) return last
  if (isHotel) return { to: '/stays', search: {} }
  return { to: '/flights', search: offer === null || isStay(offer) ? {} : searchOf(offer) }
}

/** A lower price alone is good news; anything else that changed must be seen and accepted. */
function needsAcceptance(verification: Verification): boolean {
  if (verification.outcome !== 'changed') return false
  const isCheaper = verification.delta !== null && signOf(verification.delta) < 0
  return !isCheaper || (verification.reason !== null && verification.reason !== 'price')
}

function stepNodes(people: string, isChecking: boolean, hasFailed: boolean, isBookable: boolean, mustAccept: boolean) {
  const check: WireState = isChecking ? 'now' : hasFailed ? 'failed' : mustAccept ? 'act' : isBookable ? 'done' : 'todo'
  return [
    { key: 'check', state: check, label: 'Price check' },
    { key: 'people', state: (isBookable ? 'act' : 'todo') as WireState, label: people },
    { key: 'pay', state: 'todo' as WireState, label: 'Payment' },
  ]
}

function announcement(isChecking: boolean, verification: Verification | undefined, seller: keyof typeof wordsOf): string {
  if (isChecking) return `Checking the price with the ${seller}.`
  if (verification?.outcome === 'same') return 'The price stands.'
  if (verification?.outcome === 'gone') return `This ${wordsOf[seller].goods} has gone. Nothing has been booked.`
  return ''
}

function VerificationProblem(props: { cause: unknown; back: ResultsLink; onAskAgain: () => void }) {
  const problem = toApiProblem(props.cause)
  const isOver = problem.status === 404 || problem.status === 410
  return (
    <ProblemNotice
      cause={problem}
      title={isOver ? problem.title : 'The price could not be checked. Nothing has been booked'}
      actions={
        <>
          {isOver ? null : <Button onClick={props.onAskAgain}>Ask again</Button>}
          <ResultsButton back={props.back} variant={isOver ? 'filled' : 'outline'}>
            {isOver ? 'Search again' : 'Back to results'}
          </ResultsButton>
        </>
      }
    />
  )
}

/** The search an offer answers, for a tab that has not searched. */
function searchOf(offer: Offer): FlightSearch {
  const counts = offerCounts(offer)
  const slices = offer.slices.map(({ origin, destination, segments }) => ({
    origin,
    destination,
    date: segments[0]?.departure.local.slice(0, 10) ?? '',
  }))
  const [first, second] = slices
  const isReturn = slices.length === 2 && second?.origin === first?.destination && second?.destination === first?.origin
  const journey =
    slices.length === 1 || isReturn
      ? { origin: first?.origin, destination: first?.destination, departure_date: first?.date, return_date: second?.date }
      : { slice: writeSlices(slices) }
  return parseFlightSearch({
    ...journey,
    adults: String(counts.adults),
    children: String(counts.children),
    infants: String(counts.infants),
    cabin: offer.slices[0]?.segments[0]?.cabin ?? '',
  })
}
