import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Where the browser's parts lie once unpacked, and what it must find in its environment. */
export type BrowserFiles = { executable: string; env: Record<string, string> }

const PACKAGE = import.meta.resolve('@sparticuz/chromium')
const CACHE = fileURLToPath(new URL('../node_modules/.cache/browser', import.meta.url))

/**
 * The package's own configuration names folders of a machine that is not ours. Only its fonts count, so that no machine looks
 * different; `relative` is to this file, so that the project's folder can be moved.
 */
const FONTS_CONFIGURATION = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="relative">fonts-cache</cachedir>
</fontconfig>
`

/**
 * Unpacks the browser that `@sparticuz/chromium` carries (about 210 MB, two seconds) into `node_modules/.cache`, once per
 * installation. The package would unpack into the machine's temporary folder and let a second process run a half-written
 * file; so it unpacks into a folder of its own here, which is renamed when complete.
 */
export async function getBrowserFiles(): Promise<BrowserFiles> {
  if (!existsSync(CACHE)) await unpackInto(CACHE)
  return {
    executable: join(CACHE, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(CACHE, 'al2023/lib'),
      FONTCONFIG_FILE: join(CACHE, 'fonts.conf'),
      HOME: CACHE,
      LANG: 'en_GB.UTF-8',
      TZ: 'Europe/London',
    },
  }
}

async function unpackInto(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const side = await mkdtemp(`${folder}-`)
  try {
    // A process of its own: the package reads TMPDIR and the variable that makes it unpack its system libraries only once.
    const unpack = `import(${JSON.stringify(PACKAGE)}).then(({ default: it }) => it.executablePath())`
    const env = { PATH: process.env.PATH, TMPDIR: side, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
    await promisify(execFile)(process.execPath, ['--eval', unpack], { env })
    await writeFile(join(side, 'fonts.conf'), FONTS_CONFIGURATION)
    await rename(side, folder)
  } catch (error) {
    await rm(side, { recursive: true, force: true })
    // Another test file was faster; its copy is as good.
    if (!existsSync(folder)) throw error
  }
}
