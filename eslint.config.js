import js from '@eslint/js';
import globals from 'globals';

const rules = {
  ...js.configs.recommended.rules,
  'complexity': ['error', 15],
  'eqeqeq': 'error',
  'max-depth': ['error', 4],
  'max-lines': ['error', 500],
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
};

export default [
  { ignores: ['**/*.min.js', 'build*/'] },
  { files: ['render/svg/*.js', 'render/html/*.js'], languageOptions: { globals: globals.browser }, rules },
  { files: ['render/html/run.js'], languageOptions: { sourceType: 'script', globals: { begin: 'readonly' } } },
  { files: ['render/svg/run.js'], languageOptions: { sourceType: 'script', globals: { begin: 'readonly', kind: 'readonly' } } },
  { files: ['tests/browser/**/*.mjs', 'bench/browser', 'render/gen/*.mjs', '*.js'], languageOptions: { globals: { ...globals.node, ...globals.browser } }, rules },
];
