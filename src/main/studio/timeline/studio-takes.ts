import { StudioError } from '../../../shared/contract/index.ts';
import { Manner } from '../../../shared/domain/manner.ts';
import { freeName } from '../../../shared/domain/names.ts';
import type { TakeView } from '../../../shared/contract/studio.ts';
import type { Base } from '../ground/base.ts';
import type { Project, SavedTake } from '../library/index.ts';

/** Which takes a project has, and manners of performing that were saved under a name. */
export class StudioTakes {
  readonly #base: Base;

  constructor(base: Base) {
    this.#base = base;
  }

  /** In the order they were made. */
  list(idOrName: string): TakeView[] {
    const { library } = this.#base;
    const { id } = library.projects.find(idOrName);
    const open = library.takes.find(id).id;
    return library.takes.list(id).map((take) => ({ id: take.id, name: take.name, open: take.id === open }));
  }

  /** Those that were removed, the last one first. */
  removed(idOrName: string): { id: string; name: string }[] {
    const { library } = this.#base;
    return library.takes.removed(library.projects.find(idOrName).id).map(({ id, name }) => ({ id, name }));
  }

  /** With the video's own sound and nothing else on it; it is the open one then. */
  create(idOrName: string, name?: string): TakeView {
    const { library } = this.#base;
    const project = library.projects.find(idOrName);
    return this.#made(library.takes.create(project.id, name ?? this.#free(project, 'Take 1')));
  }

  /** Another with the same on it, which is the open one then. Raises StudioError('not-found' | 'ambiguous'). */
  duplicate(idOrName: string, take?: string, name?: string): TakeView {
    const { project, saved } = this.#find(idOrName, take);
    const called = name ?? this.#free(project, saved.name);
    return this.#made(this.#base.library.takes.create(project.id, called, saved.document, saved.consentId));
  }

  rename(idOrName: string, take: string, name: string): TakeView {
    const { project, saved } = this.#find(idOrName, take);
    this.#base.library.takes.rename(saved, name);
    this.#base.notify({ kind: 'projects' });
    return this.#view(project, saved.id);
  }

  /** The one that is shown, and exported where none is named, from now on. */
  open(idOrName: string, take: string): TakeView {
    const { project, saved } = this.#find(idOrName, take);
    this.#base.library.takes.open(saved);
    this.#base.notify({ kind: 'projects' });
    return this.#view(project, saved.id);
  }

  /** It can be brought back. Raises StudioError('bad-request') for the last one. */
  remove(idOrName: string, take: string): { id: string; name: string } {
    const { saved } = this.#find(idOrName, take);
    this.#base.library.takes.remove(saved);
    this.#base.notify({ kind: 'projects' });
    return { id: saved.id, name: saved.name };
  }

  /** Raises StudioError('not-found') for one that was not removed. */
  bringBack(idOrName: string, id: string): TakeView {
    const { library, notify } = this.#base;
    const project = library.projects.find(idOrName);
    library.takes.bringBack(project.id, id);
    notify({ kind: 'projects' });
    return this.#view(project, id);
  }

  /** By name. One that this version cannot read is left out. */
  manners(idOrName: string): { name: string; manner: Manner }[] {
    const { library } = this.#base;
    return library.manners.list(library.projects.find(idOrName).id).flatMap(({ name, document }) => {
      const manner = Manner.safeParse(document);
      return manner.success ? [{ name, manner: manner.data }] : [];
    });
  }

  /** Raises StudioError('not-found'). */
  manner(idOrName: string, name: string): Manner {
    const found = this.manners(idOrName).find((one) => one.name === name);
    if (found) return found.manner;
    throw new StudioError({
      code: 'not-found',
      message: `There is no manner "${name}".`,
      hint: 'Look at the list of manners.',
    });
  }

  /** In place of one of that name. */
  saveManner(idOrName: string, name: string, manner: Manner): void {
    const { library, notify } = this.#base;
    library.manners.save(library.projects.find(idOrName).id, { name, document: manner });
    notify({ kind: 'projects' });
  }

  /** Raises StudioError('not-found'). */
  removeManner(idOrName: string, name: string): void {
    const { library, notify } = this.#base;
    library.manners.remove(library.projects.find(idOrName).id, name);
    notify({ kind: 'projects' });
  }

  #find(idOrName: string, take?: string): { readonly project: Project; readonly saved: SavedTake } {
    const { library } = this.#base;
    const project = library.projects.find(idOrName);
    return { project, saved: library.takes.find(project.id, take) };
  }

  #free({ id }: Project, name: string): string {
    return freeName(
      name,
      this.#base.library.takes.list(id).map((take) => take.name),
    );
  }

  #made({ id, name }: SavedTake): TakeView {
    this.#base.notify({ kind: 'projects' });
    return { id, name, open: true };
  }

  #view(project: Project, take: string): TakeView {
    return this.list(project.id).find(({ id }) => id === take)!;
  }
}
