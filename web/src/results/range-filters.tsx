import { slicesOf, type FlightSearch } from '../api/flight-search.ts'
import type { Facets } from '../api/types.ts'
import { BetweenFilter, downTo, upTo, UpToFilter } from '../lists/range-filters.tsx'
import type { Noun } from '../lists/source-wire.tsx'
import { moneyWords } from '../ui/money-words.ts'
import { durationWords } from '../ui/time-words.ts'

type RangeFilterProps = { search: FlightSearch; facets: Facets; currency: string; onChange: (search: FlightSearch) => void }

const fares: Noun = { one: 'fare', many: 'fares' }

/** The total price, from and to. */
export function PriceFilter(props: RangeFilterProps) {
  const { search } = props
  const { price } = props.facets
  const words = (amount: number) => moneyWords({ amount: String(amount), currency: props.currency })
  return (
    <BetweenFilter
      legend="Total price"
      names={['Least total price', 'Most total price']}
      asked={[search.min_price, search.max_price]}
      bounds={price === null ? null : [Math.floor(Number(price.min.amount)), Math.ceil(Number(price.max.amount))]}
      step={1}
      words={words}
      onChange={(least, most) => props.onChange({ ...search, min_price: least, max_price: most })}
    />
  )
}

/** How long a connection may last. */
export function ConnectionTimeFilter(props: RangeFilterProps) {
  const { search } = props
  const range = props.facets.connection_minutes
  return (
    <BetweenFilter
      legend="Time to change flights"
      names={['Shortest connection', 'Longest connection']}
      asked={[search.min_connection, search.max_connection]}
      bounds={range === null ? null : [downTo(range.min, 15), upTo(range.max, 15)]}
      step={15}
      words={durationWords}
      onChange={(least, most) => props.onChange({ ...search, min_connection: least, max_connection: most })}
    />
  )
}

/** How long each direction may take, connections included. */
export function DurationFilter(props: RangeFilterProps) {
  const { search } = props
  return (
    <UpToFilter
      legend={slicesOf(search).length === 1 ? 'Travel time' : 'Travel time, each direction'}
      name="Longest travel time"
      asked={search.max_duration}
      range={props.facets.duration}
      step={15}
      words={durationWords}
      noun={fares}
      onChange={(most) => props.onChange({ ...search, max_duration: most })}
    />
  )
}

/** How much CO2e the journey may cause. */
export function EmissionsFilter(props: RangeFilterProps) {
  const { search } = props
  return (
    <UpToFilter
      legend="Emissions of all travellers"
      name="Most emissions"
      asked={search.max_emissions}
      range={props.facets.emissions}
      step={1}
      words={(kg) => `${kg} kg CO2e`}
      noun={fares}
      onChange={(most) => props.onChange({ ...search, max_emissions: most })}
    />
  )
}
