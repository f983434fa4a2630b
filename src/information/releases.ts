export type Release = { readonly name: string; readonly changes: readonly string[] }

/** The sections of CHANGELOG.md, newest first: `## 1.2.0 (1 May 2026)` or `## Unreleased`, then one `- ` for each change. */
export function readReleases(changelog: string): Release[] {
  return changelog
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [name = '', ...lines] = section.split('\n')
      return { name: name.trim(), changes: changesIn(lines) }
    })
}

/** A change may run over several lines; the lines that follow are set in. */
function changesIn(lines: readonly string[]): string[] {
  const changes: string[] = []
  for (const line of lines) {
    if (line.startsWith('- ')) changes.push(line.slice(2).trim())
    else if (/^\s+\S/.test(line) && changes.length > 0) changes.push(`${changes.pop()} ${line.trim()}`)
  }
  return changes.map((change) => change.replaceAll(/[`*]/g, ''))
}
