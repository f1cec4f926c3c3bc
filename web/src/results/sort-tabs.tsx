import { useQuery } from '@tanstack/react-query'
import { toQueryString, type FlightSearch } from '../api/flight-search.ts'
import { getOffers } from '../api/offers.ts'
import type { Offer } from '../api/types.ts'
import { roughMoneyWords } from '../ui/money-words.ts'
import { clockAtPlace, durationWords } from '../ui/time-words.ts'
import styles from './results.module.css'

const sorts = [
  { value: 'price', label: 'Cheapest' },
  { value: 'duration', label: 'Fastest' },
  { value: 'departure', label: 'Earliest' },
] as const

/** The three orders, each with what its first fare costs and takes. */
export function SortTabs(props: { search: FlightSearch; isSettled: boolean; first: Offer | undefined; onChange: (sort: string) => void }) {
  const current = props.search.sort ?? 'price'
  return (
    <div className={styles.sorting}>
      <div className={styles.tabs} role="group" aria-label="Order">
        {sorts.map((sort) => (
          <SortTab key={sort.value} {...props} sort={sort.value} label={sort.label} isCurrent={current === sort.value} />
        ))}
      </div>
      <details className={styles.how}>
        <summary>How we sort</summary>
        <p>
          Cheapest: total price for everyone, lowest first. Fastest: least time from departure to arrival, both ways together. Earliest:
          first departure of the day. Nobody pays to stand higher.
        </p>
      </details>
    </div>
  )
}

function SortTab(props: {
  search: FlightSearch
  isSettled: boolean
  first: Offer | undefined
  sort: string
  label: string
  isCurrent: boolean
  onChange: (sort: string) => void
}) {
  const search: FlightSearch = { ...props.search }
  if (props.sort === 'price') delete search.sort
  else search.sort = props.sort
  const peek = useQuery({
    queryKey: ['first-offer', toQueryString(search)],
    queryFn: async ({ signal }) => (await getOffers(search, { limit: '1', signal })).data[0] ?? null,
    enabled: props.isSettled && !props.isCurrent,
    staleTime: 5 * 60_000,
  })
  const best = props.isCurrent ? props.first : peek.data
  return (
    <button type="button" className={styles.tab} aria-pressed={props.isCurrent} onClick={() => props.onChange(props.sort)}>
      <span className={styles.tabLabel}>{props.label}</span>
      <span className={styles.tabDetail}>
        {best === undefined || best === null ? ' ' : tabWords(props.sort, best).map((words) => <span key={words}>{words}</span>)}
      </span>
    </button>
  )
}

function tabWords(sort: string, offer: Offer): [price: string, time: string] {
  const minutes = offer.slices.reduce<number | null>(
    (sum, slice) => (sum === null || slice.duration_minutes === null ? null : sum + slice.duration_minutes),
    0,
  )
  const leaves = offer.slices[0]?.segments[0]
  const second = sort === 'departure' && leaves !== undefined ? clockAtPlace(leaves.departure) : durationWords(minutes)
  return [roughMoneyWords(offer.total), second]
}
