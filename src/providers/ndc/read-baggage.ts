import type { Baggage } from '../../travel/flight.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { all, any, at, count, value } from './elements.ts'

/** Elements that are read below, for the scanner of search replies. */
export const BAGGAGE_ELEMENTS: readonly string[] = [
  ...['BaggageAllowanceList', 'BaggageAllowance', 'BaggageAllowanceID', 'BaggageCategory', 'TypeCode', 'PieceAllowance', 'TotalQuantity'],
  ...['TotalQty', 'PieceMeasurements', 'PieceWeightAllowance', 'WeightAllowance', 'MaximumWeight', 'UOM', 'MaximumWeightMeasure'],
  ...['WeightUnitOfMeasurement', 'AllowanceDescription', 'Descriptions', 'Description', 'Text'],
]

const KILOGRAMS_PER_POUND = 0.45359237

/**
 * An allowance of either version. Pieces of zero are a fact; an allowance that states neither pieces nor weight says
 * nothing, and so is undefined. Weights come in kilograms and again in pounds: kilograms count.
 */
export function readBaggage(element: XmlElement, known?: Baggage['kind']): Baggage | undefined {
  const kind = known ?? kindOf(value(element, 'TypeCode', 'BaggageCategory'))
  const piece = any(element, 'PieceAllowance')
  const described = readText(element)
  const pieces = count(value(piece, 'TotalQuantity', 'TotalQty')) ?? described?.pieces ?? null
  const weights = [
    ...all(element, 'WeightAllowance'),
    ...all(any(piece, 'PieceMeasurements'), 'PieceWeightAllowance'),
    ...all(piece, 'PieceWeightAllowance'),
  ]
  const weightKg = readWeight(weights) ?? described?.weightKg ?? null
  if (!kind || (pieces === null && weightKg === null)) return undefined
  return { kind, pieces, weightKg: pieces === 0 ? null : weightKg }
}

function kindOf(text: string | undefined): Baggage['kind'] | undefined {
  const word = text?.replace(/[^a-z]/gi, '').toLowerCase()
  if (word === 'checked' || word === 'checkedbag' || word === 'checkedbaggage') return 'checked'
  if (word === 'carryon' || word === 'cabin' || word === 'cabinbag' || word === 'handbaggage') return 'carry_on'
  return word === 'personal' || word === 'personalitem' ? 'personal' : undefined
}

function readWeight(weights: readonly XmlElement[]): number | null {
  let pounds: number | null = null
  for (const weight of weights) {
    const measure = any(weight, 'MaximumWeightMeasure')
    const maximum = any(weight, 'MaximumWeight')
    const amount = Number.parseFloat((measure ? measure.text.trim() : value(maximum, 'Value')) ?? '')
    const unit = value(measure, 'UnitCode') ?? value(weight, 'WeightUnitOfMeasurement') ?? value(maximum, 'UOM') ?? ''
    if (!Number.isFinite(amount) || amount < 0) continue
    if (/^(k|kg|kgm|kgs|kilo.*|700)$/i.test(unit)) return amount
    if (/^(l|lb|lbs|lbr|pound.*|701)$/i.test(unit)) pounds ??= Math.round(amount * KILOGRAMS_PER_POUND)
  }
  return pounds
}

/** "0PC", "1PC" and "20K", as hosts print allowances where they fill in nothing else. */
function readText(element: XmlElement): { pieces: number | null; weightKg: number | null } | undefined {
  const text = value(at(element, 'AllowanceDescription', 'Descriptions', 'Description'), 'Text')
  const match = /^(\d{1,2})\s?(PC|P|KG|K)$/i.exec(text ?? '')
  if (!match) return undefined
  return match[2]!.toUpperCase().startsWith('P')
    ? { pieces: Number(match[1]), weightKg: null }
    : { pieces: null, weightKg: Number(match[1]) }
}
