/** Which of the requests under way at a cell are cut off. */
export type CutChoice =
  /** All that are under way for so long. */
  | { readonly by: "age"; readonly minAgeMs: number }
  /**
   * Those that gave the cell the work of the last `windowMs`, in which it used `usedMs` of CPU time. Younger ones than
   * `minAgeMs` came when it was at it already.
   */
  | {
      readonly by: "use";
      readonly minAgeMs: number;
      readonly windowMs: number;
      readonly usedMs: number;
      /** What a request or a message may use, in ms, and a MiB that is carried. */
      readonly requestMs: number;
      readonly mibMs: number;
    }
  /** Those of which the cell may hold so many bytes: bodies that it was given. */
  | { readonly by: "held"; readonly minBytes: number }
  /** Those that carried so many bytes in the last `windowMs`. */
  | { readonly by: "carried"; readonly windowMs: number; readonly minBytes: number };
