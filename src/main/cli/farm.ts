import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { FarmJoined, FarmStarted, FarmStatus, Made, Order } from '../../shared/contract/farm.ts';
import { StudioError } from '../../shared/contract/index.ts';
import { wholeNumber } from './arguments.ts';
import { followJob } from './follow-job.ts';
import type { InSession, Session } from './session.ts';
import { answer, note } from './terminal.ts';

const PORT = 6380;

interface Places {
  readonly films: number;
}

function places(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be 1 or above.');
  return number;
}

/** This program's own words, for a computer of the farm to start it again. */
const PROGRAM = [process.execPath, ...process.execArgv, resolve(process.argv[1]!)];

export function addFarm(program: Command, inSession: InSession): void {
  const farm = program.command('farm').description('Several computers that make the films of a list together.');
  const films = ['--films <number>', 'how many films this computer makes at a time'] as const;

  farm
    .command('start')
    .description('Makes this computer the first of a farm, until Ctrl-C.')
    .option('--port <number>', 'where the others reach it', wholeNumber, PORT)
    .option(...films, places, 1)
    .action(({ port, films }: Places & { readonly port: number }) =>
      inSession(async (session) => {
        const node = await session.studio.farm.start(port, joining(session, films));
        const { address } = node;
        const secret = readFileSync(node.token, 'utf8');
        await until(session, node, () =>
          answer(session.terminal, FarmStarted, { address, token: secret }, [
            `The farm is open at ${address}. On each other computer, with the same version of this program:`,
            `  LIKENESS_FARM_TOKEN=${secret} likeness farm join ${address}`,
            'Whoever has the token can use these computers, and what passes between them is not encrypted:',
            'keep to a network of your own. Ctrl-C closes it.',
          ]),
        );
      }),
    );

  farm
    .command('join')
    .description("Makes films for another computer's farm, until Ctrl-C; its token is in LIKENESS_FARM_TOKEN.")
    .argument('<address>', 'what "farm start" showed there, as 192.0.2.7:6380')
    .option(...films, places, 1)
    .action((address: string, { films }: Places) =>
      inSession(async (session) => {
        if (!/^[\w.-]+:\d+$/.test(address))
          throw new StudioError({ code: 'bad-request', message: 'This is no address.', hint: 'Give HOST:PORT.' });
        const token = process.env['LIKENESS_FARM_TOKEN'] ?? '';
        const node = await session.studio.farm.join(address, token.trim(), joining(session, films));
        await until(session, node, () =>
          answer(session.terminal, FarmJoined, { address }, [`Joined the farm at ${address}. Ctrl-C leaves it.`]),
        );
      }),
    );

  farm
    .command('status')
    .description('Lists the computers of the farm that was started here.')
    .action(() =>
      inSession(async (session) => {
        const status = await session.studio.farm.status(asking(session));
        answer(session.terminal, FarmStatus, status, [
          `The farm at ${status.address}:`,
          ...status.computers.map(
            ({ address, alive, films }) => `  ${address}  ${alive ? `makes ${films} at a time` : 'lost'}`,
          ),
        ]);
      }),
    );

  farm
    .command('film', { hidden: true })
    .description('Makes the film that standard input asks for; for the farm itself.')
    .action(() =>
      inSession(async (session) => {
        try {
          const { order, left } = await ordered();
          const making = { ...session, signal: AbortSignal.any([session.signal, left]) };
          const made = await session.studio.farm.make(order, making.signal, (job) => followJob(making, job));
          answer(session.terminal, Made, made, [`${made.frames} frames, ${made.seconds.toFixed(2)} s`]);
        } finally {
          process.stdin.destroy(); // whoever asked holds it open
        }
      }),
    );
}

function asking({ terminal, signal }: Session) {
  return { signal, say: (line: string) => note(terminal, line) };
}

function joining(session: Session, films: number) {
  return { ...asking(session), films, program: PROGRAM };
}

/** Waits for Ctrl-C, or for the end of what was begun. */
async function until(
  { terminal, signal }: Session,
  { ended, close }: { readonly ended: Promise<void>; readonly close: () => Promise<void> },
  told: () => void,
): Promise<void> {
  try {
    told();
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const left = await Promise.race([stopped.then(() => false), ended.then(() => true)]);
    if (left) note(terminal, 'The farm was closed.');
  } finally {
    await close();
  }
}

/** The first line of standard input; `left` aborts when whoever asked has gone. */
async function ordered(): Promise<{ readonly order: Order; readonly left: AbortSignal }> {
  const left = new AbortController();
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => left.abort());
  const line = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
  });
  const order = Order.safeParse(parsed(line));
  if (order.success) return { order: order.data, left: left.signal };
  throw new StudioError({
    code: 'bad-request',
    message: 'This computer does not understand what it is asked for.',
    hint: 'Have the same version of the program on every computer of the farm.',
    detail: order.error.message,
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
