import tseslint from "typescript-eslint";
import espruino from "./firmware/eslint.espruino.js";

export default tseslint.config(
  { ignores: ["build", "node_modules", "**/*.cjs", "firmware/espruino.d.ts", "**/testdata/**", "**/fixtures/**"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
      eqeqeq: "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExportNamedDeclaration > VariableDeclaration[kind='let']",
          message: "No module-level mutable state.",
        },
      ],
    },
  },
  ...espruino,
);
