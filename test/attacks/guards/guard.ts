/** A guard, as text that can be taken out of its file, and the test that must then fail. */
interface Place {
  file: string;
  /** Stands exactly once in the file. */
  guard: string;
  without: string;
}

export interface Guard extends Place {
  attack: string;
  /** A second guard against the same, which alone would do. */
  also?: Place;
  /** The test file, or every test of a folder (`folder/*.test.ts`), and a part of the name of the test in it. */
  test: [file: string, name: string];
}
