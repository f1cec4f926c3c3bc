import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import type { BookingItem } from '../api/types.ts'
import { DocumentIcon } from '../ui/icons.tsx'
import panel from '../ui/panel.module.css'
import { sellerOf } from './goods.ts'
import styles from './trips.module.css'

const words = {
  airline: {
    heading: 'Your ticket',
    code: 'Airline booking code (PNR)',
    what: 'booking code',
    kind: 'e-ticket',
    download: 'Download e-ticket (PDF)',
    waiting: 'The e-ticket is being written. It appears here and in your e-mail.',
  },
  hotel: {
    heading: 'Your voucher',
    code: 'Hotel confirmation number',
    what: 'confirmation number',
    kind: 'voucher',
    download: 'Download voucher (PDF)',
    waiting: 'The voucher is being written. It appears here and in your e-mail.',
  },
} as const

/** The codes an airline or a hotel asks for, and the document to show there. */
export function TicketPanel(props: { item: BookingItem; reference: string }) {
  const { item } = props
  const { heading, code, what, kind, download, waiting } = words[sellerOf(item)]
  const ticket = item.documents.find((document) => document.kind === kind)
  return (
    <section className={`${panel.panel} ${panel.stack}`} aria-labelledby={`ticket-${item.id}`}>
      <h2 id={`ticket-${item.id}`} className={panel.heading}>
        {heading}
      </h2>
      {item.pnr === null ? null : (
        <div className={styles.pnr}>
          <div>
            <p className="small muted">{code}</p>
            <p className={styles.code}>{item.pnr}</p>
          </div>
          <CopyCode code={item.pnr} what={what} />
        </div>
      )}
      {item.tickets.length === 0 ? null : (
        <dl className={styles.tickets}>
          {item.tickets.map((each) => (
            <div key={each.number}>
              <dt>{each.passenger_name ?? 'Ticket'}</dt>
              <dd className="code">{each.number}</dd>
            </div>
          ))}
        </dl>
      )}
      {ticket === undefined ? (
        <p className="muted">{waiting}</p>
      ) : (
        <Button component="a" href={ticket.url} download={`${kind}-${props.reference}.pdf`} leftSection={<DocumentIcon />}>
          {download}
        </Button>
      )}
    </section>
  )
}

function CopyCode(props: { code: string; what: string }) {
  const clipboard = useClipboard({ timeout: 2_000 })
  return (
    <span>
      <Button variant="outline" onClick={() => clipboard.copy(props.code)}>
        {clipboard.copied ? 'Copied' : 'Copy'}
        <span className="said"> the {props.what}</span>
      </Button>
      <span className="said" role="status">
        {clipboard.copied ? 'Copied' : ''}
      </span>
    </span>
  )
}
