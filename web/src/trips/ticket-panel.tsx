import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import type { Booking } from '../api/types.ts'
import { DocumentIcon } from '../ui/icons.tsx'
import panel from '../ui/panel.module.css'
import styles from './trips.module.css'

/** The codes an airline asks for, and the e-ticket. */
export function TicketPanel(props: { booking: Booking }) {
  const { booking } = props
  const ticket = booking.documents.find((document) => document.kind === 'e-ticket')
  return (
    <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="ticket">
      <h2 id="ticket" className={panel.heading}>
        Your ticket
      </h2>
      {booking.pnr === null ? null : (
        <div className={styles.pnr}>
          <div>
            <p className="small muted">Airline booking code (PNR)</p>
            <p className={styles.code}>{booking.pnr}</p>
          </div>
          <CopyCode code={booking.pnr} />
        </div>
      )}
      <dl className={styles.tickets}>
        {booking.tickets.map((each) => (
          <div key={each.number}>
            <dt>{each.passenger_name ?? 'Ticket'}</dt>
            <dd className="code">{each.number}</dd>
          </div>
        ))}
      </dl>
      {ticket === undefined ? (
        <p className="muted">The e-ticket is being written. It appears here and in your e-mail.</p>
      ) : (
        <Button component="a" href={ticket.url} download={`e-ticket-${booking.reference}.pdf`} leftSection={<DocumentIcon />}>
          Download e-ticket (PDF)
        </Button>
      )}
    </section>
  )
}

function CopyCode(props: { code: string }) {
  const clipboard = useClipboard({ timeout: 2_000 })
  return (
    <span>
      <Button variant="outline" onClick={() => clipboard.copy(props.code)}>
        {clipboard.copied ? 'Copied' : 'Copy'}
        <span className="said"> the booking code</span>
      </Button>
      <span className="said" role="status">
        {clipboard.copied ? 'Copied' : ''}
      </span>
    </span>
  )
}
