/** A take and the film of it as a timeline that other programs for editing films open. */
export { editedTimeline, type EditedTake } from './edited-timeline.ts';
export { written } from './otio.ts';
