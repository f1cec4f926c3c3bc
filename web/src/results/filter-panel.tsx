import { Radio } from '@mantine/core'
import { slicesOf, type FilterKey, type FlightSearch, type TimeFilter } from '../api/flight-search.ts'
import type { Facets } from '../api/types.ts'
import { CheckboxFilter, ChoiceLabel, Folded } from '../lists/choices.tsx'
import { choicesOf, toggleValue } from '../lists/set-filter.ts'
import { countActive, dayParts, selfTransferChoices, sliceTimes, stopsChoices } from './filters.ts'
import { ConnectionTimeFilter, DurationFilter, EmissionsFilter, PriceFilter } from './range-filters.tsx'
import { setFilters, type FlightFilter } from './set-filters.ts'
import styles from '../lists/filters.module.css'

type FilterPanelProps = { search: FlightSearch; facets: Facets; currency: string; onChange: (search: FlightSearch) => void }

/**
 * Every filter with what it would leave; what would leave nothing is off but still to be seen. What fewer ask for is
 * folded, with the number of filters in force in it.
 */
export function FilterPanel(props: FilterPanelProps) {
  const { search, facets } = props
  const set = (filter: FlightFilter) => <ChoicesFilter key={filter.key} {...props} filter={filter} />
  const has = (...filters: FlightFilter[]) => filters.some((filter) => choicesOf(filter, search, facets).length > 0)
  const { connections, overnight, refundable, changeable, cabins, alliances } = setFilters
  const { origin_airports: origins, destination_airports: destinations } = setFilters
  const transfers = selfTransferChoices(search, facets)
  const separate = search.self_transfer === 'only' || search.self_transfer === 'exclude' ? 1 : 0
  return (
    <div className={styles.filters}>
      <StopsFilter {...props} />
      <PriceFilter {...props} />
      {set(setFilters.bags)}
      {set(setFilters.airlines)}
      <DurationFilter {...props} />
      {sliceTimes(search).map(({ label, departure, arrival }, i) => (
        <Folded
          key={departure.after}
          title={slicesOf(search).length === 1 ? 'Times' : `Times, ${label.length > 8 ? label : label.toLowerCase()}`}
          active={countActive(search, [departure.after, departure.before, arrival.after, arrival.before])}
          isOpen={i === 0}
        >
          <DayPartFilter {...props} label="Departure, local time" group={label} time={departure} />
          <DayPartFilter {...props} label="Arrival, local time" group={label} time={arrival} />
        </Folded>
      ))}
      {has(connections) || countActive(search, connectionKeys) > 0 ? (
        <Folded title="Connections" active={countActive(search, connectionKeys)}>
          <ConnectionTimeFilter {...props} />
          {set(overnight)}
          {set(connections)}
        </Folded>
      ) : null}
      {transfers.length === 0 ? null : (
        <Folded title="Separate tickets" active={separate}>
          <SelfTransferFilter {...props} />
        </Folded>
      )}
      <Folded title="Fare rules" active={countActive(search, ['refundable', 'changeable', 'cabins'])}>
        {set(refundable)}
        {set(changeable)}
        {set(cabins)}
      </Folded>
      {has(alliances) ? (
        <Folded title="Alliances" active={countActive(search, ['alliances'])}>
          {set(alliances)}
        </Folded>
      ) : null}
      {has(origins, destinations) ? (
        <Folded title="Airports" active={countActive(search, ['origin_airports', 'destination_airports'])}>
          {set(origins)}
          {set(destinations)}
        </Folded>
      ) : null}
      {facets.emissions === null && search.max_emissions === undefined ? null : (
        <Folded title="Emissions" active={countActive(search, ['max_emissions'])}>
          <EmissionsFilter {...props} />
        </Folded>
      )}
      <Folded title="Suppliers" active={countActive(search, ['suppliers'])}>
        {set(setFilters.suppliers)}
      </Folded>
    </div>
  )
}

const connectionKeys: FilterKey[] = ['connections', 'overnight', 'min_connection', 'max_connection']

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

function ChoicesFilter(props: FilterPanelProps & { filter: FlightFilter }) {
  const { search, filter } = props
  return (
    <CheckboxFilter
      legend={filter.label}
      choices={choicesOf(filter, search, props.facets)}
      onToggle={(value) => props.onChange(toggleValue(search, filter.key, value))}
    />
  )
}

function SelfTransferFilter(props: FilterPanelProps) {
  const chosen = props.search.self_transfer ?? ''
  return (
    <fieldset className={styles.filter}>
      <legend>Two tickets, nobody answers for the connection</legend>
      <Radio.Group value={chosen} onChange={(value) => props.onChange({ ...props.search, self_transfer: value })}>
        {selfTransferChoices(props.search, props.facets).map((choice) => (
          <Radio
            key={choice.value}
            value={choice.value}
            disabled={choice.count === 0 && chosen !== choice.value}
            label={<ChoiceLabel label={choice.label} count={choice.count} from={null} />}
            className={styles.choice}
          />
        ))}
      </Radio.Group>
    </fieldset>
  )
}

function DayPartFilter(props: FilterPanelProps & { label: string; group: string; time: TimeFilter }) {
  const { search, time } = props
  const [after, before] = [search[time.after], search[time.before]]
  const name = `part-${time.after}`
  return (
    <fieldset className={styles.filter}>
      <legend>
        <span className="said">{props.group}: </span>
        {props.label}
      </legend>
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
