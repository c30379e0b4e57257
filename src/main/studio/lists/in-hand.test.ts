import { expect, it } from 'vitest';
import { StudioError } from '../../../shared/contract/index.ts';
import type { ListedResult } from '../../../shared/contract/lists.ts';
import type { JobHandle } from '../jobs/index.ts';
import { ListInHand, type MakeAll } from './in-hand.ts';
import type { ListedFilm } from './listed-film.ts';

const films = [2, 3].map((row) => ({
  row,
  project: 'Ada',
  says: { kind: 'path', path: '/words.wav' },
  outPath: `/films/${row}.mp4`,
})) as unknown as ListedFilm[];
const result = (row: number, state: ListedResult['state']): ListedResult => ({
  row,
  project: 'Ada',
  out: '',
  state,
  frames: null,
  seconds: 1,
  error: null,
});
/** A job that ends when it is let go, or is cancelled. */
function job(id: string) {
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  const cancelled = new StudioError({ code: 'cancelled', message: 'The job was stopped.', hint: '' });
  const handle = { id, result: promise, cancel: () => reject(cancelled) } as unknown as JobHandle<object>;
  return { handle, done: () => resolve({}) };
}
function listOf(make: MakeAll) {
  const seen: string[] = [];
  const list = new ListInHand({ name: 'jobs.csv', results: '/jobs.results.csv' }, films, make, () => {
    const { rows, making, state } = list.view;
    seen.push(
      `${rows.map((one) => one.state).join(' ')}, ${making ? `${making.row} ${making.job}` : '-'}, ${state.kind}`,
    );
  });
  return { list, seen };
}

it('tells which row is made by which job, and how each ends', async () => {
  const first = job('one');
  const { list, seen } = listOf(async ({ follow, onRow }) => {
    await follow(first.handle, films[0]!);
    onRow(result(2, 'made'));
    onRow(result(3, 'there'));
  });
  first.done();
  await expect.poll(() => list.view.state.kind).toBe('done');
  expect(seen).toEqual([
    'waiting waiting, 2 one, running',
    'made waiting, -, running',
    'made there, -, running',
    'made there, -, done',
  ]);
  expect(list.view.rows[0]).toMatchObject({ says: 'words.wav', out: '/films/2.mp4', seconds: 1 });
});

it('stopped, it ends the film that is being made', async () => {
  const first = job('one');
  const { list, seen } = listOf(async ({ follow }) => void (await follow(first.handle, films[0]!)));
  await expect.poll(() => list.view.making).toEqual({ row: 2, job: 'one' });
  list.stop();
  await list.close();
  expect(seen.at(-1)).toBe('waiting waiting, -, stopped');
});

it('what would meet every film ends it, and is told', async () => {
  const full = new StudioError({ code: 'disk-full', message: 'The disk is full.', hint: '' });
  const { list } = listOf(() => Promise.reject(full));
  await expect.poll(() => list.view.state).toMatchObject({ kind: 'failed', error: { message: 'The disk is full.' } });
});
