export { administrationRoutes } from './pages.ts'
export type { MailQueue } from './read-standings.ts'
