import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';

/** The parts of electron-builder's own packer that decide what goes in; it has no public way to ask. */
interface Matcher {
  readonly from: string;
  readonly to: string;
  isEmpty(): boolean;
  containsOnlyIgnore(): boolean;
  prependPattern(pattern: string): void;
  createFilter(): (file: string, stat: object) => boolean;
}
type Expand = (pattern: string) => string;
interface FileSet {
  readonly src: string;
  readonly destination: string;
  readonly files: readonly string[];
  readonly metadata: ReadonlyMap<string, { isFile(): boolean }>;
}
interface PlatformPackager {
  readonly platformSpecificBuildOptions: object;
  expandMacro(pattern: string, arch: string, extra: Record<string, string>): string;
}
interface Packager {
  readonly config: object;
  _appInfo: object;
  validateConfig(): Promise<void>;
  createHelper(platform: object): Promise<PlatformPackager>;
}

const load = createRequire(import.meta.url);
const inner = (path: string): Record<string, never> => load(join('app-builder-lib/out', path)) as Record<string, never>;

export interface Packed {
  /** Paths inside the archive, or beside it where a native module lies unpacked. */
  readonly archive: readonly string[];
  /** Paths in the program's resources folder. */
  readonly resources: readonly string[];
}

type NewPackager = new (options: { readonly projectDir: string; readonly config: string | object }) => Packager;

/** Raises what electron-builder has to say of a configuration (or the file of one) that does not fit its schema. */
export async function checkBuilderConfig(root: string, config: string | object): Promise<Packager> {
  const { Packager } = inner('packager.js') as unknown as { Packager: NewPackager };
  const packager = new Packager({ projectDir: root, config });
  await packager.validateConfig();
  return packager;
}

/** What `electron-builder` would put into an installer for this computer's system, without making one. */
export async function packedFiles(root: string): Promise<Packed> {
  const { AppInfo } = inner('appInfo.js') as unknown as { AppInfo: new (packager: object, build: null) => object };
  const { Platform } = inner('core.js') as unknown as { Platform: { current(): object } };
  const matching = inner('fileMatcher.js') as unknown as {
    getMainFileMatchers(...args: unknown[]): Matcher[];
    getNodeModuleFileMatcher(...args: unknown[]): Matcher;
    getFileMatchers(...args: unknown[]): Matcher[];
  };
  const copying = inner('util/appFileCopier.js') as unknown as {
    computeFileSets(...args: unknown[]): Promise<FileSet[]>;
    computeNodeModuleFileSets(...args: unknown[]): Promise<FileSet[]>;
  };

  const packager = await checkBuilderConfig(root, join(root, 'electron-builder.yml'));
  packager._appInfo = new AppInfo(packager, null);
  const helper = await packager.createHelper(Platform.current());
  const expand: Expand = (pattern) => helper.expandMacro(pattern, process.arch, { '/*': '{,/**/*}' });
  const options = helper.platformSpecificBuildOptions;
  const to = join(root, 'release', 'packed');
  const main = matching.getMainFileMatchers(root, to, expand, options, helper, join(root, 'release'), false);
  const modules = matching.getNodeModuleFileMatcher(root, to, expand, options, packager);
  const beside = matching.getFileMatchers(packager.config, 'extraResources', to, {
    macroExpander: expand,
    customBuildOptions: options,
    globalOutDir: join(root, 'release'),
    defaultSrc: root,
  });
  const folders = beside.filter(({ from }) => !isFile(from));
  const listed = (sets: readonly FileSet[]): string[] =>
    sets
      .flatMap(({ src, destination, files, metadata }) =>
        files
          .filter((file) => metadata.get(file)?.isFile())
          .map((file) => relative(to, join(destination, relative(src, file))).replaceAll(sep, '/')),
      )
      .toSorted();
  return {
    archive: listed([
      ...(await copying.computeFileSets(main, null, helper, false)),
      ...(await copying.computeNodeModuleFileSets(helper, modules)),
    ]),
    resources: [
      ...beside.filter(({ from }) => isFile(from)).map((one) => relative(to, one.to)),
      ...listed(await copying.computeFileSets(folders, null, helper, false)),
    ].toSorted(),
  };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
