import { expect, test, vi } from 'vitest';
import { type Action, ActionRegistry } from './registry.ts';

const action = (id: string, more: Partial<Action> = {}): Action => ({
  id,
  title: id,
  group: 'Test',
  run: () => undefined,
  ...more,
});

test('an action is offered while its part of the window is there, and known by name ever after', () => {
  const registry = new ActionRegistry();
  const part = {};
  registry.offer(part, [action('play', { shortcuts: ['Space'] })]);
  expect(registry.find(['Space'])?.id).toBe('play');
  registry.withdraw(part);
  expect(registry.find(['Space'])).toBeUndefined();
  expect(registry.names().map(({ id }) => id)).toEqual(['play']);
});

test('an action that cannot be done now is not found', () => {
  const registry = new ActionRegistry();
  registry.offer({}, [action('undo', { shortcuts: ['Mod+Z'], enabled: false })]);
  expect(registry.find(['Mod+Z'])).toBeUndefined();
});

test('of two parts with the same key the one that came later gets it', () => {
  const registry = new ActionRegistry();
  registry.offer({}, [action('below', { shortcuts: ['J'] })]);
  registry.offer({}, [action('above', { shortcuts: ['J'] })]);
  expect(registry.find(['J'])?.id).toBe('above');
});

test("a person's own shortcut replaces the usual ones, and who else has it is named", () => {
  const registry = new ActionRegistry();
  registry.offer({}, [action('play', { shortcuts: ['Space', 'K'] }), action('jobs', { shortcuts: ['Mod+J'] })]);
  registry.setOwn({ play: ['Mod+J'], jobs: ['Mod+J'] });
  expect(registry.find(['Space'])).toBeUndefined();
  expect(registry.conflicts('Mod+J', 'play').map(({ id }) => id)).toEqual(['jobs']);
  registry.setOwn({ play: [] });
  expect(registry.shortcutsOf('play')).toEqual([]);
  expect(registry.shortcutsOf('jobs')).toEqual(['Mod+J']);
});

test('only what is shown counts as a change: a new closure every render tells nobody', () => {
  const registry = new ActionRegistry();
  const listener = vi.fn<() => void>();
  registry.version.subscribe(listener);
  const part = {};
  const later = vi.fn<() => void>();
  registry.offer(part, [action('play')]);
  registry.offer(part, [action('play', { run: later })]);
  expect(listener).toHaveBeenCalledTimes(1);
  registry.run('play');
  expect(later).toHaveBeenCalledOnce(); // and the newest closure is the one that runs
  registry.offer(part, [action('play', { enabled: false })]);
  expect(listener).toHaveBeenCalledTimes(2);
});
