import { describeProvider } from '../conformance.ts'
import { makeHarness } from '../../../test/support/ndc-harness.ts'

describeProvider('ndc21', () => makeHarness('21.3'))
