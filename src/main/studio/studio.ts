/**
 * The studio core's door: everything a host (command line, window, web) may ask for, by subject. Knows nothing of
 * Electron.
 */
import './ground/no-telemetry.ts';
import type { Log } from '../log/index.ts';
import { StudioAvatars } from './avatars/studio-avatars.ts';
import { StudioFarm } from './farm/studio-farm.ts';
import type { Base, StudioNotice } from './ground/base.ts';
import { Broadcast } from './ground/broadcast.ts';
import { type Unanswered, watchOpening } from './ground/watch-opening.ts';
import { StudioJobs } from './kinds/studio-jobs.ts';
import { Library } from './library/index.ts';
import { defaultLibraryDir } from './library-dir.ts';
import { StudioLists } from './lists/studio-lists.ts';
import type { MediaTools } from './media/index.ts';
import { StudioConsents } from './projects/studio-consents.ts';
import { StudioProjects } from './projects/studio-projects.ts';
import { ProjectSounds } from './sounds/index.ts';
import { findInstallation, type Installation, mediaTools } from './system/environment.ts';
import { logJob, openLog } from './system/open-log.ts';
import { StudioSettings, StudioSystem } from './system/studio-system.ts';
import { StudioTakes } from './timeline/studio-takes.ts';
import { StudioTimeline } from './timeline/studio-timeline.ts';
import { StudioTraining } from './training/studio-training.ts';
import { StudioVoices } from './voices/studio-voices.ts';

export type { ListedFilm } from './lists/listed-film.ts';
export type { StudioNotice } from './ground/base.ts';
export type { JobHandle } from './jobs/index.ts';
export { makeFolder } from './ground/make-folder.ts';
export { readPlainFile } from './ground/plain-file.ts';
export { DamagedLibrary, libraryCopies, restoreLibrary } from './library/index.ts';

export interface StudioOptions {
  /** `LIKENESS_LIBRARY`, else ~/Likeness. */
  readonly libraryDir?: string;
  /** The folder that holds `trainer/` and `resources/`; found by itself. */
  readonly root?: string;
  /** Where the trainer's Python environment is, or is to be; `LIKENESS_ENVIRONMENT`, else in the trainer's folder. */
  readonly environmentDir?: string;
  /** Which program opens it, as the log calls it. */
  readonly host?: 'command line' | 'browser' | 'desktop';
  /** What is said before the process ends itself because the library's disk never answers; without it, it waits. */
  readonly unanswered?: Unanswered;
}

export function openStudio(options: StudioOptions = {}): Studio {
  return new Studio(options);
}

export class Studio {
  /** The folder and its database themselves: for tests and tools that look behind the door. */
  readonly library: Library;
  readonly installation: Installation;
  readonly log: Log;
  /** ffmpeg and ffprobe. Raises StudioError('missing-tool'). */
  readonly tools: () => Promise<MediaTools>;

  readonly projects: StudioProjects;
  readonly consents: StudioConsents;
  readonly timeline: StudioTimeline;
  readonly takes: StudioTakes;
  readonly training: StudioTraining;
  readonly avatars: StudioAvatars;
  readonly voices: StudioVoices;
  readonly lists: StudioLists;
  readonly farm: StudioFarm;
  readonly jobs: StudioJobs;
  readonly settings: StudioSettings;
  readonly system: StudioSystem;
  readonly #notices = new Broadcast<StudioNotice>();

  constructor({ libraryDir, root, environmentDir, host = 'command line', unanswered }: StudioOptions) {
    this.installation = findInstallation(root, environmentDir);
    const open = (): Library => new Library(libraryDir ?? defaultLibraryDir());
    this.library = unanswered ? watchOpening(open, unanswered) : open();
    this.log = openLog(this.library, this.installation, host);
    this.tools = mediaTools(this.installation);
    const base: Base = {
      library: this.library,
      installation: this.installation,
      log: this.log,
      tools: this.tools,
      notify: (notice) => {
        this.#notices.publish(notice);
        if (notice.kind === 'job') logJob(this.log, notice.job, notice.event);
      },
    };
    const sounds = new ProjectSounds(this.library, this.tools);
    this.jobs = new StudioJobs(base, {
      soundsOf: (project) => (sound) => sounds.file(project, sound),
      placedSound: (project, sound) => sounds.placed(project, sound),
      withSoundOf: (project, video, make) => sounds.withFilm(project, video, make),
      addSpoken: (project, file, name, spoken) => sounds.addSpoken(project, file, name, spoken),
      saidIn: (project, sound) => sounds.saidIn(project, sound),
      isSpoken: async (project, sound) => (await sounds.script(project, sound)) !== null,
      keepText: (project, sound, text) => sounds.keepText(project, sound, text),
      takeSampleIn: () => this.projects.takeSampleIn(),
    });
    this.takes = new StudioTakes(base);
    this.projects = new StudioProjects(base, this.jobs, sounds, this.takes);
    this.consents = new StudioConsents(base, this.jobs);
    this.timeline = new StudioTimeline(base, this.jobs, sounds);
    this.training = new StudioTraining(base, this.jobs);
    this.avatars = new StudioAvatars(base, this.jobs);
    this.voices = new StudioVoices(base, this.jobs, sounds);
    this.lists = new StudioLists(base, this.projects, this.avatars, this.voices);
    this.farm = new StudioFarm(base, this.avatars);
    this.settings = new StudioSettings(base);
    this.system = new StudioSystem(base, this.jobs);
  }

  /** The folder of the library. */
  get libraryDir(): string {
    return this.library.paths.root;
  }

  /** What changes from now on, until the signal or the reader ends it. */
  notices(signal?: AbortSignal): AsyncGenerator<StudioNotice, void, undefined> {
    return this.#notices.listen(signal);
  }

  /** Stops this process's jobs (they can be resumed) and closes the library. */
  async close(): Promise<void> {
    const lists = this.lists.close();
    await this.jobs.close();
    await lists;
    this.log.note('closed');
    this.log.close();
    this.library.close();
  }
}
