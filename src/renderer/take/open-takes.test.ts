import { expect, test, vi } from 'vitest';
import { initialTake, type Take } from '../../shared/domain/take.ts';
import { OpenTakes, type TakeShelf } from './open-takes.ts';

const empty = initialTake({ duration: 10, hasAudio: true });

/** Takes as the core keeps them. */
class Shelf implements TakeShelf {
  readonly takes = new Map<string, Take>([
    ['one', empty],
    ['two', empty],
  ]);
  usually = 'one';
  usual() {
    return Promise.resolve(this.usually);
  }
  store(id: string) {
    return {
      load: () => {
        const take = this.takes.get(id);
        return take ? Promise.resolve({ take, revision: 1 }) : Promise.reject(new Error('There is no such take.'));
      },
      save: (take: Take, revision: number) => {
        this.takes.set(id, take);
        return Promise.resolve({ revision: revision + 1 });
      },
      isBusy: () => false,
    };
  }
  opened(id: string) {
    this.usually = id;
  }
}
const silent = { overtaken: () => undefined, saveFailed: () => undefined };
const holding = (frame: number) => (take: Take) => ({ ...take, pose: { kind: 'still' as const, frame } });

test('each take keeps its own edits and its own way back', async () => {
  const shelf = new Shelf();
  const takes = new OpenTakes(shelf, silent);
  await takes.begin(null);
  takes.inHand!.editor.edit('pose', holding(1));
  await takes.open('two');
  expect(takes.inHand!.id).toBe('two');
  expect(takes.inHand!.editor.canUndo).toBeNull();
  takes.inHand!.editor.edit('pose', holding(2));
  await takes.flush();
  expect([...shelf.takes.values()].map(({ pose }) => pose)).toEqual([
    { kind: 'still', frame: 1 },
    { kind: 'still', frame: 2 },
  ]);
  await takes.open('one');
  expect(takes.inHand!.editor.canUndo).toBe('pose');
  expect(shelf.usually).toBe('one');
});

test('a reload goes on with the take that was in hand, and without it with the usual one', async () => {
  const shelf = new Shelf();
  const reloaded = new OpenTakes(shelf, silent);
  await reloaded.begin('two');
  expect(reloaded.inHand!.id).toBe('two');
  const other = new OpenTakes(shelf, silent);
  await other.begin('removed');
  expect(other.inHand!.id).toBe('one');
});

test('of two that are asked for at once the later one is in hand, and who looks is told once', async () => {
  const shelf = new Shelf();
  const takes = new OpenTakes(shelf, silent);
  await takes.begin(null);
  const told = vi.fn<() => void>();
  takes.subscribe(told);
  await Promise.all([takes.open('two'), takes.open('one')]);
  expect(takes.inHand!.id).toBe('one');
  await takes.open('two');
  expect([takes.inHand!.id, told.mock.calls.length]).toEqual(['two', 1]);
});
