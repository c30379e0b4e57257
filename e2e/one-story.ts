import { afterEach, beforeEach } from 'vitest';

/**
 * The tests of this file, or of the describe around, are one story: once a chapter fails, those behind it are left out
 * instead of waiting for what cannot come.
 */
export function oneStory(): void {
  let broken = '';
  beforeEach(({ skip }) => skip(broken !== '', `the story ended with "${broken}"`));
  afterEach(({ task }) => {
    if (task.result?.state === 'fail' || (task.result?.errors?.length ?? 0) > 0) broken ||= task.name;
  });
}
