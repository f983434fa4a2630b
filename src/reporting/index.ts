export { type HomeParts, homeRoutes } from './home.ts'
