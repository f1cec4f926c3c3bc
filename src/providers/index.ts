export type { Provider, Translation, MessageKind } from './contract.ts'
export { createProviders, createTranslators, translatorOf, type ProvidersConfig } from './registry.ts'
export { providerFaults, readProviders } from './read-providers.ts'
export { MESSAGE_KINDS } from './contract.ts'
