import { spawnSync } from 'node:child_process';
import { SetupProblem } from './terminal.mjs';

const NEWEST = 12;
const OLDEST = 10;

const QUESTION = `
import importlib.util, json, platform, struct, sys
print(json.dumps({"path": sys.executable, "version": list(sys.version_info[:3]), "bits": struct.calcsize("P") * 8,
 "machine": platform.machine(), "venv": all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))}))`;

/** Commands that may be a Python, the best first. */
function candidates() {
  const chosen = process.env.LIKENESS_SETUP_PYTHON;
  if (chosen) return [[chosen]];
  const minors = [12, 11, 10];
  const named = minors.map((minor) => [`python3.${minor}`]);
  if (process.platform === 'win32') return [...minors.map((minor) => ['py', `-3.${minor}`]), ['python'], ['python3'], ['py', '-3']];
  // Homebrew's folder is not on every shell's path.
  const homebrew = process.platform === 'darwin' ? minors.map((minor) => [`/opt/homebrew/bin/python3.${minor}`]) : [];
  return [...named, ...homebrew, ['python3'], ['python']];
}

/** What a command says of itself, or undefined when it is no Python (a missing program, a shim without a version). */
function ask([command, ...args]) {
  const answer = spawnSync(command, [...args, '-c', QUESTION], { encoding: 'utf8', timeout: 20_000, windowsHide: true });
  if (answer.status !== 0) return undefined;
  try {
    return JSON.parse(answer.stdout);
  } catch {
    return undefined;
  }
}

/** Picks the interpreter to use out of what the candidates said, or throws the one sentence that helps. */
export function choosePython(found, platform = process.platform) {
  const again = 'then run this again.';
  if (found.length === 0) {
    throw new SetupProblem(`Likeness needs Python 3.${OLDEST} to 3.${NEWEST} and found none on this computer: install Python 3.${NEWEST}, ${again}`);
  }
  const fitting = found.filter(({ version: [major, minor] }) => major === 3 && minor >= OLDEST && minor <= NEWEST);
  if (fitting.length === 0) {
    const version = found[0].version;
    const tooNew = version[0] > 3 || version[1] > NEWEST;
    throw new SetupProblem(
      `This computer's Python is ${version.join('.')}, which is too ${tooNew ? 'new' : 'old'} for the trainer's packages: install Python 3.${NEWEST} beside it, ${again}`,
    );
  }
  const able = fitting.find((python) => python.venv && python.bits === 64 && !(platform === 'darwin' && python.machine === 'x86_64'));
  if (able) return able;
  const [{ version, bits, venv }] = fitting;
  const name = `Python ${version.slice(0, 2).join('.')}`;
  if (!venv) {
    const fix = platform === 'linux' ? `install it (on Debian and Ubuntu: sudo apt install python${version.slice(0, 2).join('.')}-venv)` : `install ${name} from python.org`;
    throw new SetupProblem(`${name} is here without its venv module: ${fix}, ${again}`);
  }
  if (bits !== 64) throw new SetupProblem(`${name} is here as a 32-bit program, for which PyTorch has no build: install the 64-bit one, ${again}`);
  throw new SetupProblem(`${name} is here for Intel processors, for which PyTorch ended its macOS builds: on an Apple-silicon Mac install the arm64 Python, ${again}`);
}

/** The interpreter for the trainer: `{ path, version, bits, machine, venv }`. Throws SetupProblem with one sentence. */
export function findPython() {
  const found = [];
  for (const candidate of candidates()) {
    const answer = ask(candidate);
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
