import { CONSENT_MEANINGS } from '../domain/consent.ts';
import { contract } from './studio.ts';

const MEANINGS = Object.entries(CONSENT_MEANINGS)
  .map(([basis, meaning]) => `${basis}: ${meaning}`)
  .join(' ');

/** What other programs may ask of the studio, over HTTP or MCP: these procedures of the contract, and no others. */
export const apiContract = {
  projects: {
    list: contract.projects.list.route({
      method: 'GET',
      path: '/projects',
      summary: 'Lists the projects.',
    }),
    get: contract.projects.get.route({
      method: 'GET',
      path: '/projects/{id}',
      summary: 'Shows a project.',
      description: 'With what its analysis found, its takes, sounds and exports.',
    }),
    import: contract.projects.import.route({
      method: 'POST',
      path: '/projects',
      summary: 'Makes a project of a video of one person.',
      description:
        `Whoever asks states on what basis the person may be shown. ${MEANINGS} With a permission the note says who ` +
        'agreed, and when. A program may only state what a person has said to it.',
    }),
    rename: contract.projects.rename.route({
      method: 'PATCH',
      path: '/projects/{id}',
      summary: 'Renames a project.',
    }),
    remove: contract.projects.remove.route({
      method: 'DELETE',
      path: '/projects/{id}',
      summary: 'Moves a project to the trash.',
      description: 'The user can bring it back.',
    }),
  },
  sample: contract.sample.route({
    method: 'POST',
    path: '/sample',
    summary: 'Makes the synthetic sample person a project.',
    description: 'Answers the job that draws them, or the project where they were drawn before.',
  }),
  consents: {
    show: contract.consents.show.route({
      method: 'GET',
      path: '/projects/{id}/consent',
      summary: 'Shows the consent that a project rests on.',
    }),
    attach: contract.consents.attach.route({
      method: 'POST',
      path: '/projects/{id}/consent/attachment',
      summary: 'Keeps a file that shows the consent.',
    }),
    compare: contract.consents.compare.route({
      method: 'POST',
      path: '/projects/{id}/consent/compare',
      summary: 'Begins to compare the face in the attached recording with the avatar’s.',
      description:
        'Wants the weights of a face recognition network, which the user adds. What is found is in the consent.',
    }),
    withdraw: contract.consents.withdraw.route({
      method: 'POST',
      path: '/projects/{id}/consent/withdraw',
      summary: 'Withdraws the consent.',
      description: 'Nothing is shown or made of the person any more; what runs is stopped, and nothing is deleted.',
    }),
  },
  work: {
    analyze: contract.work.analyze.route({
      method: 'POST',
      path: '/projects/{id}/analyze',
      summary: 'Begins to analyse the video of a project.',
      description: 'Of several people in it the one who is seen most is analysed, unless `person` says another.',
    }),
    train: contract.work.train.route({
      method: 'POST',
      path: '/projects/{id}/train',
      summary: 'Begins to train the avatar of an analysed project.',
      description: 'The preset `instant` makes one in a minute or two, without training.',
    }),
    evaluate: contract.work.evaluate.route({
      method: 'POST',
      path: '/projects/{id}/evaluate',
      summary: 'Begins to measure the avatar on held-out frames.',
    }),
    export: contract.work.export.route({
      method: 'POST',
      path: '/projects/{id}/export',
      summary: 'Begins to export a film in which the avatar speaks.',
      description:
        'It speaks a sound of the project (`sound`), what is on a take (`take`), the sound of its own video ' +
        '(`source`), or a file. Captions are of scripts that were spoken, of recordings that were given their text, ' +
        'or of `subtitles`. The job that is done names its files.',
    }),
    saveFrame: contract.work.saveFrame.route({
      method: 'POST',
      path: '/projects/{id}/frame',
      summary: 'Begins to export one frame of a take as a PNG file.',
    }),
    drive: contract.work.drive.route({
      method: 'POST',
      path: '/projects/{id}/drive',
      summary: 'Begins to let the person in another video drive the avatar, on a take of its own.',
      description: 'The consent is of the person in that video, and stated as for a new project.',
    }),
  },
  sounds: {
    add: contract.sounds.add.route({
      method: 'POST',
      path: '/projects/{id}/sounds',
      summary: 'Takes a sound file into a project.',
    }),
  },
  voices: {
    list: contract.voices.list.route({
      method: 'GET',
      path: '/voices',
      summary: 'Lists the voices that speak scripts.',
    }),
    fetch: contract.voices.fetch.route({
      method: 'POST',
      path: '/voices/{voice}/fetch',
      summary: 'Begins to download a voice.',
      description: 'Its terms are in the list of voices; the user agrees to them, and nobody else.',
    }),
    say: contract.voices.say.route({
      method: 'POST',
      path: '/projects/{id}/say',
      summary: 'Begins to speak a script, which becomes a sound of the project.',
      description: 'The job that is done names the sound, which can be exported with captions.',
    }),
    script: contract.voices.script.route({
      method: 'GET',
      path: '/projects/{id}/sounds/{sound}/script',
      summary: 'Shows the script of a spoken sound, and when its words are said.',
    }),
    align: contract.voices.align.route({
      method: 'POST',
      path: '/projects/{id}/sounds/{sound}/text',
      summary: 'Begins to look for the words of a text in a recording of it.',
      description:
        'The sound keeps them, and can be exported with captions. A text that is not what is said is refused.',
    }),
    text: contract.voices.text.route({
      method: 'GET',
      path: '/projects/{id}/sounds/{sound}/text',
      summary: 'Shows the text that a recorded sound was given, and when its words are said.',
    }),
  },
  takes: {
    get: contract.takes.get.route({
      method: 'GET',
      path: '/projects/{id}/take',
      summary: 'Shows what is on a take: the open one, unless another is named.',
    }),
    save: contract.takes.save.route({
      method: 'PUT',
      path: '/projects/{id}/takes/{takeId}',
      summary: 'Saves a take that was edited.',
      description: '`revision` is the one that it was shown with.',
    }),
    create: contract.takes.create.route({
      method: 'POST',
      path: '/projects/{id}/takes',
      summary: 'Makes another take, which is open then.',
    }),
  },
  jobs: {
    list: contract.jobs.list.route({
      method: 'GET',
      path: '/jobs',
      summary: 'Lists the jobs.',
    }),
    get: contract.jobs.get.route({
      method: 'GET',
      path: '/jobs/{id}',
      summary: 'Shows a job, and what it made once it is done.',
    }),
    events: contract.jobs.events.route({
      method: 'GET',
      path: '/jobs/{id}/events',
      summary: 'Follows a job until it has ended.',
      description: 'The job as it is, and again each time that it changed.',
    }),
    cancel: contract.jobs.cancel.route({
      method: 'POST',
      path: '/jobs/{id}/cancel',
      summary: 'Cancels a job.',
    }),
    resume: contract.jobs.resume.route({
      method: 'POST',
      path: '/jobs/{id}/resume',
      summary: 'Takes a job up again that was cancelled, interrupted or failed.',
    }),
    log: contract.jobs.log.route({
      method: 'GET',
      path: '/jobs/{id}/log',
      summary: 'Shows the end of what a job wrote.',
    }),
  },
  system: {
    filmFormats: contract.system.filmFormats.route({
      method: 'GET',
      path: '/formats',
      summary: 'Lists the formats that films can be written in here.',
    }),
    certificate: contract.system.certificate.route({
      method: 'GET',
      path: '/certificate',
      summary: 'Says who signs exports with Content Credentials.',
      description: 'The user alone changes that, and whose word counts when files of others are checked.',
    }),
    verify: contract.system.verify.route({
      method: 'POST',
      path: '/verify',
      summary: 'Says whether a film or picture was made with this program, and how sure that is.',
      description: 'By its watermark, its metadata, and, of a file of this computer, the record beside it.',
    }),
  },
};
