import { Command, CommanderError } from 'commander';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { StudioError } from '../../shared/contract/index.ts';
import { knownError } from '../../shared/domain/system-error.ts';
import { defaultLibraryDir } from '../studio/library-dir.ts';
import { addAblate } from './ablate.ts';
import { addAnalyze } from './analyze.ts';
import { addBench } from './bench.ts';
import { addBundle } from './bundle.ts';
import { addCaptions } from './captions.ts';
import { addConsent } from './consent.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addDrive } from './drive.ts';
import { addEvaluate } from './evaluate.ts';
import { addExport } from './export.ts';
import { addFarm } from './farm.ts';
import { endAfterFaults } from './faults.ts';
import { addFrame } from './frame.ts';
import { addImport } from './import.ts';
import { interruptible } from './interrupt.ts';
import { addJobs } from './jobs.ts';
import { addLibrary } from './library.ts';
import { addManner } from './manner.ts';
import { addMcp } from './mcp.ts';
import { addModels } from './models.ts';
import { addMotion } from './motion.ts';
import { addProject } from './project.ts';
import { addRender } from './render.ts';
import { addSay } from './say.ts';
import type { InSession } from './session.ts';
import { explain, type Terminal, unanswered } from './terminal.ts';
import { addServe } from './serve.ts';
import { addStreams } from './streams.ts';
import { addStudio } from './studio.ts';
import { addTake } from './take.ts';
import { addTrain } from './train.ts';
import { addTrash } from './trash.ts';
import { addCredentials } from './credentials.ts';
import { addVerify } from './verify.ts';
import { addVoices } from './voices.ts';

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

/** What commander has to say about a wrong command line; it becomes the error's text. */
let usage = '';
const program = new Command('likeness')
  .description('Turns a short video of one person into a talking avatar, on your own computer.')
  .version(version)
  .option('--library <folder>', `where projects live (default: LIKENESS_LIBRARY, else ${defaultLibraryDir()})`)
  .option('--json', 'print one JSON document on standard output; everything else goes to standard error', false)
  .option('--verbose', 'show the technical detail of an error', false)
  .exitOverride()
  .configureOutput({ writeErr: (text) => (usage += text) });

const terminal: Terminal = {
  // Read by hand too: a command line that cannot be parsed still has to answer in JSON.
  get json() {
    return program.opts<{ json: boolean }>().json || process.argv.includes('--json');
  },
  get verbose() {
    return program.opts<{ verbose: boolean }>().verbose;
  },
  out: process.stdout,
  log: process.stderr,
};

endAfterFaults(terminal);

const inSession: InSession = async (work, libraryDir = defaultLibraryDir()) => {
  const { library } = program.opts<{ library?: string }>();
  const signal = interruptible(terminal.log);
  // Loaded here, so that --help and a mistyped command answer at once.
  const { openStudio } = await import('../studio/studio.ts');
  const studio = openStudio({
    libraryDir: library === undefined ? libraryDir : resolve(library),
    unanswered: unanswered(terminal),
  });
  try {
    await work({ studio, terminal, signal });
  } catch (error) {
    const known = knownError(error);
    if (known) studio.log.failure('command', known);
    else studio.log.fault('command', error);
    throw error;
  } finally {
    await studio.close();
  }
};

for (const add of [
  addDemo,
  addDoctor,
  addImport,
  addStreams,
  addAnalyze,
  addTrain,
  addEvaluate,
  addExport,
  addFrame,
  addDrive,
  addTake,
  addManner,
  addProject,
  addConsent,
  addMotion,
  addRender,
  addAblate,
  addBench,
  addBundle,
  addJobs,
  addTrash,
  addModels,
  addVoices,
  addSay,
  addFarm,
  addMcp,
  addCaptions,
  addCredentials,
  addVerify,
])
  add(program, inSession);
addLibrary(program, terminal);
addStudio(program, terminal);
addServe(program, terminal);

/** Nothing is left to wait for, and the command has not ended: a bug, which gets its answer all the same. */
const neverEnded = (): void => {
  process.exitCode = explain(terminal, new Error('The command did not come to its end.'));
};
process.once('beforeExit', neverEnded);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) process.exitCode = explain(terminal, commandLineError(error));
  } else {
    process.exitCode = explain(terminal, error);
  }
} finally {
  process.off('beforeExit', neverEnded);
}

function commandLineError(error: CommanderError): StudioError {
  if (error.code === 'commander.help') return new StudioError({ code: 'bad-request', message: usage.trim(), hint: '' });
  const message = error.message.replace(/^error: /, '');
  return new StudioError({
    code: 'bad-request',
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`,
    hint: 'Add --help to the command to see how it is used.',
  });
}
