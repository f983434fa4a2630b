import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runMatch } from './match-command.ts'

describe('the match command', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'match-'))
  })
  after(() => rm(folder, { recursive: true }))

  async function run(text: string, timeLimit?: string) {
    const problemFile = join(folder, 'problem.json')
    await writeFile(problemFile, text)
    return runMatch({ problemFile, timeLimit })
  }

  test('prints the answer as JSON with exactly the promised keys', async () => {
    const problem = {
      needs: [{ id: 'a', days: 1, priority: 2 }],
      leaders: [{ id: 'x', days: 1.5 }],
      options: [{ need: 'a', leader: 'x', score: 0.29 }],
    }
    const { exitCode, stdout, stderr } = await run(JSON.stringify(problem), '5')
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.deepEqual(
      { ...JSON.parse(stdout), millis: 0 },
      {
        status: 'optimal',
        priorityMet: 2,
        score: 0.29,
        bound: 0.29,
        assignments: [{ need: 'a', leader: 'x' }],
        unmet: [],
        millis: 0,
      },
    )
  })

  test('refuses bad input with JSON on standard error and exit status 1', async () => {
    const refusalsOf = async (text: string, timeLimit?: string) => {
      const { exitCode, stdout, stderr } = await run(text, timeLimit)
      assert.deepEqual([exitCode, stdout], [1, ''])
      return JSON.parse(stderr).map(({ code, field }: { code: string; field?: string }) => [code, field])
    }
    assert.deepEqual(await refusalsOf('{'), [['problem.not-json', 'problem']])
    assert.deepEqual(await refusalsOf('{}', 'soon'), [['match.time-limit', 'time-limit']])
    assert.deepEqual(await refusalsOf('{}'), [
      ['problem.shape', 'needs'],
      ['problem.shape', 'leaders'],
      ['problem.shape', 'options'],
    ])
    const missing = await runMatch({ problemFile: join(folder, 'none.json') })
    assert.match(missing.stderr, /problem\.unreadable-file/)
  })
})
