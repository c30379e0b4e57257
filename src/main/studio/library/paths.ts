import { join } from 'node:path';

/** Where everything lies in a library folder (docs/formats.md). Pure: touches nothing. */
export class LibraryPaths {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get database(): string {
    return join(this.root, 'library.db');
  }
  get backups(): string {
    return join(this.root, 'backups');
  }
  get logs(): string {
    return join(this.root, 'logs');
  }
  get trash(): string {
    return join(this.root, 'trash');
  }
  /** Where a project lies that was removed, until it is brought back. */
  trashed(id: string): string {
    return join(this.trash, id);
  }
  /** Certificates that exports are signed with, and their keys. */
  get credentials(): string {
    return join(this.root, 'credentials');
  }
  /** What is being written under a passing name, inside the library or elsewhere. */
  get unfinished(): string {
    return join(this.root, 'unfinished');
  }
  /** What was dropped on windows in a browser, until it is used. */
  get uploads(): string {
    return join(this.root, 'uploads');
  }
  /** Tables of results, of lists of films that came from a browser. */
  get lists(): string {
    return join(this.root, 'lists');
  }
  get models(): string {
    return join(this.root, 'models');
  }
  /** Voices of people's own, each a model and its configuration. */
  get voices(): string {
    return join(this.models, 'voices');
  }
  /** Sentences that were spoken, kept so that only what is new is spoken again. */
  get spoken(): string {
    return join(this.root, 'spoken');
  }
  /** What of each computer runs avatars' networks fastest, as it was found out there. */
  get providers(): string {
    return join(this.root, 'providers.json');
  }
  get projects(): string {
    return join(this.root, 'projects');
  }
  project(id: string): string {
    return join(this.projects, id);
  }
  analysis(id: string): string {
    return join(this.project(id), 'analysis');
  }
  /** What the analysis saw, frame by frame; there is none before it is whole. */
  track(id: string): string {
    return join(this.analysis(id), 'track.safetensors');
  }
  /** The source as one JPEG a frame. */
  pictures(id: string): string {
    return join(this.project(id), 'pictures');
  }
  /** Files that show a project's consent, named by their hash. */
  consent(id: string): string {
    return join(this.project(id), 'consent');
  }
  sounds(id: string): string {
    return join(this.project(id), 'sounds');
  }
  run(id: string, number: number): string {
    return join(this.project(id), 'runs', String(number));
  }
  /** What a run goes on from. */
  checkpoint(id: string, number: number): string {
    return join(this.run(id, number), 'checkpoint.pt');
  }
  /** A checkpoint of a run as an avatar. */
  checkpointAvatar(id: string, number: number): string {
    return join(this.run(id, number), 'checkpoint.likeness');
  }
  avatar(id: string): string {
    return join(this.project(id), 'avatar.likeness');
  }
  /** The newest evaluation of the avatar. */
  evaluation(id: string): string {
    return join(this.project(id), 'evaluation.json');
  }
  /** Its page, where one was asked for, and what lies beside it. */
  evaluationReport(id: string): string {
    return join(this.project(id), 'evaluation');
  }
  exports(id: string): string {
    return join(this.project(id), 'exports');
  }
  ablation(id: string): string {
    return join(this.project(id), 'ablation');
  }
  /** A job's events and log. */
  job(id: string): string {
    return join(this.root, 'jobs', id);
  }
  /** Of a voice that is fetched, as long as its job runs. */
  fetching(job: string): string {
    return join(this.job(job), 'voice.partial');
  }
  /** What is seen in a video that drives a take, as long as its job runs. */
  driving(job: string): string {
    return join(this.job(job), 'driving.partial');
  }
}
