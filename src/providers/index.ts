export type { Provider, Translation, MessageKind } from './contract.ts'
export { createProviders, createTranslators } from './registry.ts'
