import { systemClock } from '../../kernel/time.ts'
import { createTranslators, translatorOf } from '../../providers/index.ts'
import { doTask, handOver, type ReadingAnswer, type ReadingTask } from './reading-task.ts'

/** What runs in a reading thread: every supplier's reader, configured for nobody and able to call nobody. */
const translators = createTranslators(systemClock)

/** Reads one reply; called by the pool. */
export async function read(task: ReadingTask): Promise<ReadingAnswer> {
  return handOver(await doTask((id) => translatorOf(translators, id), task))
}
