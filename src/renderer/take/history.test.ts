import { expect, test } from 'vitest';
import { begin, edited, redoLabel, redone, settled, undoLabel, undone } from './history.ts';

test('edits are undone and redone by name, in order', () => {
  const history = edited(edited(begin(1), 'double', 2), 'add one', 3);
  expect([history.present, undoLabel(history), redoLabel(history)]).toEqual([3, 'add one', null]);
  const back = undone(undone(history));
  expect([back.present, undoLabel(back), redoLabel(back)]).toEqual([1, null, 'double']);
  expect(redone(redone(back)).present).toBe(3);
  expect(undone(back).present).toBe(1); // nothing left to undo
});

test('a drag is one step, however many places it went through', () => {
  let history = begin(0);
  for (const place of [1, 2, 3]) history = edited(history, 'move', place, 'drag 1');
  history = edited(settled(history), 'move', 4, 'drag 1'); // it had ended: this is another
  expect(undone(history).present).toBe(3);
  expect(undone(undone(history)).present).toBe(0);
});

test('an edit after undo forgets what could be redone, and no change is no edit', () => {
  const history = undone(edited(begin(1), 'a', 2));
  expect(redoLabel(edited(history, 'b', 3))).toBeNull();
  expect(edited(history, 'b', 1)).toBe(history);
});
