/**
 * The library of the language as the Espruino interpreter has it (2v29): what is not declared here does not compile for
 * a post. Hand-written, and kept to what the firmware uses or may use; hardware globals are in node/board.ts alone.
 * Forms that exist and give wrong results are left out as well: toPrecision, the rounding of toFixed with decimals,
 * `length = 0`, Symbol, Map, Set, Array.from.
 */

interface Object {
  hasOwnProperty(name: string): boolean;
  toString(): string;
}
interface ObjectConstructor {
  keys(value: object): string[];
  assign<T extends object, U extends object, V extends object>(target: T, first: U, second: V): T & U & V;
}
declare const Object: ObjectConstructor;

interface Function {
  readonly length: number;
}
interface CallableFunction extends Function {
  call<T, A extends unknown[], R>(this: (this: T, ...args: A) => R, self: T, ...args: A): R;
}
interface NewableFunction extends Function {
  readonly length: number;
}
interface IArguments {
  readonly length: number;
}
interface Boolean {
  valueOf(): boolean;
}
interface RegExp {
  test(text: string): boolean;
}
interface Error {
  message: string;
}
interface ErrorConstructor {
  new (message?: string): Error;
}
declare const Error: ErrorConstructor;

interface String {
  readonly length: number;
  readonly [index: number]: string;
  charCodeAt(index: number): number;
  indexOf(part: string, from?: number): number;
  lastIndexOf(part: string): number;
  substr(from: number, length?: number): string;
  substring(from: number, to?: number): string;
  slice(from: number, to?: number): string;
  split(separator: string): string[];
  trim(): string;
  toUpperCase(): string;
  toLowerCase(): string;
  startsWith(part: string): boolean;
  endsWith(part: string): boolean;
}
interface StringConstructor {
  fromCharCode(...codes: number[]): string;
}
declare const String: StringConstructor;

interface Number {
  toString(radix?: number): string;
  /** Truncates instead of rounding: only for numbers that are whole already. */
  toFixed(decimals: 0): string;
}
interface NumberConstructor {
  readonly MAX_VALUE: number;
}
declare const Number: NumberConstructor;
declare const NaN: number;
declare const Infinity: number;
declare function parseInt(text: string, radix?: number): number;
declare function parseFloat(text: string): number;
declare function isNaN(value: number): boolean;
declare function isFinite(value: number): boolean;

interface Math {
  readonly PI: number;
  abs(x: number): number;
  ceil(x: number): number;
  floor(x: number): number;
  /** Half away from zero. */
  round(x: number): number;
  min(...values: number[]): number;
  max(...values: number[]): number;
  pow(x: number, y: number): number;
  sqrt(x: number): number;
  exp(x: number): number;
  log(x: number): number;
  sin(x: number): number;
  cos(x: number): number;
  tan(x: number): number;
  asin(x: number): number;
  acos(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  random(): number;
}
declare const Math: Math;

interface JSON {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}
declare const JSON: JSON;

interface Array<T> {
  readonly length: number;
  [index: number]: T;
  push(...items: T[]): number;
  pop(): T | undefined;
  shift(): T | undefined;
  unshift(...items: T[]): number;
  splice(start: number, count: number, ...items: T[]): T[];
  slice(from?: number, to?: number): T[];
  concat(other: T[]): T[];
  join(separator: string): string;
  indexOf(item: T): number;
  includes(item: T): boolean;
  reverse(): T[];
  sort(compare: (a: T, b: T) => number): T[];
  forEach(fn: (item: T, index: number) => void): void;
  map<U>(fn: (item: T, index: number) => U): U[];
  filter(fn: (item: T, index: number) => boolean): T[];
  find(fn: (item: T, index: number) => boolean): T | undefined;
  findIndex(fn: (item: T, index: number) => boolean): number;
  some(fn: (item: T, index: number) => boolean): boolean;
  every(fn: (item: T, index: number) => boolean): boolean;
  reduce<U>(fn: (sum: U, item: T, index: number) => U, start: U): U;
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
}
interface ArrayConstructor {
  isArray(value: unknown): boolean;
}
declare const Array: ArrayConstructor;

interface ArrayBuffer {
  readonly byteLength: number;
}
interface TypedArray {
  readonly length: number;
  [index: number]: number;
  indexOf(item: number): number;
  reduce(fn: (sum: number, item: number, index: number) => number, start: number): number;
}
interface TypedArrayConstructor<T> {
  new (from: number | ArrayBuffer | number[]): T;
}
interface Uint8Array extends TypedArray {
  readonly BYTES_PER_ELEMENT: number;
}
interface Uint16Array extends TypedArray {
  readonly BYTES_PER_ELEMENT: number;
}
interface Uint32Array extends TypedArray {
  readonly BYTES_PER_ELEMENT: number;
}
interface Float32Array extends TypedArray {
  readonly BYTES_PER_ELEMENT: number;
}
interface Float64Array extends TypedArray {
  readonly BYTES_PER_ELEMENT: number;
}
declare const Uint8Array: TypedArrayConstructor<Uint8Array>;
declare const Uint16Array: TypedArrayConstructor<Uint16Array>;
declare const Uint32Array: TypedArrayConstructor<Uint32Array>;
declare const Float32Array: TypedArrayConstructor<Float32Array>;
declare const Float64Array: TypedArrayConstructor<Float64Array>;

interface DataView {
  getFloat32(offset: number, littleEndian?: boolean): number;
  setUint8(offset: number, value: number): void;
}
interface DataViewConstructor {
  new (buffer: ArrayBuffer): DataView;
}
declare const DataView: DataViewConstructor;

type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Partial<T> = { [P in keyof T]?: T[P] };
type Record<K extends string, T> = { [P in K]: T };
