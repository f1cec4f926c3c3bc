import type { Amenity } from '../../travel/property.ts'

/** Their names of what a property has, in English, as words of ours. Each is listed once. */
export function toAmenities(names: readonly string[]): readonly Amenity[] {
  const included = names.filter((name) => !IS_ABSENT.test(name))
  return WORDS.filter(([, pattern]) => included.some((name) => pattern.test(name))).map(([amenity]) => amenity)
}

/** "No pets", "Pets not allowed", "Wheelchair accessible – no", "Number of outdoor pools - 0". */
const IS_ABSENT = /^no\b|\bnot (allowed|available|permitted|accepted)\b|[-–] (no|0)$/i

const WORDS: readonly (readonly [Amenity, RegExp])[] = [
  ['wifi', /\bwi-?fi\b|\bwireless internet\b/i],
  ['pool', /\b(swimming|indoor|outdoor|infinity|rooftop|children'?s|private) pools?\b|^pools?\b/i],
  ['parking', /\bparking\b/i],
  ['gym', /\bfitness (facilities|cent(er|re)|room)\b|\bgym\b|\bhealth club\b/i],
  ['spa', /\bspa\b/i],
  ['restaurant', /\brestaurants?\b/i],
  ['bar', /\bbars?\b|\bbar\/lounge\b/i],
  ['air_conditioning', /\bair[- ]condition/i],
  ['family_rooms', /\bfamily rooms?\b|\bconnecting rooms\b/i],
  ['airport_shuttle', /\bairport (shuttle|transportation|transfer|pick ?up)\b/i],
  ['pets', /\bpets? (allowed|friendly|welcome)\b|\bpet-friendly\b|\bdogs (allowed|only|welcome)\b/i],
  ['accessible', /\bwheelchair\b|\baccessible\b|\baccessibility\b/i],
  ['beach', /\bbeach\b/i],
  ['kitchen', /\bkitchen(ette)?\b/i],
  ['laundry', /\blaundry\b/i],
  ['reception_24h', /\b24-hour (front desk|reception)\b/i],
]
