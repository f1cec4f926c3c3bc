import { Checkbox } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { Money } from '../api/types.ts'
import { roughMoneyWords } from '../ui/money-words.ts'
import styles from './filters.module.css'

const valuesShown = 8

/** A group that is open when it has been so from the start or something in it is in force. */
export function Folded(props: { title: string; active: number; isOpen?: boolean; children: ReactNode }) {
  const [isOpen, setOpen] = useState(props.isOpen === true || props.active > 0)
  return (
    <details className={styles.folded} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {props.title}
        {props.active === 0 ? null : (
          <span className={styles.activeCount}>
            {props.active} <span className="said">in force</span>
          </span>
        )}
      </summary>
      {isOpen ? props.children : null}
    </details>
  )
}

/** A value that can be chosen, and what choosing it would leave. */
export type ShownChoice = { value: string; label: string; count: number; from: Money | null; isChosen: boolean }

/** Values of which several can be chosen; the first few and those chosen, the rest when asked for. */
export function CheckboxFilter(props: { legend: string; choices: readonly ShownChoice[]; onToggle: (value: string) => void }) {
  const { choices } = props
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? choices : choices.filter((choice, i) => i < valuesShown || choice.isChosen)
  if (choices.length === 0) return null
  return (
    <fieldset className={styles.filter}>
      <legend>{props.legend}</legend>
      {shown.map((choice) => (
        <Checkbox
          key={choice.value}
          checked={choice.isChosen}
          disabled={choice.count === 0 && !choice.isChosen}
          onChange={() => props.onToggle(choice.value)}
          label={<ChoiceLabel label={choice.label} count={choice.count} from={choice.from} />}
          className={styles.choice}
        />
      ))}
      {choices.length > shown.length || showsAll ? (
        <button type="button" className={styles.more} aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show fewer' : `Show all ${choices.length}`}
          <span className="said">: {props.legend.toLowerCase()}</span>
        </button>
      ) : null}
    </fieldset>
  )
}

/** A value with what it would leave, and from what price. */
export function ChoiceLabel(props: { label: string; count: number | null; from: Money | null }) {
  return (
    <span className={styles.choiceLabel}>
      <span>
        {props.label} {props.count === null ? null : <span className="muted num">({props.count})</span>}
      </span>
      {props.from === null ? null : <span className={`muted num ${styles.from}`}>from {roughMoneyWords(props.from)}</span>}
    </span>
  )
}
