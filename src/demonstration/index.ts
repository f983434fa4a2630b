export { demonstrationContract } from './contract.ts'
export type { BegunScene, SceneSummary, Scenes } from './demonstration-parts.ts'
export { demonstrationNotice, demonstrationPages } from './pages.ts'
