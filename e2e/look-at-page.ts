import type { Page } from 'playwright-core'
import { axe, screenshot } from './browser.ts'

export type Expected = { readonly address: string; readonly status: number; readonly isError?: boolean }

type Seen = {
  title: string
  headings: string[]
  language: string
  overflow: string[]
  deadErrorLinks: string[]
  errorSummaries: number
  mains: number
}

/** Runs in the page. What sticks out to the right is named, save what scrolls in a box of its own or is cut off on purpose. */
const LOOK = `(() => {
  const textOf = (element) => element.textContent.replaceAll(/\\s+/g, ' ').trim()
  const wide = document.documentElement.clientWidth
  const isCut = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== 'visible') return true
    return false
  }
  const sticksOut = (element) => element.getBoundingClientRect().right > wide + 1 && !isCut(element)
  const nameOf = (element) => element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? '')
  const scrolls = document.documentElement.scrollWidth > wide
  return {
    title: document.title,
    headings: [...document.querySelectorAll('h1')].map(textOf),
    language: document.documentElement.lang,
    overflow: scrolls ? ['the page', ...[...document.querySelectorAll('body *')].filter(sticksOut).slice(0, 3).map(nameOf)] : [],
    deadErrorLinks: [...document.querySelectorAll('.govuk-error-summary a')]
      .map((link) => link.getAttribute('href') ?? '')
      .filter((href) => !href.startsWith('#') || !document.getElementById(href.slice(1))),
    errorSummaries: document.querySelectorAll('.govuk-error-summary').length,
    mains: document.querySelectorAll('main').length,
  }
})()`

/** A picture takes as long as all the rest, so the walks save them only when asked: `PICTURES=yes npm test -- e2e/walk`. */
const PICTURES = process.env['PICTURES'] === 'yes'

/** Everything wrong with the page that is open, one line each. */
export async function lookAtPage(page: Page, expected: Expected, picture: string): Promise<string[]> {
  const seen = await page.evaluate<Seen>(LOOK)
  const violations = await axe(page)
  if (PICTURES) await screenshot(page, picture)
  const [heading = ''] = seen.headings
  const title = `${expected.isError ? 'Error: ' : ''}${heading} – Alongside`
  return [
    ...(seen.headings.length === 1 ? [] : [`${seen.headings.length} main headings`]),
    ...(seen.title.startsWith(`${expected.isError ? 'Error: ' : ''}${heading}`) && seen.title.endsWith(' – Alongside')
      ? []
      : [`the title is “${seen.title}”, not “${title}”`]),
    ...(seen.language === 'en' ? [] : [`the language is ${seen.language}`]),
    ...(seen.mains === 1 ? [] : [`${seen.mains} main parts`]),
    ...(seen.errorSummaries === (expected.isError ? 1 : 0) ? [] : [`${seen.errorSummaries} error summaries`]),
    ...seen.overflow.map((element) => `${element} reaches beyond the window on the right`),
    ...seen.deadErrorLinks.map((href) => `the error summary leads to ${href}, which is not there`),
    ...violations,
  ].map((problem) => `${expected.address}: ${problem}`)
}
