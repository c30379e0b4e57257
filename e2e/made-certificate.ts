import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TRAINER = join(import.meta.dirname, '..', 'trainer');
const PYTHON = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];

/** As the local one is made, under another name. */
const MADE = `
import sys
from likeness_trainer.credentials import made_locally as made
made.LOCAL_NAME = sys.argv[1]
sys.stdout.buffer.write(made.made_locally())
`;

/** A certificate of somebody of that name, with its issuer's behind it, and its key: PEM files in a folder. */
export function madeCertificate(folder: string, name: string): { readonly chain: string; readonly key: string } {
  const pem = execFileSync(join(TRAINER, '.venv', ...PYTHON), ['-c', MADE, name], { cwd: TRAINER, encoding: 'utf8' });
  const certificates = pem.indexOf('-----BEGIN CERTIFICATE-----');
  const at = (ending: string): string => join(folder, `${name.replaceAll(' ', '-')}.${ending}`);
  const files = { chain: at('pem'), key: at('key') };
  writeFileSync(files.chain, pem.slice(certificates));
  writeFileSync(files.key, pem.slice(0, certificates));
  return files;
}
