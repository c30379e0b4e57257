import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebContents } from 'electron';
import { afterAll, beforeEach, expect, it, type Mock, vi } from 'vitest';
import type { Opened } from '../../shared/contract/bridge.ts';
import { listeningPages } from './listening.ts';
import { OpenedFiles } from './opened-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-listening-'));
const video = join(folder, 'a.mp4');
writeFileSync(video, 'x');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let page: EventEmitter & { send: Mock };
let opened: OpenedFiles;
let listens: () => void;
beforeEach(() => {
  page = Object.assign(new EventEmitter(), { send: vi.fn<(channel: string, opened: Opened) => void>() });
  opened = new OpenedFiles(() => undefined);
  const answer = listeningPages(opened);
  listens = () => answer(page as unknown as WebContents);
});
const reloads = () => page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
const arrives = () => page.emit('did-navigate', {}, 'app://window/');
const isThere = () => page.emit('did-stop-loading');

it('a video opened while the page reloads reaches it afterwards', () => {
  listens();
  reloads();
  opened.add([video]);
  arrives();
  isThere();
  expect(page.send).not.toHaveBeenCalled();
  listens();
  expect(page.send).toHaveBeenCalledOnce();
});

it('or after it fell over', () => {
  listens();
  page.emit('render-process-gone', {}, { reason: 'crashed' });
  opened.add([video]);
  reloads();
  arrives();
  listens();
  expect(page.send).toHaveBeenCalledOnce();
});

it('a refused address and a download leave the page listening', () => {
  listens();
  reloads();
  isThere();
  opened.add([video]);
  expect(page.send).toHaveBeenCalledOnce();
});

it('a step within the page, or of a frame in it, is no reload', () => {
  listens();
  page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
  page.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
  opened.add([video]);
  expect(page.send).toHaveBeenCalledOnce();
});

it('no listener more however often it is reloaded', () => {
  const count = () => page.eventNames().reduce((sum, name) => sum + page.listenerCount(name), 0);
  listens();
  const before = count();
  for (let time = 0; time < 12; time++) {
    reloads();
    arrives();
    listens();
  }
  expect(count()).toBe(before);
});

it('a closed window keeps them for the next', () => {
  listens();
  page.emit('destroyed');
  opened.add([video]);
  expect(page.send).not.toHaveBeenCalled();
});
