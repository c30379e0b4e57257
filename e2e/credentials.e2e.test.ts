import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { seriousFindings } from './accessibility.ts';
import { likenessOn } from './likeness.ts';
import { madeCertificate } from './made-certificate.ts';
import { openedWindow } from './opened-window.ts';

// Who signs exports, chosen in the settings; one story, each test goes on where the one before ended.
const folder = mkdtempSync(join(tmpdir(), 'likeness-credentials-'));
const library = join(folder, 'library');
const ada = madeCertificate(folder, 'Ada Studio');
const ben = madeCertificate(folder, 'Ben Films');
let host: Awaited<ReturnType<typeof serve>>;
let opened: Awaited<ReturnType<typeof openedWindow>>;
let page: Page;

const section = () => page.getByRole('region', { name: 'Content Credentials' });
const button = (name: string | RegExp) => section().getByRole('button', { name });
const form = () => section().getByRole('form', { name: 'A certificate of yours' });
const says = (words: string) => section().getByRole('status', { name: 'Who signs' }).getByText(words).waitFor();

async function choose(field: string, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await form().getByLabel(field, { exact: true }).focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(file);
}

async function drop(files: readonly string[]): Promise<void> {
  const given = files.map((path) => [basename(path), readFileSync(path, 'utf8')] as const);
  const dataTransfer = await page.evaluateHandle((contents) => {
    const transfer = new DataTransfer();
    for (const [name, text] of contents) transfer.items.add(new File([text], name));
    return transfer;
  }, given);
  const target = form().locator('.mantine-Dropzone-root');
  for (const type of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(type, { dataTransfer });
}

beforeAll(async () => {
  host = await serve({ libraryDir: library });
  opened = await openedWindow(host.url);
  ({ page } = opened);
  await page.getByTestId('drop-zone').waitFor();
  await page.keyboard.press('Control+,');
});
afterAll(async () => {
  await opened?.browser.close();
  await host?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('it is said who signs: the library itself, until somebody else is chosen', async () => {
  await says('Signed by this library’s own certificate');
  await section().getByRole('switch').focus();
  await page.keyboard.press('Space');
  await says('They would be signed by this library’s own certificate');
  expect(host.studio.settings.get().credentials).toBe(false);
  await page.keyboard.press('Space');
  await says('Signed by this library’s own certificate');
});

test('a key of another certificate is refused in the form, and nothing is changed', async () => {
  await button('Use a certificate of yours…').focus();
  await page.keyboard.press('Enter');
  await choose('Certificate', ada.chain);
  await choose('Private key', ben.key);
  await button('Sign with it').press('Enter');
  await form().getByRole('alert').getByText('The key does not belong to the certificate.').waitFor();
  await says('Signed by this library’s own certificate');
  expect(existsSync(join(library, 'credentials', 'own.pem'))).toBe(false);
  expect(await seriousFindings(page)).toEqual([]);
});

test('the right one is taken in without a mouse, and signs', async () => {
  await choose('Private key', ada.key);
  await button('Sign with it').press('Enter');
  await says('Signed by your certificate: “Ada Studio”, issued by “Ada Studio”');
  await form().waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Use another certificate…');
  const { json } = await likenessOn(library).likeness('credentials');
  expect(json).toMatchObject({ certificate: 'own', signer: 'Ada Studio', trusted: [] });
});

test('another is dropped with its key, in whatever order; what is neither is named', async () => {
  await button('Use another certificate…').click();
  const note = join(folder, 'note.txt');
  writeFileSync(note, 'neither');
  await drop([note]);
  await form().getByRole('alert').getByText('In “note.txt” there is no certificate and no key').waitFor();
  await drop([ben.key, ben.chain]);
  await form().getByText('Ben-Films.pem').waitFor();
  await button('Sign with it').click();
  await says('“Ben Films”');
  expect(readFileSync(join(library, 'credentials', 'own.pem'), 'utf8')).toContain(readFileSync(ben.key, 'utf8').trim());
});

test('whose word counts is chosen, told by name, and taken back', async () => {
  const trusting = section().getByRole('group', { name: 'Whose word counts when files of others are checked' });
  const give = async (file: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await trusting.getByRole('button', { name: 'Choose certificates…' }).click();
    await (await chooser).setFiles(file);
  };
  await give(ada.key);
  await trusting.getByRole('alert').getByText('There is no certificate in this file.').waitFor();
  await give(ada.chain);
  await trusting.getByText('That of “Ada Studio”, and this library’s.').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await trusting.getByRole('button', { name: 'Nobody’s' }).click();
  await trusting.getByText('Nobody’s so far, but this library’s.').waitFor();
  expect(existsSync(join(library, 'credentials', 'trusted.pem'))).toBe(false);
});

test('the library itself signs again', async () => {
  await button('Use the library’s own again').focus();
  await page.keyboard.press('Enter');
  await says('Signed by this library’s own certificate');
  expect(existsSync(join(library, 'credentials', 'own.pem'))).toBe(false);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Use a certificate of yours…');
  expect(opened.complaints).toEqual([]);
});
