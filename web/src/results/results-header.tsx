import { useQueries } from '@tanstack/react-query'
import { passengerCounts, slicesOf, withoutFilters, type FlightSearch } from '../api/flight-search.ts'
import { placeQuery } from '../api/places.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { cabinWords, travellersWords } from '../ui/fare-words.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { dayWords } from '../ui/time-words.ts'
import styles from '../lists/list.module.css'

/** What is searched, in one line, and the way to change it. */
export function ResultsHeader(props: { search: FlightSearch }) {
  const { search } = props
  const slices = slicesOf(search)
  const stations = stationsOf(search)
  const places = useQueries({ queries: stations.map((code) => placeQuery(code)) })
  const cities = stations.map((code, i) => places[i]?.data?.city ?? code)
  usePageTitle(cities.join(' to '))
  const widely = [
    search.nearby_km === undefined ? null : `airports within ${search.nearby_km} km too`,
    search.self_transfer === 'include' || search.self_transfer === 'only' ? 'separate tickets too' : null,
  ].filter((words) => words !== null)
  return (
    <div className={styles.header}>
      <div>
        <h1 className={styles.title}>
          {stations.map((code, i) => (
            <span key={`${code}${i}`}>
              {i === 0 ? '' : ' to '}
              {cities[i]} <span className="muted code">{code}</span>
            </span>
          ))}
        </h1>
        <p className="muted">
          {[
            slices.map((slice) => dayWords(slice.date)).join(' – '),
            travellersWords(passengerCounts(search)),
            cabinWords(search.cabin ?? 'economy'),
            ...widely,
          ].join(' · ')}
        </p>
      </div>
      <ButtonLink variant="outline" to="/" search={withoutFilters(search)}>
        Change search
      </ButtonLink>
    </div>
  )
}

/** The places of a journey in order; a place where one flight ends and the next begins stands once. */
function stationsOf(search: FlightSearch): string[] {
  const slices = slicesOf(search).slice(0, search.slice === undefined ? 1 : undefined)
  const stations: string[] = []
  for (const { origin, destination } of slices) {
    if (stations.at(-1) !== origin) stations.push(origin)
    stations.push(destination)
  }
  return stations
}
