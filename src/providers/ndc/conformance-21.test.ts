import { describeProvider } from '../conformance.ts'
import { makeHarness } from './test-harness.ts'

describeProvider('ndc21', () => makeHarness('21.3'))
