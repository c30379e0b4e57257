import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { initialTake, type Take } from '../../shared/domain/take.ts';
import { TakeEditor, type TakeEvents, type TakeStore } from './take-editor.ts';

const busy = new Error('busy');

/** One take, as the core keeps it. */
class Shelf implements TakeStore {
  take: Take = initialTake({ duration: 10, hasAudio: true });
  revision = 1;
  saves = 0;
  failure: Error | null = null;
  load() {
    return Promise.resolve({ take: this.take, revision: this.revision });
  }
  save(take: Take, revision: number) {
    this.saves += 1;
    if (this.failure) return Promise.reject(this.failure);
    if (revision !== this.revision) return Promise.reject(busy);
    this.take = take;
    return Promise.resolve({ revision: ++this.revision });
  }
  isBusy(error: unknown) {
    return error === busy;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function open(shelf: Shelf) {
  const events = { overtaken: vi.fn<TakeEvents['overtaken']>(), saveFailed: vi.fn<TakeEvents['saveFailed']>() };
  return { editor: new TakeEditor(await shelf.load(), shelf, events), events };
}
const holding =
  (frame: number) =>
  (take: Take): Take => ({ ...take, pose: { kind: 'still', frame } });

test('edits are saved a moment after the last one', async () => {
  const shelf = new Shelf();
  const { editor } = await open(shelf);
  editor.edit('pose', holding(1));
  await vi.advanceTimersByTimeAsync(300);
  editor.edit('pose', holding(2));
  await vi.advanceTimersByTimeAsync(300);
  expect(shelf.saves).toBe(0);
  await vi.advanceTimersByTimeAsync(200);
  expect([shelf.saves, shelf.take.pose]).toEqual([1, { kind: 'still', frame: 2 }]);
});

test('leaving saves at once', async () => {
  const shelf = new Shelf();
  const { editor } = await open(shelf);
  editor.edit('pose', holding(1));
  await editor.flush();
  expect(shelf.take.pose).toEqual({ kind: 'still', frame: 1 });
  expect(editor.saved).toBe(true);
});

test('an edit during a save is saved after it', async () => {
  const shelf = new Shelf();
  const { editor } = await open(shelf);
  editor.edit('pose', holding(1));
  const saving = editor.flush();
  editor.edit('pose', holding(2));
  await saving;
  expect([shelf.saves, shelf.take.pose]).toEqual([2, { kind: 'still', frame: 2 }]);
});

test('what another window saved appears, and undo takes it back', async () => {
  const shelf = new Shelf();
  const { editor, events } = await open(shelf);
  shelf.take = holding(7)(shelf.take);
  shelf.revision = 2;
  editor.heard(2);
  await vi.advanceTimersByTimeAsync(0);
  expect(editor.take.pose).toEqual({ kind: 'still', frame: 7 });
  expect(events.overtaken).not.toHaveBeenCalled();
  editor.undo();
  await editor.flush();
  expect(shelf.take.pose.kind).toBe('source');
});

test('the word of its own save is no news', async () => {
  const shelf = new Shelf();
  const { editor } = await open(shelf);
  editor.edit('pose', holding(1));
  const saving = editor.flush();
  editor.heard(2); // comes before the answer
  await saving;
  await vi.advanceTimersByTimeAsync(1000);
  expect(editor.canUndo).toBe('pose');
  expect(shelf.saves).toBe(1);
});

test('a newer edit from another window wins over an unsaved one, says so, and undo brings ours back', async () => {
  const shelf = new Shelf();
  const { editor, events } = await open(shelf);
  editor.edit('pose', holding(1));
  shelf.take = holding(7)(shelf.take);
  shelf.revision = 2;
  await editor.flush();
  expect(editor.take.pose).toEqual({ kind: 'still', frame: 7 });
  expect(events.overtaken).toHaveBeenCalledOnce();
  editor.undo();
  expect(editor.take.pose).toEqual({ kind: 'still', frame: 1 });
  await editor.flush();
  expect(shelf.take.pose).toEqual({ kind: 'still', frame: 1 });
});

test('a save that fails is told, and tried again', async () => {
  const shelf = new Shelf();
  const { editor, events } = await open(shelf);
  shelf.failure = new Error('The line is cut.');
  editor.edit('pose', holding(1));
  await editor.flush();
  expect(events.saveFailed).toHaveBeenCalledOnce();
  shelf.failure = null;
  await vi.advanceTimersByTimeAsync(3500);
  expect(shelf.take.pose).toEqual({ kind: 'still', frame: 1 });
});
