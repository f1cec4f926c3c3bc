import { DatePicker } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'

type CalendarProps = { value: string; min: string; max: string; label: string; onChoose: (date: string) => void }

/** A month to choose a day from; loaded only when someone is about to. */
export function Calendar(props: CalendarProps) {
  return (
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
      onChange={(date) => {
        if (date !== null) props.onChoose(date)
      }}
      allowDeselect={false}
      ariaLabels={{ previousMonth: 'Previous month', nextMonth: 'Next month', previousYear: 'Previous year', nextYear: 'Next year' }}
    />
  )
}
