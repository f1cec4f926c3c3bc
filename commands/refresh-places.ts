import { writeFileSync } from 'node:fs'
import { derivePlaces } from './derive-places.ts'

/** `npx tsx commands/refresh-places.ts`: writes src/travel/places.tsv anew after a package or a correction has changed. */
const places = await derivePlaces()
writeFileSync(new URL('../src/travel/places.tsv', import.meta.url), places)
console.log(`src/travel/places.tsv: ${places.split('\n').length - 1} airports`)
