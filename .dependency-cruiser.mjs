import { readFileSync } from 'node:fs'

// Who may import whom: design "Imports go downward only". Read by tools/checks/boundaries.ts.

/** From the ground up: a slice imports only slices that stand before it. */
const SLICES = [
  'platform',
  'information',
  'demonstration',
  'accounts',
  'register',
  'programmes',
  'eligibility',
  'standings',
  'leaders',
  'catalogue',
  // below the cases: a step queues its letters in its own transaction
  'messages',
  'matching',
  'cases',
  'calendars',
  'plans',
  'money',
  'case-studies',
  'quality',
  'events',
  'council-plan',
  'reports',
  'reporting',
  'administration',
]
const TEST = '[.]test[.]ts$'
/** What several tests of a slice set up: `test-….ts` beside them. The service may not use it. */
const TEST_SUPPORT = '/test-[^/]+[.]ts$'
/** Names under which only types exist; the compiler resolves them. */
const TYPES_ONLY = '^(?:geojson|topojson-specification)$'
/** The files that know every slice; only they stand directly in src/. */
const COMPOSITION = '^src/[^/]+[.]ts$'

/** Where the installed service starts running: its main file, its worker threads, and the one tool that it carries. */
const STARTING_POINTS = '^(?:src/main|src/.+-worker|tools/requirements)[.]ts$'

const { devDependencies = {} } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const anyPackage = (names) =>
  `(?:^|/)node_modules/(?:${names.filter((name) => !name.startsWith('@types/')).join('|') || '-'})/`
const anyOf = (names) => `^src/(?:${names.join('|')})/`

const upward = SLICES.slice(0, -1).map((slice, at) => ({
  name: `${slice}-imports-downward`,
  comment: `${slice} may import only: ${SLICES.slice(0, at).join(', ') || 'no slice'}.`,
  severity: 'error',
  from: { path: `^src/${slice}/`, pathNot: TEST },
  to: { path: anyOf(SLICES.slice(at + 1)) },
}))

export default {
  forbidden: [
    ...upward,
    {
      name: 'known-slice',
      comment: 'A new slice takes its place in the order at the top of .dependency-cruiser.mjs.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: anyOf(SLICES) },
      to: {},
    },
    {
      name: 'through-the-index',
      comment:
        'Another slice is used through its index.ts. The platform has no door: it is plumbing, and a pure file that needs one word ' +
        'of it must not load the database.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/platform/', '^src/[^/]+/index[.]ts$'] },
    },
    {
      name: 'nothing-imports-the-top',
      comment: 'app.ts, cli.ts and main.ts know every slice; a slice that imports them knows every slice too.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: TEST },
      to: { path: COMPOSITION },
    },
    {
      name: 'slices-stand-alone',
      comment: 'The invented England, the stories and the tools use the slices, never the other way round.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: [TEST, TEST_SUPPORT] },
      to: { path: '^(?:world|e2e|tools)/' },
    },
    {
      name: 'no-test-support-in-the-service',
      comment: 'A file named test-….ts is for tests only.',
      severity: 'error',
      from: { path: '^src/', pathNot: [TEST, TEST_SUPPORT] },
      to: { path: `^src/.*${TEST_SUPPORT}` },
    },
    {
      name: 'no-test-as-a-module',
      comment: 'A test file that is imported would run its tests twice.',
      severity: 'error',
      from: {},
      to: { path: TEST },
    },
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'runs-without-development-parts',
      comment: '"npm ci --omit=dev" must run the service. What only tests reach may use what only developers have.',
      severity: 'error',
      from: { path: STARTING_POINTS },
      to: { path: anyPackage(Object.keys(devDependencies)), reachable: true },
    },
    {
      name: 'resolves',
      comment: 'The import leads nowhere. A script for the browser may import what the server serves.',
      severity: 'error',
      from: { path: '[.]ts$' },
      to: { couldNotResolve: true, pathNot: TYPES_ONLY },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    moduleSystems: ['es6'],
  },
}
