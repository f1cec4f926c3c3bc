import { Checkbox, Radio, RangeSlider } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { FlightSearch } from '../api/flight-search.ts'
import type { AirlineFacet, Money } from '../api/types.ts'
import { moneyWords, roughMoneyWords } from '../ui/money-words.ts'
import {
  chosenAirlines,
  dayParts,
  outboundTimes,
  returnTimes,
  stopsChoices,
  toggleAirline,
  type Facets,
  type TimeFilter,
} from './filters.ts'
import styles from './results.module.css'

type FilterPanelProps = { search: FlightSearch; facets: Facets; currency: string; onChange: (search: FlightSearch) => void }

const airlinesShown = 8

/** Every filter with what it would leave; what would leave nothing is off but still to be seen. */
export function FilterPanel(props: FilterPanelProps) {
  const { search } = props
  return (
    <div className={styles.filters}>
      <StopsFilter {...props} />
      <PriceFilter {...props} />
      <AirlinesFilter {...props} />
      {outboundTimes.map((time) => (
        <DayPartFilter key={time.after} {...props} time={time} />
      ))}
      {search.return_date === undefined ? null : returnTimes.map((time) => <DayPartFilter key={time.after} {...props} time={time} />)}
    </div>
  )
}

function StopsFilter(props: FilterPanelProps) {
  const chosen = props.search.max_stops ?? ''
  return (
    <fieldset className={styles.filter}>
      <legend>Stops</legend>
      <Radio.Group value={chosen} onChange={(value) => props.onChange({ ...props.search, max_stops: value })}>
        <Radio value="" label="Any number" className={styles.choice} />
        {stopsChoices(props.facets.stops).map((choice) => (
          <Radio
            key={choice.value}
            value={String(choice.value)}
            disabled={choice.count === 0 && chosen !== String(choice.value)}
            label={<ChoiceLabel label={choice.label} count={choice.count} from={choice.from} />}
            className={styles.choice}
          />
        ))}
      </Radio.Group>
    </fieldset>
  )
}

function AirlinesFilter(props: FilterPanelProps) {
  const [showsAll, setShowsAll] = useState(false)
  const chosen = chosenAirlines(props.search)
  const airlines = props.facets.airlines
  const shown = showsAll ? airlines : airlines.filter((airline, i) => i < airlinesShown || chosen.includes(airline.value))
  if (airlines.length === 0) return null
  return (
    <fieldset className={styles.filter}>
      <legend>Airlines</legend>
      {shown.map((airline: AirlineFacet) => (
        <Checkbox
          key={airline.value}
          checked={chosen.includes(airline.value)}
          disabled={airline.count === 0 && !chosen.includes(airline.value)}
          onChange={() => props.onChange(toggleAirline(props.search, airline.value))}
          label={<ChoiceLabel label={airline.name ?? airline.value} count={airline.count} from={airline.from} />}
          className={styles.choice}
        />
      ))}
      {airlines.length > shown.length || showsAll ? (
        <button type="button" className={styles.textButton} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show fewer' : `Show all ${airlines.length}`}
        </button>
      ) : null}
    </fieldset>
  )
}

function ChoiceLabel(props: { label: string; count: number; from: Money | null }) {
  return (
    <span className={styles.choiceLabel}>
      <span>
        {props.label} <span className="muted num">({props.count})</span>
      </span>
      {props.from === null ? null : <span className={`muted num ${styles.from}`}>from {roughMoneyWords(props.from)}</span>}
    </span>
  )
}

function PriceFilter(props: FilterPanelProps) {
  const { price } = props.facets
  const least = price === null ? 0 : Math.floor(Number(price.min.amount))
  const most = price === null ? 0 : Math.ceil(Number(price.max.amount))
  const chosenMost = Number(props.search.max_price ?? Math.max(most, Number(props.search.min_price ?? most)))
  const chosenLeast = Number(props.search.min_price ?? Math.min(least, chosenMost))
  const [range, setRange] = useState<[number, number]>([chosenLeast, chosenMost])
  useEffect(() => setRange([chosenLeast, chosenMost]), [chosenLeast, chosenMost])
  if (price === null || most <= least) return null
  const words = (amount: number) => moneyWords({ amount: String(amount), currency: props.currency })
  const [low, high] = [Math.min(least, chosenLeast), Math.max(most, chosenMost)]
  return (
    <fieldset className={styles.filter}>
      <legend>Total price</legend>
      <p className={styles.range}>
        {words(range[0])} – {words(range[1])}
      </p>
      <RangeSlider
        min={low}
        max={high}
        minRange={0}
        value={range}
        onChange={setRange}
        onChangeEnd={([from, to]) =>
          props.onChange({ ...props.search, min_price: from <= least ? '' : String(from), max_price: to >= most ? '' : String(to) })
        }
        label={null}
        thumbSize={24}
        thumbFromLabel="Least total price"
        thumbToLabel="Most total price"
        className={styles.slider}
      />
    </fieldset>
  )
}

function DayPartFilter(props: FilterPanelProps & { time: TimeFilter }) {
  const { search, time } = props
  const [after, before] = [search[time.after], search[time.before]]
  const name = `part-${time.after}`
  return (
    <fieldset className={styles.filter}>
      <legend>{time.label}, local time</legend>
      <div className={styles.parts}>
        <label className={styles.part}>
          <input
            type="radio"
            name={name}
            checked={after === undefined && before === undefined}
            onChange={() => props.onChange({ ...search, [time.after]: '', [time.before]: '' })}
          />
          <span>Any</span>
        </label>
        {dayParts.map((part) => (
          <label key={part.label} className={styles.part}>
            <input
              type="radio"
              name={name}
              checked={after === part.after && before === part.before}
              onChange={() => props.onChange({ ...search, [time.after]: part.after, [time.before]: part.before })}
            />
            <span>{part.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
