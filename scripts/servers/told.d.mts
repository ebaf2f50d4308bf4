/// <reference types="node" />
export function isOfMachine(name: string): boolean;
export function isOfNode(name: string): boolean;
/** What a program is started with that fetches, builds or looks something up, or shows a page: no secret of ours. */
export function toolsEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
export function only(env: NodeJS.ProcessEnv, isWanted: (name: string) => boolean): NodeJS.ProcessEnv;
