/** Jobs: one queue for a library, the trainer's processes, what happens when something goes away. */
export { JobQueue, type JobHandle, type Work, type WorkContext } from './queue.ts';
export { runTrainer, type Supervision } from './supervisor.ts';
export { askTrainer, type Asked } from './ask.ts';
export { followCamera, type Following, type Watcher } from './follow.ts';
export { type TrainerCommand } from './trainer-process.ts';
export { LANES, type Lane } from './lanes.ts';
export { endTree } from './process-tree.ts';
export { readJobLog } from './job-log.ts';
export { identityOf, pidOf } from '../ground/process-identity.ts';
