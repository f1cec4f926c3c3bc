import { Radio, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { StaySearch } from '../api/stay-search.ts'
import type { StayFacets } from '../api/types.ts'
import { CheckboxFilter, Folded } from '../lists/choices.tsx'
import styles from '../lists/filters.module.css'
import { BetweenFilter, UpToFilter } from '../lists/range-filters.tsx'
import { choicesOf, chosenValues, toggleValue } from '../lists/set-filter.ts'
import type { Noun } from '../lists/source-wire.tsx'
import { moneyWords } from '../ui/money-words.ts'
import { distanceWords } from '../ui/stay-words.ts'
import { leastRatings, stayFilters, type StayFilter } from './stay-filters.ts'

type StayFilterPanelProps = { search: StaySearch; facets: StayFacets; currency: string; onChange: (search: StaySearch) => void }

export const hotels: Noun = { one: 'hotel', many: 'hotels', renewed: 'More rates for these hotels' }

/** Every filter with what it would leave; what would leave nothing is off but still to be seen. */
export function StayFilterPanel(props: StayFilterPanelProps) {
  const { search, facets, onChange } = props
  const set = (filter: StayFilter) => (
    <CheckboxFilter
      key={filter.key}
      legend={filter.label}
      choices={choicesOf(filter, search, facets)}
      onToggle={(value) => onChange(toggleValue(search, filter.key, value))}
    />
  )
  const has = (filter: StayFilter) => choicesOf(filter, search, facets).length > 0
  const { price, distance_m: distance } = facets
  return (
    <div className={styles.filters}>
      <NameFilter {...props} />
      <BetweenFilter
        legend="Price of the whole stay"
        names={['Least price of the stay', 'Most price of the stay']}
        asked={[search.min_price, search.max_price]}
        bounds={price === null ? null : [Math.floor(Number(price.min.amount)), Math.ceil(Number(price.max.amount))]}
        step={1}
        words={(amount) => moneyWords({ amount: String(amount), currency: props.currency })}
        onChange={(least, most) => onChange({ ...search, min_price: least, max_price: most })}
      />
      {set(stayFilters.stars)}
      <RatingFilter {...props} />
      {set(stayFilters.boards)}
      {set(stayFilters.refundable)}
      {set(stayFilters.pay_at)}
      <UpToFilter
        legend="Distance from the centre"
        name="Most distance"
        asked={search.max_distance}
        range={distance}
        step={100}
        words={distanceWords}
        noun={hotels}
        onChange={(most) => onChange({ ...search, max_distance: most })}
      />
      {set(stayFilters.amenities)}
      {has(stayFilters.districts) ? (
        <Folded title="Districts" active={chosenValues(search, 'districts').length}>
          {set(stayFilters.districts)}
        </Folded>
      ) : null}
      {has(stayFilters.property_types) ? (
        <Folded title="Kinds of house" active={chosenValues(search, 'property_types').length}>
          {set(stayFilters.property_types)}
        </Folded>
      ) : null}
      <Folded title="Suppliers" active={chosenValues(search, 'suppliers').length}>
        {set(stayFilters.suppliers)}
      </Folded>
    </div>
  )
}

/** The name is asked for once typing rests. */
function NameFilter(props: StayFilterPanelProps) {
  const asked = props.search.name ?? ''
  const [typed, setTyped] = useState(asked)
  useEffect(() => setTyped(asked), [asked])
  const ask = useDebouncedCallback((name: string) => {
    if (/[\p{L}\p{N}]/u.test(name) || name.trim() === '') props.onChange({ ...props.search, name: name.trim() })
  }, 400)
  return (
    <div className={styles.filter}>
      <TextInput
        label="Name of the hotel"
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          ask(event.currentTarget.value)
        }}
      />
    </div>
  )
}

function RatingFilter(props: StayFilterPanelProps) {
  const { search, facets } = props
  const chosen = search.min_rating ?? ''
  if (facets.rating === null && chosen === '') return null
  const best = facets.rating?.max ?? 0
  return (
    <fieldset className={styles.filter}>
      <legend>Rated by guests, of 10</legend>
      <Radio.Group value={chosen} onChange={(value) => props.onChange({ ...search, min_rating: value })}>
        <Radio value="" label="Any, also without a rating" className={styles.choice} />
        {leastRatings.map((least) => (
          <Radio
            key={least}
            value={least}
            label={`${least} or more`}
            disabled={Number(least) * 10 > best && chosen !== least}
            className={styles.choice}
          />
        ))}
      </Radio.Group>
    </fieldset>
  )
}
