/** The desk of cases for tests of the slices above them: the service with the invented England, asked by its people. */
export { type CaseDesk, openCaseDesk, type Person } from '../src/cases/test-cases.ts'
export { openScenes, type SceneDesk } from '../src/cases/test-scene.ts'
export { openChangeNights } from '../src/cases/test-subject-change.ts'
export { openWorkingCase, type WorkingCase } from '../src/cases/test-work.ts'
