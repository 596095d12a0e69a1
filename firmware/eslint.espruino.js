/**
 * The language of a post: what the Espruino interpreter (2v29) does not have, or has and gets wrong without a word.
 * One entry for each form, with the reason. Simulators run on Node and are free of it.
 */

const MISSING = "Espruino does not have it";
const WRONG = "Espruino gets it wrong without an error";

/** Globals that the interpreter lacks. */
const GLOBALS =
  "Map|Set|WeakMap|WeakSet|WeakRef|Symbol|Reflect|Proxy|BigInt|TextEncoder|TextDecoder|RangeError|structuredClone|queueMicrotask";

/** Members of built-in objects that the interpreter lacks. */
const STATICS = {
  Array: "from|of|prototype",
  Number: "isInteger|isSafeInteger|EPSILON|MAX_SAFE_INTEGER|MIN_SAFE_INTEGER",
  Math: "trunc|imul|fround|clz32|log2|log10|hypot|cbrt",
  Object: "freeze|isFrozen|hasOwn",
  Promise: "race|any|allSettled",
  Date: "UTC",
  String: "raw|fromCodePoint",
};

/** Methods that the interpreter lacks on every kind of value that would have them. */
const METHODS =
  "flat|flatMap|at|reduceRight|findLast|findLastIndex|copyWithin|codePointAt|normalize|matchAll|trimStart|trimEnd|" +
  "toPrecision|finally|toSorted|toReversed|toSpliced|with";

/** `no-restricted-syntax` entries. */
export const ESPRUINO_SYNTAX = [
  ["AssignmentPattern", `Default values: ${MISSING}.`],
  ["RestElement", `Rest parameters: ${MISSING}.`],
  ["SpreadElement", `Spread: ${MISSING}.`],
  ["ObjectPattern", `Destructuring: ${MISSING}.`],
  ["ArrayPattern", `Destructuring: ${MISSING}.`],
  [":function[async=true]", `async functions: ${MISSING}, and what replaces them takes kilobytes.`],
  [":function[generator=true]", `Generators: ${MISSING}.`],
  ["ChainExpression", `Optional chaining: ${MISSING}.`],
  ["ClassDeclaration", `Classes: fields do not see "this", super recurses for ever. Use a closure.`],
  ["ClassExpression", `Classes: fields do not see "this", super recurses for ever. Use a closure.`],
  ["LabeledStatement", `Labels: ${MISSING}.`],
  ["TaggedTemplateExpression", `Tagged templates: ${MISSING}.`],
  ["MetaProperty", `new.target and import.meta: ${MISSING}.`],
  ["ImportExpression", `import(): ${MISSING}.`],
  ["Property[computed=true]", `Computed keys: ${MISSING}.`],
  ["Literal[bigint]", `BigInt: ${MISSING}.`],
  ["BinaryExpression[operator='**']", `The ** operator: ${MISSING}. Use Math.pow.`],
  ["AssignmentExpression[operator=/^(\\*\\*|\\?\\?|\\|\\||&&)=$/]", `This assignment operator: ${MISSING}.`],
  ["VariableDeclaration[kind='var']", `var is not hoisted: reading before it is an error. Use const or let.`],
  [
    ":matches(ForStatement, ForInStatement, ForOfStatement, WhileStatement, DoWhileStatement) :function",
    `A function made in a loop: ${WRONG}, all of them see the last value. Use forEach or map.`,
  ],
  [
    "AssignmentExpression[operator='+='] > MemberExpression.right[computed=true]",
    `Adding s[i] to a string: ${WRONG}, a byte above 7F becomes two (UTF-8). Use substr; for numbers write n = n + a[i].`,
  ],
  ["CallExpression[callee.property.name='charAt']", `charAt: ${WRONG}, as s[i] added to a string. Use substr.`],
  ["Identifier[name='arguments']", `arguments is empty inside arrow functions: ${WRONG}. Name the parameters.`],
  [
    "CallExpression[callee.property.name='toFixed']:not([arguments.0.value=0])",
    `toFixed does not carry when it rounds: ${WRONG}. Round to a whole number (wire/pack.ts, decimal).`,
  ],
  [
    ":matches(AssignmentExpression > MemberExpression.left, UpdateExpression > MemberExpression.argument)[property.name='length']",
    "Setting a length throws on Espruino. Use splice.",
  ],
  [
    "Literal[regex.pattern=/\\(\\?|\\{\\d|\\\\[1-9]|[*+?}]\\?/]",
    `Lookaround, groups with ?, counts, back references, lazy quantifiers: ${WRONG}, they never match.`,
  ],
  ["Literal[regex.flags=/[msuyvd]/]", `This regular expression flag: ${WRONG}.`],
  ["CallExpression[callee.name='encodeURIComponent']", `encodeURIComponent: ${WRONG} for other than ASCII.`],
  [`NewExpression[callee.name=/^(${GLOBALS})$/]`, `This global: ${MISSING}.`],
  [`CallExpression[callee.name=/^(${GLOBALS})$/]`, `This global: ${MISSING}.`],
  [`MemberExpression[object.name=/^(${GLOBALS})$/]`, `This global: ${MISSING}.`],
  ...Object.entries(STATICS).map(([object, members]) => [
    `MemberExpression[object.name='${object}'][property.name=/^(${members})$/]`,
    `This member of ${object}: ${MISSING}.`,
  ]),
  [`CallExpression[callee.property.name=/^(${METHODS})$/]`, `This method: ${MISSING}.`],
  [
    "CallExpression[callee.property.name=/^getUTC/]",
    `Date.getUTC…: the stable release 2v29 does not have it. Count in milliseconds.`,
  ],
].map(([selector, message]) => ({ selector, message }));

/** Flat config for the post's own code. Needs the plugin of typescript-eslint. */
export default [
  {
    files: ["firmware/**/*.ts"],
    ignores: ["firmware/**/sim.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExportNamedDeclaration > VariableDeclaration[kind='let']",
          message: "No module-level mutable state.",
        },
        ...ESPRUINO_SYNTAX,
      ],
      // Functions are not hoisted either: a declaration must stand above its first use.
      "no-use-before-define": "off",
      "@typescript-eslint/no-use-before-define": [
        "error",
        { functions: true, classes: true, variables: false, typedefs: false, ignoreTypeReferences: true },
      ],
    },
  },
];
