import { describeProvider } from '../conformance.ts'
import { makeHarness } from '../../../test/support/ndc-harness.ts'

describeProvider('ndc17', () => makeHarness('17.2'))
