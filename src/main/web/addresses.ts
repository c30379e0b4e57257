import { hostname, networkInterfaces } from 'node:os';
import { isIP, isIPv6 } from 'node:net';
import { StudioError } from '../../shared/contract/index.ts';

export const LOOPBACK = '127.0.0.1';
const EVERY = new Set(['0.0.0.0', '::']);
/** Long enough that nobody guesses it at the rate that attempts are let through. */
const SHORTEST_PASSWORD = 12;

/** Who may come in. */
export interface Access {
  /** The address that is listened at: this computer's own, unless somebody asked for more. */
  readonly bind: string;
  /**
   * Other names that the window is opened under, as a proxy or a tunnel shows it: "studio.example", "localhost:9000".
   */
  readonly names: readonly string[];
  readonly password: string | undefined;
}

export interface AccessRequest {
  readonly bind?: string;
  readonly remote?: boolean;
  readonly names?: readonly string[];
  readonly password?: string;
}

/**
 * Any address but this computer's own needs two things said: that it is meant, and a password. Raises
 * StudioError('bad-request').
 */
export function accessFor({ bind = LOOPBACK, remote = false, names = [], password }: AccessRequest): Access {
  if (isIP(bind) === 0)
    throw refusal(`"${bind}" is not an IP address.`, 'Give an address of this computer, or 0.0.0.0 for all of them.');
  if (password !== undefined && password.length < SHORTEST_PASSWORD)
    throw refusal(`The password is shorter than ${SHORTEST_PASSWORD} characters.`, 'Choose a longer one.');
  const wrong = names.find((name) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(name));
  if (wrong !== undefined)
    throw refusal(
      `"${wrong}" is not the name of a computer.`,
      'Give it as in the address of a browser: studio.example, or localhost:9000.',
    );
  if (bind !== LOOPBACK && !remote)
    throw refusal(
      `At ${bind} other computers could open this library.`,
      'If that is meant, add --remote and set a password.',
    );
  if (bind !== LOOPBACK && password === undefined)
    throw refusal(
      'Without a password anybody who reaches this computer could open this library.',
      'Set LIKENESS_PASSWORD, or name a file with --password-file.',
    );
  return { bind, names: names.map((name) => name.toLowerCase()), password };
}

/** What a browser may call this server (its Host header), and what pages may call themselves (their Origin). */
export function namesOf(
  { bind, names }: Access,
  port: number,
): { readonly hosts: readonly string[]; readonly origins: readonly string[] } {
  const own = (
    bind === LOOPBACK ? [LOOPBACK, 'localhost'] : [...addresses(bind), hostname().toLowerCase(), LOOPBACK, 'localhost']
  ).map((name) => `${isIPv6(name) ? `[${name}]` : name}:${port}`);
  return {
    hosts: [...own, ...names],
    origins: [
      ...own.map((name) => `http://${name}`),
      ...names.flatMap((name) => [`http://${name}`, `https://${name}`]),
    ],
  };
}

/** Where the window is opened from. */
export function addressOf({ bind }: Access, port: number): string {
  const name = EVERY.has(bind) ? hostname().toLowerCase() : isIPv6(bind) ? `[${bind}]` : bind;
  return `http://${name}:${port}/`;
}

function addresses(bind: string): string[] {
  if (!EVERY.has(bind)) return [bind];
  return Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address));
}

function refusal(message: string, hint: string): StudioError {
  return new StudioError({ code: 'bad-request', message, hint });
}
