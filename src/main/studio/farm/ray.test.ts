import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../ground/process-identity.ts';
import { FarmFilms } from './farm-films.ts';
import type { Ray } from './ray.ts';
import { joinHead } from './ray-node.ts';

// Ray itself is in `npm run counts -- farm`; here a stand-in does nothing for a long time, or leaves at once.
const folder = mkdtempSync(join(tmpdir(), 'likeness-ray-'));
const at = (name: string): string => join(folder, name);
const ray: Ray = { python: at('python'), trainer: folder, env: {} };
const film = { name: 'a.mp4', madeOf: 'f', speech: {} } as Parameters<FarmFilms['film']>[0];
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function standIn(name: string, words: string): void {
  writeFileSync(at(name), `#!/bin/sh\n${words}\n`);
  chmodSync(at(name), 0o755);
}

describe.skipIf(process.platform === 'win32')('a farm', () => {
  beforeEach(() => mkdirSync(at('store'), { recursive: true }));

  it('that does not answer is left at Ctrl-C, and nothing of it is left behind', async () => {
    standIn('ray', `echo $$ > ${at('pid')}; sleep 1000`);
    const leave = new AbortController();
    const joining = joinHead(ray, { films: 1, program: [], store: at('store'), signal: leave.signal }, '192.0.2.7:1');
    const pid = (): number => {
      try {
        return Number(readFileSync(at('pid'), 'utf8'));
      } catch {
        return 0;
      }
    };
    await expect.poll(pid).toBeGreaterThan(0);
    leave.abort(new Error('left'));
    await expect(joining).rejects.toThrow('left');
    expect(identityOf(pid())).toBeNull();
  });

  it('whose program cannot start says so', async () => {
    standIn('ray', 'echo no such address; exit 1');
    const { signal } = new AbortController();
    const joining = joinHead(ray, { films: 1, program: [], store: at('store'), signal }, '192.0.2.7:1');
    await expect(joining).rejects.toMatchObject({ code: 'missing-tool', detail: 'no such address' });
  });

  it('gives a film its name once it was sealed, and tells what was sent', async () => {
    const [made, out] = [at('made'), at('films')];
    for (const folder of [made, out]) mkdirSync(folder);
    writeFileSync(join(made, 'a.mp4'), 'a film');
    writeFileSync(join(made, 'a.mp4.provenance.json'), '{}');
    writeFileSync(at('a.wav'), 'a');
    const answer = { type: 'made', row: 1, where: 'there', folder: made, frames: 3, seconds: 1 };
    standIn('python', `read order; echo '${JSON.stringify(answer)}'; sleep 1000`);
    const farm = new FarmFilms(ray, '192.0.2.7:1');
    const seal = async (path: string, sent: ReadonlyMap<string, string>): Promise<void> => {
      expect([path, existsSync(join(out, 'a.mp4'))]).toEqual([join(made, 'a.mp4'), false]);
      expect([...sent]).toEqual([['sound', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb']]);
      writeFileSync(path, 'a film, sealed');
    };
    const told = await farm.film(film, new Map([['sound', at('a.wav')]]), join(out, 'a.mp4'), seal);
    await farm.close();
    expect(told).toEqual({ frames: 3, seconds: 1 });
    expect(readFileSync(join(out, 'a.mp4'), 'utf8')).toBe('a film, sealed');
    expect(existsSync(join(out, 'a.mp4.provenance.json'))).toBe(true);
  });

  it('of which a film’s sound is gone goes on with the others, and leaves nobody waiting', async () => {
    standIn('python', 'read order; sleep 1000');
    const farm = new FarmFilms(ray, '192.0.2.7:1');
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    await expect(farm.film(film, new Map([['sound', at('gone.wav')]]), at('a.mp4'))).rejects.toThrow('gone.wav');
    writeFileSync(at('a.wav'), 'a');
    const other = farm.film(film, new Map([['sound', at('a.wav')]]), at('a.mp4'));
    const [ended] = await Promise.allSettled([other, farm.close()]);
    expect(ended).toMatchObject({ reason: { code: 'missing-tool' } });
    await expect(farm.film(film, new Map(), at('a.mp4'))).rejects.toMatchObject({ code: 'missing-tool' });
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });
});
