import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import type { StayOffer } from '../api/types.ts'
import { plainCase, roomGuestsWords } from '../ui/stay-words.ts'
import styles from './checkout.module.css'
import { fieldId, type Faults } from './draft-faults.ts'
import { leadPointer, otherPointer, type GuestDraft, type RoomDraft } from './stay-draft.ts'
import { titleChoices } from './titles.ts'

type RoomGuestFieldsProps = {
  index: number
  isOnly: boolean
  room: RoomDraft
  offered: StayOffer['rooms'][number] | undefined
  faults: Faults
  /** What changed, and the pointers of the fields whose faults that forgets. */
  onChange: (change: Partial<RoomDraft>, pointers: readonly string[]) => void
}

/** The guests of one room: one by name, the others when the traveller wants to. */
export function RoomGuestFields(props: RoomGuestFieldsProps) {
  const { index, room, offered, faults } = props
  const change = (guest: GuestDraft, change: Partial<GuestDraft>) => ({ ...guest, ...change })
  const changed = (pointer: string, part: Partial<GuestDraft>) =>
    Object.keys(part).map((key) => `${pointer}/${fieldOf[key as keyof GuestDraft]}`)
  return (
    <fieldset className={styles.passenger}>
      <legend>
        {props.isOnly ? 'Room' : `Room ${index + 1}`}
        {offered === undefined ? '' : `: ${plainCase(offered.name)}, for ${roomGuestsWords(offered.adults, offered.child_ages)}`}
      </legend>
      <NameFields
        pointer={leadPointer(index)}
        guest={room.lead}
        faults={faults}
        mayFill={index === 0}
        onChange={(part) => props.onChange({ lead: change(room.lead, part) }, changed(leadPointer(index), part))}
      />
      {room.others.length === 0 ? null : (
        <Checkbox
          label={room.others.length === 1 ? 'Name the other guest too' : 'Name the other guests too'}
          description="Optional. Some hotels like to know who comes."
          checked={room.namesOthers}
          onChange={(event) => props.onChange({ namesOthers: event.currentTarget.checked }, [])}
        />
      )}
      {room.namesOthers
        ? room.others.map((other, i) => (
            <fieldset key={i} className={styles.otherGuest}>
              <legend>
                {other.age === null ? `Another adult${i === 0 ? '' : `, ${i + 1}`}` : `Child of ${other.age}`}
                <span className="said">, room {index + 1}</span>
              </legend>
              <NameFields
                pointer={otherPointer(index, i)}
                guest={other}
                faults={faults}
                mayFill={false}
                onChange={(part) =>
                  props.onChange(
                    { others: room.others.map((each, at) => (at === i ? { ...each, ...part } : each)) },
                    changed(otherPointer(index, i), part),
                  )
                }
              />
            </fieldset>
          ))
        : null}
    </fieldset>
  )
}

const fieldOf: Record<keyof GuestDraft, string> = { title: 'title', givenName: 'given_name', familyName: 'family_name' }

function NameFields(props: {
  pointer: string
  guest: GuestDraft
  faults: Faults
  /** Whether the browser may fill in its user's own name. */
  mayFill: boolean
  onChange: (part: Partial<GuestDraft>) => void
}) {
  const { pointer, guest, faults, onChange } = props
  const field = (name: string) => ({ id: fieldId(`${pointer}/${name}`), error: faults[`${pointer}/${name}`] })
  return (
    <div className={styles.names}>
      <NativeSelect
        {...field('title')}
        label="Title"
        data={titleChoices}
        value={guest.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <TextInput
        {...field('given_name')}
        label="Given names"
        autoComplete={props.mayFill ? 'given-name' : 'off'}
        spellCheck={false}
        value={guest.givenName}
        onChange={(event) => onChange({ givenName: event.currentTarget.value })}
      />
      <TextInput
        {...field('family_name')}
        label="Family name"
        autoComplete={props.mayFill ? 'family-name' : 'off'}
        spellCheck={false}
        value={guest.familyName}
        onChange={(event) => onChange({ familyName: event.currentTarget.value })}
      />
    </div>
  )
}
