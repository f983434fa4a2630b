export { type CookieInUse, informationRoutes } from './pages.ts'
export { readServiceDetails, type ServiceDetails } from './service-details.ts'
