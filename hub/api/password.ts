import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** Parameters of scrypt (RFC 7914). */
export interface Cost {
  N: number;
  r: number;
  p: number;
}

/**
 * Cost of one hash: 2^15 × 8 × 128 B = 32 MiB, three passes. One of the equivalent settings that OWASP's password
 * storage cheat sheet gives for scrypt; chosen because it fits a small gateway's memory.
 */
export const COST: Cost = { N: 1 << 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SHORTEST = 12;
const LONGEST = 200;

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const options = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** `scrypt$N$r$p$salt$key`, salt and key in base64url. The cost is kept with the hash, so that it can be raised later. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** True if the password made this hash. Takes as long for a wrong password as for the right one. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = hash.split("$");
  if (scheme !== "scrypt") return false;
  const wanted = Buffer.from(key, "base64url");
  const found = await derive(password, Buffer.from(salt, "base64url"), { N: Number(N), r: Number(r), p: Number(p) });
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}

/** Why a new password will not do, or null. Length is what counts; no rules about its letters (NIST SP 800-63B). */
export function passwordFault(password: string): "too-short" | "too-long" | null {
  const length = [...password].length;
  return length < SHORTEST ? "too-short" : length > LONGEST ? "too-long" : null;
}

/** A password for a person to type once: 20 letters and digits (over 100 bits) without look-alikes, in groups of five. */
export function makePassword(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789".repeat(8); // 248 of 256: the rest is drawn again, so that all are equally likely
  const out: string[] = [];
  while (out.length < 20) for (const byte of randomBytes(20)) if (byte < letters.length) out.push(letters[byte]);
  return [0, 5, 10, 15].map((at) => out.slice(at, at + 5).join("")).join("-");
}
