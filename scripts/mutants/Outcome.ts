/** A test that was red. */
export interface FailedTest {
  /** From the project's root on. */
  readonly file: string;
  readonly title: string;
}

/** What became of a mutant. */
export interface Outcome {
  readonly name: string;
  readonly rule: string;
  /** Absent where it survived, or could not be tried. */
  readonly caughtBy?: FailedTest;
  /** Why it could not be tried: it does not compile, or changes nothing. */
  readonly invalid?: string;
  readonly seconds: number;
}
