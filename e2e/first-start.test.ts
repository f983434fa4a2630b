import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginStory, expectHeading } from './story.ts'

test('before the register is there, pages show how far the first load is, and lead on by themselves when it is done', async (t) => {
  let stands: { title: string; step: string; done: number; total: number } | null = {
    title: 'Register',
    step: 'schools',
    done: 12_000,
    total: 50_000,
  }
  const { page, origin } = await beginStory(t, { waiting: () => stands, javaScript: false })

  await expectHeading(page, 'Getting the register ready')
  const progress = page.getByLabel('Register: schools')
  assert.equal(await progress.getAttribute('value'), '12000')
  assert.equal(await progress.getAttribute('max'), '50000')
  const ready = await fetch(`${origin}/ready`)
  assert.equal(ready.status, 503)
  assert.deepEqual(await ready.json(), { status: 'loading', ...stands })
  assert.equal((await fetch(`${origin}/health`)).status, 200)
  assert.equal((await fetch(`${origin}/schools`)).status, 503)

  stands = { ...stands, step: 'inspections', done: 45_000 }
  await page.getByLabel('Register: inspections').waitFor()

  stands = null
  await expectHeading(page, 'Support for schools, from need to result')
  const done = await fetch(`${origin}/ready`)
  assert.equal(done.status, 200)
  assert.deepEqual(await done.json(), { status: 'ready' })
})
