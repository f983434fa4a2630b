import type { TestEvent } from 'node:test/reporters'

/** What a line of this report begins with; programs under test print other lines. */
export const RED = 'red: '

/** A reporter of node:test that prints the name of each failed test and suite, one to a line, the moment it fails. */
export default async function* redTests(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) if (event.type === 'test:fail') yield `${RED}${event.data.name}\n`
}
