/** Ways to spoil a message, drawn from a seed: the same seed spoils the same message the same way. */

/** Numbers from 0 up to `below`, the same for the same seed. Source: mulberry32, which is in the public domain. */
export type Draw = (below: number) => number

export function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below)
  }
}

type Mutation = (bytes: Buffer, draw: Draw) => Buffer

/** Element names with their brackets, or the keys of JSON: what a message hangs on. */
const TAGS = /<\/?[A-Za-z][\w:.-]*|"[A-Za-z_]\w*"(?=\s*:)/g
const BOMB_DEPTH = 20_000

const bitFlips: Mutation = (bytes, draw) => {
  const result = Buffer.from(bytes)
  for (let flips = 1 + draw(4); flips > 0; flips -= 1) {
    const at = draw(result.length)
    result[at] = result[at]! ^ (1 << draw(8))
  }
  return result
}

const cut: Mutation = (bytes, draw) => bytes.subarray(0, draw(bytes.length))

/** Takes a piece out of the middle, so that beginning and end still look right. */
const hole: Mutation = (bytes, draw) => {
  const from = draw(bytes.length)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + draw(400))])
}

const twice: Mutation = (bytes, draw) => {
  const from = draw(bytes.length)
  const to = Math.min(bytes.length, from + 1 + draw(400))
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
}

const swappedTags: Mutation = (bytes, draw) => {
  const text = bytes.toString('latin1')
  const tags = [...text.matchAll(TAGS)]
  if (tags.length < 2) return bitFlips(bytes, draw)
  const [first, second] = [tags[draw(tags.length)]!, tags[draw(tags.length)]!].toSorted((a, b) => a.index - b.index) as [
    RegExpExecArray,
    RegExpExecArray,
  ]
  if (first.index === second.index) return bitFlips(bytes, draw)
  const between = text.slice(first.index + first[0].length, second.index)
  const rest = text.slice(second.index + second[0].length)
  return Buffer.from(text.slice(0, first.index) + second[0] + between + first[0] + rest, 'latin1')
}

/** Nests without end, or defines entities that grow: in the middle of the message, where a reader is already at work. */
const bomb: Mutation = (bytes, draw) => {
  const isJson = /^\s*[[{]/.test(bytes.subarray(0, 50).toString('latin1'))
  const entities = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
  if (!isJson && draw(3) === 0) return Buffer.concat([Buffer.from(entities), bytes])
  const at = bytes.indexOf(isJson ? ':' : '>', draw(bytes.length)) + 1
  return Buffer.concat([bytes.subarray(0, at), Buffer.from((isJson ? '[' : '<a>').repeat(BOMB_DEPTH)), bytes.subarray(at)])
}

const html: Mutation = () => Buffer.from('<!doctype html><html><body><h1>Service unavailable</h1><p>Try again later.<br></body></html>')

/** Bombs and pages are all alike, so fewer of them. */
const MUTATIONS: readonly Mutation[] = [
  ...[bitFlips, bitFlips, bitFlips, cut, cut, hole, hole, twice, swappedTags, swappedTags, swappedTags].flatMap((one) => [
    one,
    one,
    one,
    one,
  ]),
  bomb,
  html,
]

/** The message, spoilt in one of these ways. */
export function mutate(bytes: Buffer, draw: Draw): Buffer {
  return MUTATIONS[draw(MUTATIONS.length)]!(bytes, draw)
}
