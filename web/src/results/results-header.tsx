import { useQuery } from '@tanstack/react-query'
import { passengerCounts, withoutFilters, type FlightSearch } from '../api/flight-search.ts'
import { placeQuery } from '../api/places.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { cabinWords, travellersWords } from '../ui/fare-words.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { dayWords } from '../ui/time-words.ts'
import styles from './results.module.css'

/** What is searched, in one line, and the way to change it. */
export function ResultsHeader(props: { search: FlightSearch }) {
  const { search } = props
  const origin = useQuery(placeQuery(search.origin ?? '')).data?.city ?? search.origin
  const destination = useQuery(placeQuery(search.destination ?? '')).data?.city ?? search.destination
  usePageTitle(`${origin} to ${destination}`)
  const days = `${dayWords(search.departure_date ?? '')}${search.return_date === undefined ? '' : ` – ${dayWords(search.return_date)}`}`
  return (
    <div className={styles.header}>
      <div>
        <h1 className={styles.title}>
          {origin} <span className="muted code">{search.origin}</span> to {destination}{' '}
          <span className="muted code">{search.destination}</span>
        </h1>
        <p className="muted">
          {days} · {travellersWords(passengerCounts(search))} · {cabinWords(search.cabin ?? 'economy')}
        </p>
      </div>
      <ButtonLink variant="outline" to="/" search={withoutFilters(search)}>
        Change search
      </ButtonLink>
    </div>
  )
}
