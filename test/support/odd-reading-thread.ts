import { transferableSymbol, valueSymbol } from 'piscina'
import { read as readWell } from '../../src/search/part-reader/reading-thread.ts'
import type { ReadingAnswer, ReadingTask } from '../../src/search/part-reader/reading-task.ts'

let given: readonly ArrayBuffer[] = []

/** A reading thread that can also go wrong: the code of the supplier's status says how. */
export const ODD = { crash: 901, hang: 902, eat: 903, throw: 904, clone: 905, whatIsLeft: 906 } as const

/** Reads as the real thread does, unless the status asks for something odd. */
export async function read(task: ReadingTask): Promise<ReadingAnswer> {
  switch (task.reply.status) {
    case ODD.crash:
      return process.exit(7)
    case ODD.hang:
      for (;;);
    case ODD.eat: {
      const eaten: number[][] = []
      for (;;) eaten.push(Array.from({ length: 1_000_000 }, () => eaten.length))
    }
    case ODD.throw:
      throw new RangeError('out of a thread')
    // How many bytes are left in this thread of the part that it gave away last.
    case ODD.whatIsLeft:
      return { kind: 'refused', fault: 'refused', code: String(given.reduce((sum, one) => sum + one.byteLength, 0)), message: '' }
  }
  const isCloned = task.reply.status === ODD.clone
  const answer = await readWell({ ...task, reply: { ...task.reply, status: isCloned ? 200 : task.reply.status } })
  const moving = answer as unknown as { readonly [transferableSymbol]: readonly ArrayBuffer[]; readonly [valueSymbol]: ReadingAnswer }
  given = moving[transferableSymbol]
  return isCloned ? moving[valueSymbol] : answer
}
