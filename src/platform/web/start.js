// The design system's own enhancements; every page works without them.
import { initAll } from './govuk.js'

initAll()
