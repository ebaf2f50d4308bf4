// Runs a program that must not outlive us: node leash.mjs <uid> <gid> <program> [arguments]
// It is in a process group of its own, so that Ctrl-C does not reach it; signals are passed on; when whoever started
// this is gone, even killed, standard input ends, and the program is told to stop. It knows what this was told.
import { spawn } from 'node:child_process';

const [uid, gid, program = '', ...args] = process.argv.slice(2);
const user = uid ? { uid: Number(uid), gid: Number(gid) } : {};
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env: process.env, ...user });
const stop = (signal) => child.kill(signal);
process.on('SIGINT', stop).on('SIGTERM', stop);
process.stdin
  .on('end', () => stop('SIGINT'))
  .on('error', () => stop('SIGINT'))
  .resume();
child.on('error', () => process.exit(127));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
