import type { Offer, SelfTransfer } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { durationWords } from '../ui/time-words.ts'
import styles from './offer-card.module.css'
import { ticketsOf, transferWords } from './tickets.ts'

/** Says at first sight that this is not one ticket. */
export function SelfTransferBadge() {
  return (
    <p className={styles.badge}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d="M1 8h4.5M10.5 8H15" strokeDasharray="2 1.5" />
        <rect x="5.8" y="5.8" width="4.4" height="4.4" rx="0.8" />
      </svg>
      Self-transfer
    </p>
  )
}

/** What a self-transfer asks of the traveller, how much time there is, how much it takes, and how likely it fails. */
export function SelfTransferNotice(props: { transfer: SelfTransfer }) {
  const { minutes, minimum_minutes, risk } = props.transfer.connection
  return (
    <div className={styles.transfer}>
      <p>{transferWords(props.transfer)}</p>
      <p>
        {durationWords(minutes)} to change; it takes at least {durationWords(minimum_minutes)}. Risk of missing flight 2:{' '}
        <strong>{risk}</strong>.
      </p>
    </div>
  )
}

/** Each ticket is chosen and booked by itself; there is no buying both at once. */
export function TicketChoices(props: { offer: Offer; transfer: SelfTransfer }) {
  return (
    <ol className={styles.tickets}>
      {ticketsOf(props.offer, props.transfer).map((ticket, i) => (
        <li key={ticket.offerId}>
          <span className="small">
            Ticket {i + 1}: {ticket.origin} to {ticket.destination}
          </span>
          <ButtonLink
            variant="light"
            to="/book/$offerId"
            params={{ offerId: ticket.offerId }}
            aria-label={`Choose ticket ${i + 1}, ${ticket.origin} to ${ticket.destination}`}
          >
            Choose
          </ButtonLink>
        </li>
      ))}
    </ol>
  )
}
