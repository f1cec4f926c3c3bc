import { ActionIcon, Button, InputBase, NativeSelect, Popover } from '@mantine/core'
import { useState } from 'react'
import { mostAdults, mostChildren, mostRooms, oldestChild } from '../api/stay-rooms.ts'
import { CloseIcon, PersonIcon } from '../ui/icons.tsx'
import { allGuestsWords } from '../ui/stay-words.ts'
import styles from './search.module.css'
import type { RoomValue, StayFormFaults } from './stay-form-state.ts'

const ages = [
  { value: '', label: 'Choose' },
  ...Array.from({ length: oldestChild + 1 }, (_, age) => ({ value: String(age), label: age === 0 ? 'Under 1' : String(age) })),
]

type RoomsFieldProps = {
  rooms: readonly RoomValue[]
  faults: StayFormFaults
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
  onChange: (id: number, change: Partial<Omit<RoomValue, 'id'>>) => void
  onAdd: () => void
  onRemove: (id: number) => void
}

/** Who sleeps in which room. Prices depend on the ages of children, so each is asked. */
export function RoomsField(props: RoomsFieldProps) {
  const { rooms } = props
  const [said, setSaid] = useState('')
  const words = allGuestsWords(rooms.map(({ adults, childAges }) => ({ adults, childAges: childAges.map(Number) })))
  const hasFault = Object.keys(props.faults).some((key) => key.startsWith('rooms.'))
  return (
    <div>
      <Popover
        id="rooms"
        withinPortal={false}
        opened={props.isOpen}
        onChange={props.onOpen}
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
            label="Rooms and guests"
            aria-label={`Rooms and guests: ${words}`}
            labelProps={{ style: { fontWeight: 600, marginBottom: 4 } }}
            leftSection={<PersonIcon />}
            error={hasFault ? 'Choose the age of each child' : undefined}
            onClick={() => props.onOpen(!props.isOpen)}
          >
            <span className={styles.oneLine}>{words}</span>
          </InputBase>
        </Popover.Target>
        <Popover.Dropdown className={`${styles.dropdown} ${styles.rooms}`}>
          {rooms.map((room, i) => (
            <RoomFields
              key={room.id}
              room={room}
              index={i}
              faults={props.faults}
              onChange={(change) => props.onChange(room.id, change)}
              onRemove={
                rooms.length === 1
                  ? null
                  : () => {
                      props.onRemove(room.id)
                      setSaid(`Room ${i + 1} removed.`)
                      // The button that was pressed is gone with its room.
                      document.getElementById('add-room')?.focus()
                    }
              }
            />
          ))}
          {rooms.length >= mostRooms ? <p className="small muted">{mostRooms} rooms are the most one booking holds.</p> : null}
          <div className={styles.roomsFoot}>
            <Button
              id="add-room"
              variant="subtle"
              aria-disabled={rooms.length >= mostRooms}
              onClick={() => {
                props.onAdd()
                setSaid(rooms.length >= mostRooms ? '' : `Room ${rooms.length + 1} added.`)
              }}
            >
              Add a room
            </Button>
            <Button variant="light" onClick={() => props.onOpen(false)}>
              Done
            </Button>
          </div>
          <p className="said" role="status">
            {said}
          </p>
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}

function RoomFields(props: {
  room: RoomValue
  index: number
  faults: StayFormFaults
  onChange: (change: Partial<Omit<RoomValue, 'id'>>) => void
  onRemove: (() => void) | null
}) {
  const { room, index, onChange } = props
  const { childAges } = room
  return (
    <fieldset className={styles.room}>
      <legend>Room {index + 1}</legend>
      {props.onRemove === null ? null : (
        <button type="button" className={styles.removeRoom} onClick={props.onRemove}>
          <CloseIcon /> Remove<span className="said"> room {index + 1}</span>
        </button>
      )}
      <Stepper
        label="Adults"
        note={`${oldestChild + 1} and older`}
        room={index + 1}
        value={room.adults}
        least={1}
        most={mostAdults}
        onChange={(adults) => onChange({ adults })}
      />
      <Stepper
        label="Children"
        note={`0 to ${oldestChild}`}
        room={index + 1}
        value={childAges.length}
        least={0}
        most={mostChildren}
        onChange={(count) => onChange({ childAges: Array.from({ length: count }, (_, i) => childAges[i] ?? '') })}
      />
      {childAges.length === 0 ? null : (
        <div className={styles.ages}>
          {childAges.map((age, child) => (
            <NativeSelect
              key={child}
              id={`rooms.${index}.childAges.${child}`}
              label={`Age of child ${child + 1}`}
              data={ages}
              value={age}
              error={props.faults[`rooms.${index}.childAges.${child}`]}
              onChange={(event) => {
                const chosen = event.currentTarget.value
                onChange({ childAges: childAges.map((each, i) => (i === child ? chosen : each)) })
              }}
            />
          ))}
          <p className="small muted">On the day of check-in.</p>
        </div>
      )}
    </fieldset>
  )
}

function Stepper(props: {
  label: string
  note: string
  room: number
  value: number
  least: number
  most: number
  onChange: (value: number) => void
}) {
  const { value } = props
  const name = `${props.label.toLowerCase()}, room ${props.room}`
  return (
    <div className={styles.traveller} role="group" aria-label={`${props.label}, room ${props.room}`}>
      <span>
        <span className={styles.optionName}>{props.label}</span>
        <span className={styles.optionPlace}>{props.note}</span>
      </span>
      <span className={styles.stepper}>
        <ActionIcon
          variant="outline"
          size={40}
          aria-label={`Fewer ${name}`}
          disabled={value <= props.least}
          onClick={() => props.onChange(value - 1)}
        >
          −
        </ActionIcon>
        <output className="num" aria-live="polite">
          {value}
        </output>
        <ActionIcon
          variant="outline"
          size={40}
          aria-label={`More ${name}`}
          disabled={value >= props.most}
          onClick={() => props.onChange(value + 1)}
        >
          +
        </ActionIcon>
      </span>
    </div>
  )
}
