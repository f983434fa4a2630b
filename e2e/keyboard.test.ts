import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { TestService } from '../world/test-service.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { openFullService } from './full-service.ts'

let browser: TestBrowser
let service: TestService
let origin: string
before(async () => {
  browser = await openBrowser()
  service = (await openFullService()).service
  origin = await service.listen()
})
after(async () => {
  await browser.close()
  await service.close()
})

type Focused = { name: string; visible: boolean }

/** What has the focus, and whether a sighted person can see that it has: an outline, a shadow or a changed ground. */
const FOCUSED = `(() => {
  const element = document.activeElement
  const style = getComputedStyle(element)
  const box = element.getBoundingClientRect()
  const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
  return {
    name: (element.labels?.[0] ?? element).textContent.replaceAll(/\\s+/g, ' ').trim() || element.id,
    visible: shown && box.width > 0 && box.height > 0,
  }
})()`

/** Presses Tab until the thing named has the focus; every stop on the way must show that it has it. */
async function tabTo(page: Page, name: RegExp): Promise<string[]> {
  const stops: string[] = []
  for (let press = 0; press < 150; press += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate<Focused>(FOCUSED)
    assert.ok(focused.visible, `“${focused.name}” shows no focus on ${page.url()}`)
    stops.push(focused.name)
    if (name.test(focused.name)) return stops
  }
  throw new Error(`${name} is not reached with Tab on ${page.url()}: ${stops.slice(0, 40).join(' | ')}`)
}

async function pressEnter(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load')
  await page.keyboard.press('Enter')
  await loaded
}

test('a search, a list and a form are worked through with the keyboard alone', async () => {
  const page = await browser.newPage()
  await page.goto(origin)
  assert.equal((await tabTo(page, /./))[0], 'Skip to main content')
  await tabTo(page, /^Search schools and trusts/)
  await page.keyboard.type('Kestrel')
  await pressEnter(page)
  assert.match(page.url(), /\/search\?q=Kestrel|\/schools\/\d+/)

  await page.goto(`${origin}/schools`)
  await tabTo(page, /^Phase/)
  await page.keyboard.type('Pri')
  await tabTo(page, /^(Apply|Show|Filter)/)
  await pressEnter(page)
  assert.match(page.url(), /phase=Primary/)

  await page.goto(`${origin}/feedback`)
  await tabTo(page, /^Very satisfied/)
  await page.keyboard.press('ArrowDown')
  await tabTo(page, /^What could be better/)
  await page.keyboard.type('Larger type')
  await tabTo(page, /^Send feedback/)
  await pressEnter(page)
  assert.match((await page.textContent('h1')) ?? '', /Feedback received/)
  await page.context().close()
})
