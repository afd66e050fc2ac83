import { NotMeasurable } from './not-measurable.ts';

/** This machine was late itself by so much that nothing can be told of the proxy; another time it may be. */
export class TooBusy extends NotMeasurable {}
