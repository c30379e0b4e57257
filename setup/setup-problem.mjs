/** Something the person at the computer can put right: shown as one sentence, without a stack. */
export class SetupProblem extends Error {
  /**
   * @param {string} problem without a full stop
   * @param {string} [remedy] what to do before trying again, in small letters; none: the problem says it all
   * @param {string} [detail] a program's own words
   */
  constructor(problem, remedy = '', detail = '') {
    super(remedy === '' ? problem : `${problem}: ${remedy}, then run this again.`);
    this.problem = problem;
    this.remedy = remedy;
    this.detail = detail;
  }
}
