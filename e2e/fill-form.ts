import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

type Fields = Readonly<Record<string, string | readonly string[]>>

/** Fills the form of a page as a person does, top down, and sends it; a reason that is asked for only then is given then. */
export async function fillAndSend(page: Page, fields: Fields, what: string): Promise<void> {
  const form = await firstForm(page, what)
  const left = await fillFields(form, fields)
  assert.deepEqual(
    left.filter((name) => !name.startsWith('reason-')),
    [],
    `${what}: fields that the page does not ask for`,
  )
  await sendForm(page, form)
  if (left.length > 0 && (await problemsOf(page).count()) > 0) {
    await fillFields(form, Object.fromEntries(left.map((name) => [name, fields[name] ?? ''])))
    await sendForm(page, form)
  }
  assert.equal(await problemsOf(page).count(), 0, `${what}: ${await readProblem(page)}`)
}

/** The same where the service is to refuse it: what the page then says of it. */
export async function fillAndBeRefused(page: Page, fields: Fields, what: string): Promise<string> {
  const form = await firstForm(page, what)
  await fillFields(form, fields)
  await sendForm(page, form)
  assert.equal(await problemsOf(page).count(), 1, `${what}: not refused; ${await readProblem(page)}`)
  return (await problemsOf(page).first().innerText()).replaceAll(/\s+/g, ' ')
}

async function firstForm(page: Page, what: string): Promise<Locator> {
  const form = page
    .locator('main form')
    .filter({ has: page.locator('button') })
    .first()
  assert.ok((await form.count()) > 0, `${what}: no form; ${await readProblem(page)}`)
  return form
}

function problemsOf(page: Page): Locator {
  return page.getByRole('alert').filter({ hasText: 'There is a problem' })
}

async function readProblem(page: Page): Promise<string> {
  const words = (await page.locator('main').textContent()) ?? ''
  return words.replaceAll(/\s+/g, ' ').slice(0, 600)
}

async function sendForm(page: Page, form: Locator): Promise<void> {
  const complete = form.locator('button[name=go][value=complete]')
  const button = (await complete.count()) > 0 ? complete : form.locator('button').first()
  await Promise.all([page.waitForNavigation(), button.click()])
}

/** Answers the names that the form does not have. An outcome comes first, since it opens what belongs to it. */
async function fillFields(form: Locator, fields: Fields): Promise<string[]> {
  const missing: string[] = []
  const names = Object.keys(fields).sort((a, b) => Number(b === 'outcome') - Number(a === 'outcome'))
  for (const name of names) {
    const found = await fillField(form, name, fields[name] ?? '')
    if (!found) missing.push(name)
  }
  return missing
}

async function fillField(form: Locator, name: string, value: string | readonly string[]): Promise<boolean> {
  const day = form.locator(`[name="${name}-day"]`)
  if (typeof value === 'string' && (await day.count()) > 0) {
    const [year = '', month = '', date = ''] = value.split('-')
    await open(day)
    await day.fill(date)
    await form.locator(`[name="${name}-month"]`).fill(month)
    await form.locator(`[name="${name}-year"]`).fill(year)
    return true
  }
  const field = form.locator(`[name="${name}"]`)
  if ((await field.count()) === 0) return false
  const kind = await field.first().evaluate((one) => String(Object(one).type))
  if (kind === 'hidden') return true
  if (kind === 'radio' || kind === 'checkbox') {
    for (const one of typeof value === 'string' ? [value] : value) {
      const choice = form.locator(`[name="${name}"][value="${one}"]`)
      await open(choice)
      await choice.check()
    }
    return true
  }
  await open(field)
  if (kind.startsWith('select')) await field.selectOption(String(value))
  else await field.fill(String(value))
  return true
}

/** Opens what a field is folded away in. */
async function open(field: Locator): Promise<void> {
  const folded = field.first().locator('xpath=ancestor::details[not(@open)]')
  if ((await folded.count()) > 0) await folded.first().locator('summary').first().click()
}
