import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import ts from 'typescript';
import { bundleWorkflows } from '../../worker/bundle.js';
import { CODE, filesOf, root } from './sources.js';

const SHOWN = ['db/migrations', 'web/assets', 'docs'];
const options: ts.TranspileOptions = {
  compilerOptions: {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.ReactJSX,
    jsxImportSource: 'hono/jsx',
    verbatimModuleSyntax: true,
  },
};

/** Fills an empty folder with worker and API: JavaScript, the workflows bundled, and what is shown as it is. */
export async function buildServices(folder: string): Promise<void> {
  await symlink(relative(folder, join(root, 'node_modules')), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'workflow-bundle.js'), (await bundleWorkflows(new DefaultLogger('WARN'))).code);
  for (const shown of SHOWN) await cp(join(root, shown), join(folder, shown), { recursive: true });
  for (const file of await filesOf(CODE)) if (/\.tsx?$/.test(file)) await translate(file, folder);
}

async function translate(file: string, folder: string): Promise<void> {
  const { outputText } = ts.transpileModule(await readFile(join(root, file), 'utf8'), { ...options, fileName: file });
  const to = join(folder, file.replace(/\.tsx?$/, '.js'));
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, outputText);
}
