import { ActionIcon, InputBase, NativeSelect, Popover } from '@mantine/core'
import { useState } from 'react'
import { cabinWords, travellersWords } from '../ui/traveller-words.ts'
import { PersonIcon } from '../ui/icons.tsx'
import { mostTravellers, travellersFault, type FormState } from './form-state.ts'
import styles from './search.module.css'

type Travellers = Pick<FormState, 'adults' | 'children' | 'infants' | 'cabin'>

const rows = [
  { key: 'adults', label: 'Adults', note: '12 and older', least: 1 },
  { key: 'children', label: 'Children', note: '2 to 11', least: 0 },
  { key: 'infants', label: 'Infants', note: 'Under 2, on a lap', least: 0 },
] as const

const cabins = ['economy', 'premium_economy', 'business', 'first']

/** Who travels and in which cabin. */
export function TravellersField(props: { value: Travellers; error: string | undefined; onChange: (change: Partial<Travellers>) => void }) {
  const [isOpen, setOpen] = useState(false)
  const { value } = props
  const words = `${travellersWords(value)}, ${cabinWords(value.cabin).toLowerCase()}`
  const total = value.adults + value.children + value.infants
  const fault = travellersFault(value) ?? props.error
  return (
    <div>
      {rows.map((row) => (
        <input key={row.key} type="hidden" name={row.key} value={value[row.key]} />
      ))}
      <input type="hidden" name="cabin" value={value.cabin} />
      <Popover
        id="travellers"
        withinPortal={false}
        opened={isOpen}
        onChange={setOpen}
        position="bottom-end"
        trapFocus
        returnFocus
        shadow="none"
        width={320}
      >
        <Popover.Target>
          <InputBase
            component="button"
            type="button"
            size="md"
            pointer
            label="Travellers and cabin"
            aria-label={`Travellers and cabin: ${words}`}
            labelProps={{ style: { fontWeight: 600, marginBottom: 4 } }}
            leftSection={<PersonIcon />}
            error={fault}
            onClick={() => setOpen(!isOpen)}
          >
            <span className={styles.oneLine}>{words}</span>
          </InputBase>
        </Popover.Target>
        <Popover.Dropdown className={styles.dropdown}>
          <div className={styles.travellers}>
            {rows.map((row) => (
              <div key={row.key} className={styles.traveller} role="group" aria-label={row.label}>
                <span>
                  <span className={styles.optionName}>{row.label}</span>
                  <span className={styles.optionPlace}>{row.note}</span>
                </span>
                <span className={styles.stepper}>
                  <ActionIcon
                    variant="outline"
                    size={40}
                    aria-label={`Fewer ${row.label.toLowerCase()}`}
                    disabled={value[row.key] <= row.least}
                    onClick={() => props.onChange({ [row.key]: value[row.key] - 1 })}
                  >
                    −
                  </ActionIcon>
                  <output className="num" aria-live="polite">
                    {value[row.key]}
                  </output>
                  <ActionIcon
                    variant="outline"
                    size={40}
                    aria-label={`More ${row.label.toLowerCase()}`}
                    disabled={total >= mostTravellers || (row.key === 'infants' && value.infants >= value.adults)}
                    onClick={() => props.onChange({ [row.key]: value[row.key] + 1 })}
                  >
                    +
                  </ActionIcon>
                </span>
              </div>
            ))}
            <NativeSelect
              label="Cabin"
              value={value.cabin}
              data={cabins.map((cabin) => ({ value: cabin, label: cabinWords(cabin) }))}
              onChange={(event) => props.onChange({ cabin: event.currentTarget.value })}
            />
            <p className="small muted">
              {value.infants >= value.adults && value.infants > 0
                ? 'One infant per adult: each sits on an adult’s lap.'
                : `Up to ${mostTravellers} travellers.`}
            </p>
          </div>
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}
