import { Button } from '@mantine/core'
import type { ResultsLink } from '../api/last-search.ts'
import type { ApiProblem } from '../api/problem.ts'
import type { Money } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useGoBack } from '../ui/results-button.tsx'
import { instantWords } from '../ui/time-words.ts'
import { ChangeDialog } from './change-dialog.tsx'
import { placedBooking } from './place-once.ts'

type PurchaseProblemProps = {
  problem: ApiProblem
  offerId: string
  back: ResultsLink
  onCheckAgain: () => void
  onAcceptTotal: (total: Money) => void
  onRetry: () => void
  onStartOver: () => void
}

/** Why it did not go through, and the way on that fits. */
export function PurchaseProblem(props: PurchaseProblemProps) {
  const { problem } = props
  const goBack = useGoBack(props.back)
  const placed = placedBooking(props.offerId)
  const newTotal = problem.code === 'price-changed' ? readMoney(problem.body['total']) : null
  if (newTotal !== null) {
    return (
      <ChangeDialog
        delta={null}
        total={newTotal}
        reason="price"
        onContinue={() => props.onAcceptTotal(newTotal)}
        seller={props.back.to === '/stays' ? 'hotel' : 'airline'}
        onBack={goBack}
      />
    )
  }
  if (placed !== null) {
    return (
      <ProblemNotice
        cause={problem}
        saysMoney
        actions={
          <>
            <Button onClick={props.onRetry}>Try the payment again</Button>
            <ButtonLink variant="outline" to="/trips/$bookingId" params={{ bookingId: placed.bookingId }}>
              Open the booking
            </ButtonLink>
          </>
        }
      />
    )
  }
  if (problem.code === 'offer-not-verified' || problem.status === 410) {
    return <ProblemNotice cause={problem} actions={<Button onClick={props.onCheckAgain}>Check the price again</Button>} />
  }
  if (problem.code === 'idempotency-key-reused') {
    return (
      <Notice
        tone="warn"
        isAlert
        title="An earlier try may have gone through"
        actions={<Button onClick={props.onStartOver}>Begin a new booking with these details</Button>}
      >
        <p>It had other details, and its answer was lost. If it was placed, it is unpaid and ends by itself; you are not charged for it.</p>
      </Notice>
    )
  }
  if (problem.code === 'duplicate-booking') {
    const reference = problem.body['booking_reference']
    return (
      <Notice
        tone="warn"
        isAlert
        title="These travellers are booked on this already"
        actions={
          <Button variant="outline" onClick={props.onStartOver}>
            Book it once more
          </Button>
        }
      >
        <p>
          Nothing more has been booked or charged. The booking is {typeof reference === 'string' ? reference : 'known to us'}: its link is
          in the mail it was confirmed with, and in the window it was made in. To pay twice for the same seats, press the button and then
          book again.
        </p>
      </Notice>
    )
  }
  const isUnknown = problem.status === 0 || problem.status >= 500
  return (
    <ProblemNotice
      cause={problem}
      saysMoney={!isUnknown}
      actions={
        <>
          <Button onClick={props.onRetry}>Try again</Button>
          {isUnknown ? (
            <span className="small muted">Trying again never books twice. Nothing is charged before the payment page.</span>
          ) : null}
        </>
      }
    />
  )
}

/** This tab has placed a booking of this fare: it is opened rather than placed once more. */
export function AlreadyPlaced(props: { bookingId: string; onStartOver: () => void }) {
  return (
    <Notice
      tone="info"
      title="You have booked this fare already"
      actions={
        <>
          <ButtonLink to="/trips/$bookingId" params={{ bookingId: props.bookingId }}>
            Open the booking
          </ButtonLink>
          <Button variant="outline" onClick={props.onStartOver}>
            Book it once more
          </Button>
        </>
      }
    >
      <p>The booking shows whether it is paid, and you can pay it there.</p>
    </Notice>
  )
}

/** The check has a time limit of the supplier's; what was typed does not. */
export function CheckExpired(props: { at: string; onCheckAgain: () => void }) {
  return (
    <Notice
      tone="warn"
      title={`The price check ended at ${instantWords(props.at, Date.now())}`}
      actions={<Button onClick={props.onCheckAgain}>Check the price again</Button>}
    >
      <p>Your details are kept. Nothing has been booked.</p>
    </Notice>
  )
}

function readMoney(value: unknown): Money | null {
  if (typeof value !== 'object' || value === null) return null
  const { amount, currency } = value as Partial<Money>
  return typeof amount === 'string' && typeof currency === 'string' ? { amount, currency } : null
}
