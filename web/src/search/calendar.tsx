import { DatePicker } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { priceCalendarQuery, type CalendarRoute } from '../api/prices.ts'
import { dayLabel, levelAt } from './price-levels.ts'
import styles from './calendar.module.css'

type CalendarProps = {
  value: string
  min: string
  max: string
  label: string
  priceRoute: CalendarRoute | null
  onChoose: (date: string) => void
}

/** A month to choose a day from, with how dear its days are where that is known; loaded only when someone is about to. */
export function Calendar(props: CalendarProps) {
  const [month, setMonth] = useState((props.value === '' ? props.min : props.value).slice(0, 7))
  const days = useQuery(priceCalendarQuery(props.priceRoute, month)).data?.data ?? []
  const hasLevels = days.some((day) => day.level !== null)
  return (
    <>
      <DatePicker
        aria-label={props.label}
        value={props.value === '' ? null : props.value}
        defaultDate={props.value === '' ? props.min : props.value}
        minDate={props.min}
        maxDate={props.max}
        weekendDays={[]}
        size="md"
        hideOutsideDates
        highlightToday
        maxLevel="year"
        onDateChange={(date) => setMonth(date.slice(0, 7))}
        onChange={(date) => {
          if (date !== null) props.onChoose(date)
        }}
        renderDay={(date) => (
          <span className={styles.dayCell}>
            {Number(date.slice(8, 10))}
            {hasLevels ? (
              <span className={styles.bar} aria-hidden="true">
                <span className={styles.level} data-level={levelAt(days, date)?.level ?? 'none'} />
              </span>
            ) : null}
          </span>
        )}
        getDayAriaLabel={(date) => dayLabel(days, date)}
        allowDeselect={false}
        ariaLabels={{ previousMonth: 'Previous month', nextMonth: 'Next month', previousYear: 'Previous year', nextYear: 'Next year' }}
      />
      {hasLevels ? (
        <p className={styles.legend}>
          {(['low', 'medium', 'high'] as const).map((level) => (
            <span key={level}>
              <span className={styles.level} data-level={level} aria-hidden="true" /> {level}
            </span>
          ))}
          <span>price seen lately</span>
        </p>
      ) : null}
    </>
  )
}
