import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const ANYTHING = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive;

/** It is about no customer. */
const OF_NOBODY = 'web/finance/closes.tsx';
const REASON_FIELD = /<Text(?:Field|Area)\s[^>]*?name=(?:"reason"|\{AGAINST_LAW\})[^]*?\/>/g;

test('wherever a reason is typed it is said how long that stays', () => {
  const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'web/**/*.tsx'], {
    cwd: root,
    encoding: 'utf8',
  });
  const fields = pages
    .trim()
    .split('\n')
    .filter((file) => file !== OF_NOBODY)
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(REASON_FIELD)].map(([field]) => field));
  expect(fields.length).toBeGreaterThanOrEqual(4);
  expect(fields.filter((field) => !field.includes('reasonHint'))).toEqual([]);
});

test('every text of the pages is shown by one of them', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ['web'] }, ts.sys, root);
  const entry = join(root, 'web/createPages.ts');
  const program = ts.createProgram([entry], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const isOfTexts = ({ fileName }: ts.SourceFile) => dirname(fileName) === join(root, 'web/texts');
  const shown = new Set<ts.Node>();

  /** Who asks the checker of everything waits for it; what is called otherwise is no text. */
  const names = new Set<string>();
  const nameAll = (node: ts.Node): void => {
    const isProperty = ts.isPropertyAssignment(node) || ts.isPropertySignature(node) || ts.isMethodDeclaration(node);
    if (
      (isProperty || ts.isShorthandPropertyAssignment(node) || ts.isMethodSignature(node)) &&
      ts.isIdentifier(node.name)
    )
      names.add(node.name.text);
    ts.forEachChild(node, nameAll);
  };
  for (const file of program.getSourceFiles()) if (isOfTexts(file)) nameAll(file);

  const isText = (symbol: ts.Symbol) => symbol.declarations?.some((each) => isOfTexts(each.getSourceFile())) ?? false;
  const show = (symbol: ts.Symbol | undefined): void => {
    for (const each of symbol?.declarations ?? []) shown.add(each);
  };
  const showAll = (type: ts.Type): void => {
    for (const property of type.getProperties().filter(isText)) {
      show(property);
      showAll(checker.getTypeOfSymbol(property));
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && names.has(node.name.text)) {
      const symbol = checker.getSymbolAtLocation(node.name);
      show(symbol);
      if (symbol && isText(symbol) && takesAnything(node)) showAll(checker.getTypeOfSymbol(symbol));
    }
    if (ts.isIdentifier(node) && ts.isCallExpression(node.parent) && holdsTexts(node) && takesAnything(node))
      showAll(checker.getTypeAtLocation(node));
    if (ts.isObjectBindingPattern(node)) {
      const type = checker.getTypeAtLocation(node);
      for (const { propertyName, name, dotDotDotToken } of node.elements) {
        if (dotDotDotToken) showAll(type);
        else show(type.getProperty((propertyName ?? name).getText()));
      }
    }
    // By a word of a closed list.
    if (ts.isElementAccessExpression(node)) showAll(checker.getTypeAtLocation(node.expression));
    if (ts.isSpreadAssignment(node)) showAll(checker.getTypeAtLocation(node.expression));
    ts.forEachChild(node, visit);
  };
  const holdsTexts = (node: ts.Expression) => checker.getTypeAtLocation(node).getProperties().some(isText);
  /** Where any words are taken, or anything at all. */
  const takesAnything = (node: ts.Expression): boolean => {
    const wanted = checker.getContextualType(node);
    return wanted !== undefined && (wanted.getStringIndexType() !== undefined || (wanted.flags & ANYTHING) > 0);
  };
  for (const file of program.getSourceFiles())
    if (file.fileName.startsWith(join(root, 'web')) && !isOfTexts(file)) visit(file);

  const unused: string[] = [];
  const look = (type: ts.Type, path: string): void => {
    for (const property of type.getProperties().filter(isText)) {
      const below = checker.getTypeOfSymbol(property);
      const at = path === '' ? property.name : `${path}.${property.name}`;
      const isGroup = below.getProperties().some(isText);
      if (isGroup) look(below, at);
      else if (!property.declarations?.some((each) => shown.has(each))) unused.push(at);
    }
  };
  const en = program.getSourceFile(join(root, 'web/texts/en.ts'));
  const symbol = en && checker.getSymbolAtLocation(en);
  const exported = symbol && checker.getExportsOfModule(symbol).find(({ name }) => name === 'en');
  expect(exported).toBeDefined();
  if (exported) look(checker.getTypeOfSymbol(exported), '');
  expect(unused).toEqual([]);
});
