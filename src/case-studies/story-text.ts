import type { StoryLine } from '../cases/index.ts'

/** What several cases say about a section, as the text of a draft begins; names stand above where there are several. */
export function storyText(stories: readonly { readonly name: string; readonly lines: readonly StoryLine[] }[]): string {
  const told = stories.filter(({ lines }) => lines.length > 0)
  return told
    .map(({ name, lines }) => [...(stories.length > 1 ? [name] : []), ...lines.map(lineText)].join('\n\n'))
    .join('\n\n')
}

function lineText({ title, words }: StoryLine): string {
  const [only] = words
  const head = title.endsWith('?') ? title : `${title}:`
  if (words.length === 1 && only && !only.includes('\n')) return `${head} ${only}`
  return [head, ...words.map((one) => `- ${one}`)].join('\n')
}

/** A part of a text as the page prints it: a paragraph in lines, or a list. */
export type TextPart = { readonly kind: 'paragraph' | 'list'; readonly lines: readonly string[] }

/** A text as typed, in paragraphs and lists: an empty line ends a paragraph, lines that begin with a hyphen make a list. */
export function textParts(text: string): TextPart[] {
  const parts: { kind: TextPart['kind']; lines: string[] }[] = []
  for (const block of text.split(/\r?\n[ \t]*\r?\n/)) {
    let open: { kind: TextPart['kind']; lines: string[] } | undefined
    for (const line of block.split(/\r?\n/).map((one) => one.trim())) {
      if (!line) continue
      const item = /^[-•*]\s+(.*)$/.exec(line)?.[1]
      const kind = item === undefined ? 'paragraph' : 'list'
      if (open?.kind !== kind) {
        open = { kind, lines: [] }
        parts.push(open)
      }
      open.lines.push(item ?? line)
    }
  }
  return parts
}
