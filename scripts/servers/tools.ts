import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { toolsEnvironment } from './told.mjs';

const run = promisify(execFile);

type More = {
  readonly cwd?: string;
  /** Beside what tools are told. */
  readonly env?: NodeJS.ProcessEnv;
};

/** Runs a program of others to its end. @throws Error with its `stderr` when it fails */
export function runTool(program: string, args: readonly string[], { cwd, env = {} }: More = {}) {
  return run(program, args, { cwd, env: { ...toolsEnvironment(process.env), ...env }, maxBuffer: 1e8 });
}
