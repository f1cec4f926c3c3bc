import { RangeSlider, Slider } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { RangeFacet } from '../api/types.ts'
import styles from './filters.module.css'
import type { Noun } from './source-wire.tsx'

type BetweenFilterProps = {
  legend: string
  names: [least: string, most: string]
  /** What the address says; undefined where it says nothing. */
  asked: [least: string | undefined, most: string | undefined]
  bounds: [least: number, most: number] | null
  step: number
  words: (value: number) => string
  /** An empty text takes a limit away. */
  onChange: (least: string, most: string) => void
}

/** A range with two ends, hidden where there is nothing to choose. */
export function BetweenFilter(props: BetweenFilterProps) {
  const { asked, words } = props
  const [least, most] = props.bounds ?? [0, 0]
  const [askedLeast, askedMost] = [numberOf(asked[0]), numberOf(asked[1])]
  const chosenMost = askedMost ?? Math.max(most, askedLeast ?? most)
  const chosenLeast = askedLeast ?? Math.min(least, chosenMost)
  const [range, setRange] = useState<[number, number]>([chosenLeast, chosenMost])
  useEffect(() => setRange([chosenLeast, chosenMost]), [chosenLeast, chosenMost])
  const [low, high] = [Math.min(least, chosenLeast), Math.max(most, chosenMost)]
  if (props.bounds === null || high <= low) return null
  return (
    <fieldset className={styles.filter}>
      <legend>{props.legend}</legend>
      <p className={styles.range}>
        {words(range[0])} – {words(range[1])}
      </p>
      <RangeSlider
        min={low}
        max={high}
        step={props.step}
        minRange={0}
        value={range}
        onChange={setRange}
        onChangeEnd={([from, to]) => props.onChange(from <= least ? '' : String(from), to >= most ? '' : String(to))}
        label={null}
        thumbSize={24}
        thumbFromLabel={props.names[0]}
        thumbToLabel={props.names[1]}
        thumbValueText={words}
        className={styles.slider}
      />
    </fieldset>
  )
}

type UpToFilterProps = {
  legend: string
  name: string
  asked: string | undefined
  range: RangeFacet | null
  step: number
  words: (value: number) => string
  noun: Noun
  /** An empty text takes the limit away. */
  onChange: (most: string) => void
}

/** A range with one end. What does not state the value passes no limit, and is counted. */
export function UpToFilter(props: UpToFilterProps) {
  const { range, step, words, noun } = props
  const asked = numberOf(props.asked)
  const [least, most] = range === null ? [0, 0] : [upTo(range.min, step), upTo(range.max, step)]
  const chosen = asked ?? most
  const [value, setValue] = useState(chosen)
  useEffect(() => setValue(chosen), [chosen])
  const [low, high] = [Math.min(least, chosen), Math.max(most, chosen)]
  if (range === null || high <= low) return null
  return (
    <fieldset className={styles.filter}>
      <legend>{props.legend}</legend>
      <p className={styles.range}>Up to {words(value)}</p>
      <Slider
        min={low}
        max={high}
        step={step}
        value={value}
        onChange={setValue}
        onChangeEnd={(to) => props.onChange(to >= most ? '' : String(to))}
        label={null}
        thumbSize={24}
        thumbLabel={props.name}
        thumbValueText={words}
        className={styles.slider}
      />
      {range.unknown === 0 ? null : (
        <p className="small muted">
          {range.unknown} {range.unknown === 1 ? `${noun.one} does` : `${noun.many} do`} not state it and{' '}
          {range.unknown === 1 ? 'passes' : 'pass'} no limit.
        </p>
      )}
    </fieldset>
  )
}

function numberOf(text: string | undefined): number | null {
  const number = Number(text)
  return text === undefined || Number.isNaN(number) ? null : number
}

/** The multiple of a step at or below a value. */
export function downTo(value: number, step: number): number {
  return Math.floor(value / step) * step
}

/** The multiple of a step at or above a value. */
export function upTo(value: number, step: number): number {
  return Math.ceil(value / step) * step
}
