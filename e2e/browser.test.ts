import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { axe, openBrowser, screenshot, type TestBrowser } from './browser.ts'

async function serve(t: TestContext, body: string): Promise<string> {
  const page = `<!doctype html><html lang="en"><head><title>Trial page</title><meta name="viewport" content="width=device-width">
    <link rel="icon" href="data:,"></head><body><main>${body}</main></body></html>`
  const server = createServer((request, response) => {
    if (request.url === '/missing.png') response.statusCode = 404
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return `http://127.0.0.1:${address.port}/`
}

async function openFor(t: TestContext): Promise<TestBrowser> {
  const browser = await openBrowser()
  t.after(() => browser.close())
  return browser
}

const WIDE_TEXT = '<h1>Schools</h1><p style="font-family: Arial">Words in a font</p>'

test('a page opens at both widths, with text drawn in a real font', async (t) => {
  const url = await serve(t, WIDE_TEXT)
  const browser = await openFor(t)
  for (const width of [1280, 375] as const) {
    const page = await browser.newPage({ width })
    await page.goto(url)
    assert.equal(await page.evaluate('innerWidth'), width)
    const text = await page.locator('p').evaluate((p) => {
      const range = p.ownerDocument.createRange()
      range.selectNodeContents(p)
      return range.getBoundingClientRect().width
    })
    assert.ok(text > 50, `text is ${text} pixels wide`)
    const path = await screenshot(page, `trial-${width}`)
    assert.ok(statSync(path).size > 1_000)
  }
})

test('JavaScript can be switched off, and axe still looks', async (t) => {
  const url = await serve(
    t,
    '<h1>Before</h1><img src="data:,"><script>document.querySelector("h1").textContent = "After"</script>',
  )
  const browser = await openFor(t)
  const page = await browser.newPage({ javaScript: false })
  await page.goto(url)
  assert.equal(await page.textContent('h1'), 'Before')
  const found = await axe(page)
  assert.equal(found.length, 1, found.join('\n'))
  assert.match(found[0] ?? '', /^image-alt \(critical\) img/)
  await page.reload()
  assert.equal(await page.textContent('h1'), 'Before')
})

test('axe finds nothing on a sound page', async (t) => {
  const url = await serve(t, WIDE_TEXT)
  const browser = await openFor(t)
  const page = await browser.newPage()
  await page.goto(url)
  assert.deepEqual(await axe(page), [])
})

test('a page that reaches beyond this machine, by name or by address, is refused and told', async (t) => {
  const url = await serve(
    t,
    '<h1>Far</h1><img alt="" src="http://example.test/a.png"><img alt="" src="http://192.0.2.1/b.png">',
  )
  const browser = await openFor(t)
  const page = await browser.newPage()
  const failed: (string | undefined)[] = []
  page.on('requestfailed', (request) => failed.push(request.failure()?.errorText))
  await page.goto(url)
  assert.deepEqual(failed, ['net::ERR_NAME_NOT_RESOLVED', 'net::ERR_NAME_NOT_RESOLVED'])
  assert.equal(browser.faults().length, 2)
  await assert.rejects(browser.close(), /example\.test/)
})

test('a page that needs a file which is not there is told', async (t) => {
  const url = await serve(t, '<h1>Gap</h1><img alt="" src="/missing.png">')
  const browser = await openFor(t)
  await (await browser.newPage()).goto(url)
  await assert.rejects(browser.close(), /missing\.png, which answers 404/)
})

test('an error thrown in a page is told', async (t) => {
  const url = await serve(t, '<h1>Broken</h1><script>throw new Error("no such school")</script>')
  const browser = await openFor(t)
  await (await browser.newPage()).goto(url)
  await assert.rejects(browser.close(), /no such school/)
})
