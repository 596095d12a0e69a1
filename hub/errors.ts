/**
 * A bad set-up: stops what it concerns, and tells a person what, where and how to mend it. A bad reading is never an
 * exception (it is a value with a fault).
 */
export class SetupError extends Error {
  readonly code: string;
  readonly remedy: string;

  /**
   * @param code    stable name, upper case: `CONFIG_INVALID`
   * @param message what is wrong and where
   * @param remedy  what the person can do about it
   */
  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SetupError";
    this.code = code;
    this.remedy = remedy;
  }
}

/** The disk has no room for this line. Nothing is acknowledged, and nothing else is wrong: the board sends it again. */
export class NoRoom extends Error {
  constructor(options?: ErrorOptions) {
    super("no room on the disk for packs that cannot raise a closure", options);
    this.name = "NoRoom";
  }
}
