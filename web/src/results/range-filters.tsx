import { RangeSlider, Slider } from '@mantine/core'
import { useEffect, useState } from 'react'
import { slicesOf, type FilterKey, type FlightSearch } from '../api/flight-search.ts'
import type { Facets, RangeFacet } from '../api/types.ts'
import { moneyWords } from '../ui/money-words.ts'
import { durationWords } from '../ui/time-words.ts'
import styles from './filters.module.css'

type RangeFilterProps = { search: FlightSearch; facets: Facets; currency: string; onChange: (search: FlightSearch) => void }

/** The total price, from and to. */
export function PriceFilter(props: RangeFilterProps) {
  const { price } = props.facets
  const words = (amount: number) => moneyWords({ amount: String(amount), currency: props.currency })
  return (
    <BetweenFilter
      {...props}
      legend="Total price"
      names={['Least total price', 'Most total price']}
      keys={['min_price', 'max_price']}
      bounds={price === null ? null : [Math.floor(Number(price.min.amount)), Math.ceil(Number(price.max.amount))]}
      step={1}
      words={words}
    />
  )
}

/** How long a connection may last. */
export function ConnectionTimeFilter(props: RangeFilterProps) {
  const range = props.facets.connection_minutes
  return (
    <BetweenFilter
      {...props}
      legend="Time to change flights"
      names={['Shortest connection', 'Longest connection']}
      keys={['min_connection', 'max_connection']}
      bounds={range === null ? null : [downTo(range.min, 15), upTo(range.max, 15)]}
      step={15}
      words={durationWords}
    />
  )
}

/** How long each direction may take, connections included. */
export function DurationFilter(props: RangeFilterProps) {
  return (
    <UpToFilter
      {...props}
      legend={slicesOf(props.search).length === 1 ? 'Travel time' : 'Travel time, each direction'}
      name="Longest travel time"
      filter="max_duration"
      range={props.facets.duration}
      step={15}
      words={durationWords}
    />
  )
}

/** How much CO2e the journey may cause. */
export function EmissionsFilter(props: RangeFilterProps) {
  return (
    <UpToFilter
      {...props}
      legend="Emissions of all travellers"
      name="Most emissions"
      filter="max_emissions"
      range={props.facets.emissions}
      step={1}
      words={(kg) => `${kg} kg CO2e`}
    />
  )
}

type BetweenFilterProps = RangeFilterProps & {
  legend: string
  names: [least: string, most: string]
  keys: [least: FilterKey, most: FilterKey]
  bounds: [least: number, most: number] | null
  step: number
  words: (value: number) => string
}

function BetweenFilter(props: BetweenFilterProps) {
  const { search, keys, words } = props
  const [least, most] = props.bounds ?? [0, 0]
  const [askedLeast, askedMost] = [numberOf(search[keys[0]]), numberOf(search[keys[1]])]
  const chosenMost = askedMost ?? Math.max(most, askedLeast ?? most)
  const chosenLeast = askedLeast ?? Math.min(least, chosenMost)
  const [range, setRange] = useState<[number, number]>([chosenLeast, chosenMost])
  useEffect(() => setRange([chosenLeast, chosenMost]), [chosenLeast, chosenMost])
  const [low, high] = [Math.min(least, chosenLeast), Math.max(most, chosenMost)]
  if (props.bounds === null || high <= low) return null
  return (
    <fieldset className={styles.filter}>
      <legend>{props.legend}</legend>
      <p className={styles.range}>
        {words(range[0])} – {words(range[1])}
      </p>
      <RangeSlider
        min={low}
        max={high}
        step={props.step}
        minRange={0}
        value={range}
        onChange={setRange}
        onChangeEnd={([from, to]) =>
          props.onChange({ ...search, [keys[0]]: from <= least ? '' : String(from), [keys[1]]: to >= most ? '' : String(to) })
        }
        label={null}
        thumbSize={24}
        thumbFromLabel={props.names[0]}
        thumbToLabel={props.names[1]}
        thumbValueText={words}
        className={styles.slider}
      />
    </fieldset>
  )
}

type UpToFilterProps = RangeFilterProps & {
  legend: string
  name: string
  filter: FilterKey
  range: RangeFacet | null
  step: number
  words: (value: number) => string
}

function UpToFilter(props: UpToFilterProps) {
  const { search, filter, range, step, words } = props
  const asked = numberOf(search[filter])
  const [least, most] = range === null ? [0, 0] : [upTo(range.min, step), upTo(range.max, step)]
  const chosen = asked ?? most
  const [value, setValue] = useState(chosen)
  useEffect(() => setValue(chosen), [chosen])
  const [low, high] = [Math.min(least, chosen), Math.max(most, chosen)]
  if (range === null || high <= low) return null
  return (
    <fieldset className={styles.filter}>
      <legend>{props.legend}</legend>
      <p className={styles.range}>Up to {words(value)}</p>
      <Slider
        min={low}
        max={high}
        step={step}
        value={value}
        onChange={setValue}
        onChangeEnd={(to) => props.onChange({ ...search, [filter]: to >= most ? '' : String(to) })}
        label={null}
        thumbSize={24}
        thumbLabel={props.name}
        thumbValueText={words}
        className={styles.slider}
      />
      {range.unknown === 0 ? null : (
        <p className="small muted">
          {range.unknown} {range.unknown === 1 ? 'fare does' : 'fares do'} not state it and {range.unknown === 1 ? 'passes' : 'pass'} no
          limit.
        </p>
      )}
    </fieldset>
  )
}

function numberOf(text: string | undefined): number | null {
  const number = Number(text)
  return text === undefined || Number.isNaN(number) ? null : number
}

function downTo(value: number, step: number): number {
  return Math.floor(value / step) * step
}

function upTo(value: number, step: number): number {
  return Math.ceil(value / step) * step
}
