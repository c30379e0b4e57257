import { homedir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';
import { SetupProblem } from './setup-problem.mjs';

const NEWEST = 12;
const OLDEST = 10;
/** A shim that waits for somebody to click (macOS offers its developer tools) is no Python. */
const ANSWER_MS = 20_000;

const QUESTION = `
import importlib.util, json, platform, struct, sys
print(json.dumps({"path": sys.executable, "version": list(sys.version_info[:3]), "bits": struct.calcsize("P") * 8,
 "machine": platform.machine(), "venv": all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))}))`;

/**
 * What an interpreter says of itself.
 * @typedef {{ path: string, version: number[], bits: number, machine: string, venv: boolean }} Python
 */

/** Commands that may be a Python, the best first. */
function candidates() {
  const chosen = process.env.LIKENESS_SETUP_PYTHON;
  if (chosen) return [[chosen]];
  const minors = [12, 11, 10];
  const named = minors.map((minor) => [`python3.${minor}`]);
  if (process.platform === 'win32')
    return [...minors.map((minor) => ['py', `-3.${minor}`]), ['python'], ['python3'], ['py', '-3']];
  // A program that was started by a click has a short path, without the folders that shells add to theirs.
  const mac = minors.flatMap((minor) => [
    `/opt/homebrew/bin/python3.${minor}`,
    `/Library/Frameworks/Python.framework/Versions/3.${minor}/bin/python3.${minor}`,
  ]);
  const elsewhere = [
    ...(process.platform === 'darwin' ? mac : []),
    ...minors.map((minor) => `/usr/local/bin/python3.${minor}`),
    ...minors.map((minor) => join(homedir(), '.pyenv', 'shims', `python3.${minor}`)),
  ];
  return [...named, ...elsewhere.map((path) => [path]), ['python3'], ['python']];
}

/**
 * What a command says of itself, or undefined when it is no Python (a missing program, a shim without a version).
 * @param {string[]} command @param {AbortSignal} [signal] @returns {Promise<Python | undefined>}
 */
async function ask([command, ...args], signal) {
  const patience = AbortSignal.timeout(ANSWER_MS);
  let answer = '';
  try {
    const { status } = await runProgram(command, [...args, '-c', QUESTION], {
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
      onLine: (line) => (answer += line),
    });
    return status === 0 ? JSON.parse(answer) : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/**
 * Picks the interpreter to use out of what the candidates said, or throws the one sentence that helps.
 * @param {Python[]} found
 */
export function choosePython(found, platform = process.platform) {
  if (found.length === 0) {
    throw new SetupProblem(
      `Likeness needs Python 3.${OLDEST} to 3.${NEWEST} and found none on this computer`,
      `install Python 3.${NEWEST} (from python.org, or with your system's package manager)`,
    );
  }
  const fitting = found.filter(({ version: [major, minor] }) => major === 3 && minor >= OLDEST && minor <= NEWEST);
  if (fitting.length === 0) {
    const version = found[0].version;
    const tooNew = version[0] > 3 || version[1] > NEWEST;
    throw new SetupProblem(
      `This computer's Python is ${version.join('.')}, which is too ${tooNew ? 'new' : 'old'} ` +
        "for the trainer's packages",
      `install Python 3.${NEWEST} beside it`,
    );
  }
  const able = fitting.find(
    (python) => python.venv && python.bits === 64 && !(platform === 'darwin' && python.machine === 'x86_64'),
  );
  if (able) return able;
  const [{ version, bits, venv }] = fitting;
  const name = `Python ${version.slice(0, 2).join('.')}`;
  if (!venv) {
    const fix =
      platform === 'linux'
        ? `install it (on Debian and Ubuntu: sudo apt install python${version.slice(0, 2).join('.')}-venv)`
        : `install ${name} from python.org`;
    throw new SetupProblem(`${name} is here without its venv module`, fix);
  }
  if (bits !== 64)
    throw new SetupProblem(
      `${name} is here as a 32-bit program, for which PyTorch has no build`,
      'install the 64-bit one',
    );
  throw new SetupProblem(
    `${name} is here for Intel processors, for which PyTorch ended its macOS builds`,
    'on an Apple-silicon Mac install the arm64 Python',
  );
}

/**
 * The interpreter for the trainer. Throws SetupProblem.
 * @param {AbortSignal} [signal]
 */
export async function findPython(signal) {
  const found = [];
  for (const candidate of candidates()) {
    const answer = await ask(candidate, signal);
    if (!answer) continue;
    found.push(answer);
    try {
      return choosePython([answer]);
    } catch {
      // Another candidate may fit; if none does, the first one found is the one to explain.
    }
  }
  return choosePython(found);
}
