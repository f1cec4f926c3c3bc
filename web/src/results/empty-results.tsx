import { Button } from '@mantine/core'
import { slicesOf, withoutFilters, type FlightSearch } from '../api/flight-search.ts'
import type { Source } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { addDays, dayWords, today } from '../ui/time-words.ts'
import { Notice } from '../ui/notice.tsx'
import type { ActiveFilter } from './filters.ts'
import styles from '../lists/list.module.css'

/** Nothing to show, why, and the ways on. */
export function EmptyResults(props: {
  search: FlightSearch
  total: number
  sources: readonly Source[]
  filters: readonly ActiveFilter[]
  onAskAgain: () => void
}) {
  if (props.total > 0) {
    return (
      <Notice
        tone="info"
        title={`None of the ${props.total} fares passes these filters`}
        actions={
          <>
            <ButtonLink to="/flights" search={withoutFilters(props.search)}>
              Clear all filters
            </ButtonLink>
            {props.filters.slice(0, 3).map((filter) => (
              <ButtonLink key={filter.key} variant="light" to="/flights" search={filter.without}>
                Without “{filter.label}”
              </ButtonLink>
            ))}
          </>
        }
      />
    )
  }
  const answered = props.sources.filter((source) => source.state === 'answered').length
  if (answered === 0 && props.sources.length > 0) {
    return (
      <Notice tone="warn" title="No source answered" actions={<Button onClick={props.onAskAgain}>Ask again</Button>}>
        <p>
          All {props.sources.length} sources were asked and none replied in time. That says nothing about the fares. Nothing has been
          booked.
        </p>
      </Notice>
    )
  }
  const days = slicesOf(props.search).length > 1 ? 'these days' : 'this day'
  const sources = answered < props.sources.length ? 'None of the sources that answered' : 'No source'
  return (
    <Notice tone="info" title={`${sources} has a fare for ${days}`} actions={<NearbyDays search={props.search} />}>
      <p>Other days, a nearby airport or another cabin may have one.</p>
    </Notice>
  )
}

function NearbyDays(props: { search: FlightSearch }) {
  const { search } = props
  const day = search.departure_date ?? today()
  const shifts = search.slice === undefined ? [-1, 1, 2] : []
  const days = shifts
    .map((shift) => addDays(day, shift))
    .filter((each) => each >= today() && (search.return_date === undefined || each <= search.return_date))
  return (
    <div className={styles.buttons}>
      {days.map((each) => (
        <ButtonLink key={each} variant="light" to="/flights" search={{ ...withoutFilters(search), departure_date: each }}>
          {dayWords(each, false)}
        </ButtonLink>
      ))}
      <ButtonLink variant="subtle" to="/" search={withoutFilters(search)}>
        Change the search
      </ButtonLink>
    </div>
  )
}
