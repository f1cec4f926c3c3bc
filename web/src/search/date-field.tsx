import { InputBase, Popover } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { CalendarRoute } from '../api/prices.ts'
import { CalendarIcon } from '../ui/icons.tsx'
import { dayWords } from '../ui/time-words.ts'
import styles from './search.module.css'

const loadCalendar = () => import('./calendar.tsx')
const Calendar = lazy(async () => ({ default: (await loadCalendar()).Calendar }))

/** Fetches the calendar's code ahead of the first tap. */
export function prepareCalendar(): void {
  void loadCalendar().catch(() => undefined)
}

type DateFieldProps = {
  name: string
  label: string
  value: string
  min: string
  max: string
  error: string | undefined
  isOpen: boolean
  /** What the calendar shows prices of; null shows none. */
  priceRoute: CalendarRoute | null
  onOpen: (isOpen: boolean) => void
  onChange: (date: string) => void
}

/** A day, chosen from a calendar. The hidden input carries it as "2026-11-10". */
export function DateField(props: DateFieldProps) {
  const isEmpty = props.value === ''
  return (
    <div>
      <input type="hidden" name={props.name} value={props.value} />
      <Popover
        id={`date-${props.name}`}
        withinPortal={false}
        opened={props.isOpen}
        onChange={props.onOpen}
        position="bottom-start"
        trapFocus
        returnFocus
        shadow="none"
      >
        <Popover.Target>
          <InputBase
            component="button"
            type="button"
            size="md"
            pointer
            label={props.label}
            aria-label={isEmpty ? `${props.label}: choose a day` : `${props.label}: ${dayWords(props.value)}`}
            labelProps={{ style: { fontWeight: 600, marginBottom: 4 } }}
            leftSection={<CalendarIcon />}
            error={props.error}
            onPointerEnter={prepareCalendar}
            onFocus={prepareCalendar}
            onClick={() => props.onOpen(!props.isOpen)}
          >
            {isEmpty ? (
              <span className={styles.placeholder}>Choose</span>
            ) : (
              <span className={styles.oneLine}>{dayWords(props.value, false)}</span>
            )}
          </InputBase>
        </Popover.Target>
        <Popover.Dropdown className={styles.dropdown}>
          <Suspense fallback={<p className={styles.calendarWait}>Loading the calendar</p>}>
            <Calendar
              value={props.value}
              min={props.min}
              max={props.max}
              label={props.label}
              priceRoute={props.priceRoute}
              onChoose={props.onChange}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}
