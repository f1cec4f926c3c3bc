import { describeProvider } from '../conformance.ts'
import { makeHarness } from '../../../test/support/ndc-harness.ts'

describeProvider('ndc19', () => makeHarness('19.2'))
