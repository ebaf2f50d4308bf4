import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ROOMS = ['domain', 'workflows', 'activities', 'db', 'service', 'api', 'web', 'worker', 'runtime'];
const options: ts.TranspileOptions = {
  compilerOptions: {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.ReactJSX,
    jsxImportSource: 'hono/jsx',
    verbatimModuleSyntax: true,
  },
};

/**
 * Worker and API as `npm run build` leaves them, without the check of the types: a process that translates itself and
 * bundles its workflows takes several times longer to start, and tests and fault runs start many.
 */
export async function buildServices(folder: string, workflowBundle: string): Promise<void> {
  await mkdir(folder);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'workflow-bundle.js'), workflowBundle);
  for (const shown of ['db/migrations', 'web/assets', 'docs'])
    await cp(join(root, shown), join(folder, shown), { recursive: true });
  for (const room of ROOMS) {
    const files = await readdir(join(root, room), { recursive: true });
    await Promise.all(files.filter((file) => /\.tsx?$/.test(file)).map((file) => translate(join(room, file), folder)));
  }
}

async function translate(file: string, folder: string): Promise<void> {
  const { outputText } = ts.transpileModule(await readFile(join(root, file), 'utf8'), { ...options, fileName: file });
  const to = join(folder, file.replace(/\.tsx?$/, '.js'));
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, outputText);
}
