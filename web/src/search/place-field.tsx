import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { placeQuery, placesQuery } from '../api/places.ts'
import type { Place } from '../api/types.ts'
import { PlaceIcon } from '../ui/icons.tsx'
import type { PlaceValue } from './form-state.ts'
import styles from './search.module.css'

type PlaceFieldProps = {
  name: string
  label: string
  placeholder: string
  value: PlaceValue
  error: string | undefined
  onChange: (value: PlaceValue) => void
}

/** A place by name, city or code. The hidden input carries the code, so that the form works as it stands. */
export function PlaceField(props: PlaceFieldProps) {
  const { value, onChange } = props
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [typed] = useDebouncedValue(value.text, 150)
  const isTyping = value.code === null && value.text.trim() !== ''
  const found = useQuery({ ...placesQuery(isTyping ? typed : ''), placeholderData: (previous) => previous })
  const chosen = useQuery({ ...placeQuery(value.code ?? ''), enabled: value.code !== null && value.text === '' })
  const places = isTyping ? (found.data ?? []) : []

  useEffect(() => {
    if (value.code !== null && value.text === '' && chosen.isFetched) {
      onChange({ code: value.code, text: chosen.data === null || chosen.data === undefined ? value.code : placeLabel(chosen.data) })
    }
  }, [value, chosen.isFetched, chosen.data, onChange])

  const { selectFirstOption } = combobox
  useEffect(() => {
    if (isTyping && found.data !== undefined) selectFirstOption()
  }, [isTyping, found.data, selectFirstOption])

  const choose = (place: Place) => {
    onChange({ code: place.code, text: placeLabel(place) })
    combobox.closeDropdown()
  }
  const settle = () => {
    combobox.closeDropdown()
    if (!isTyping) return
    const best = places.find((place) => place.code === value.text.trim().toUpperCase()) ?? places[0]
    if (best !== undefined) choose(best)
    else if (/^[a-z]{3}$/i.test(value.text.trim()))
      onChange({ code: value.text.trim().toUpperCase(), text: value.text.trim().toUpperCase() })
  }

  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(code) => {
        const place = places.find((each) => each.code === code)
        if (place !== undefined) choose(place)
      }}
    >
      <input type="hidden" name={props.name} value={value.code ?? ''} />
      <Combobox.Target withExpandedAttribute>
        <TextInput
          id={`place-${props.name}`}
          label={props.label}
          placeholder={props.placeholder}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          leftSection={<PlaceIcon />}
          value={value.code !== null && value.text === '' ? value.code : value.text}
          error={props.error}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={settle}
          onChange={(event) => {
            onChange({ code: null, text: event.currentTarget.value })
            combobox.openDropdown()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!isTyping} className={styles.dropdown}>
        <Combobox.Options aria-label={`Places, ${props.label.toLowerCase()}`}>
          {places.map((place) => (
            <Combobox.Option value={place.code} key={place.code} className={styles.option} data-kind={place.kind}>
              <PlaceOption place={place} />
            </Combobox.Option>
          ))}
          {places.length === 0 && !found.isFetching ? (
            <Combobox.Empty>
              {found.isError
                ? 'The list of places does not answer. A three-letter code works too.'
                : 'No such place. Try the city or its three-letter code.'}
            </Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function PlaceOption(props: { place: Place }) {
  const { place } = props
  const isCity = place.kind === 'city'
  return (
    <>
      <span>
        <span className={styles.optionName}>{isCity ? `${place.city}, all airports` : place.name}</span>
        <span className={styles.optionPlace}>
          {isCity && place.airports !== undefined ? place.airports.join(', ') : `${place.city}, ${countryName(place.country)}`}
        </span>
      </span>
      <span className="code">{place.code}</span>
    </>
  )
}

function placeLabel(place: Place): string {
  return `${place.city} (${place.code})`
}

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })

function countryName(code: string): string {
  try {
    return countries.of(code) ?? code
  } catch {
    return code
  }
}
