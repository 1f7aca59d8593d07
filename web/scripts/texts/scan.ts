/**
 * Reads the client's sources with the TypeScript compiler: which keys of the
 * catalogue they use, by the types of what `t` is given, and which texts they
 * hold that ought to be in the catalogue.
 */
import { dirname, relative, resolve } from "node:path";
import ts from "typescript";

/** A use of a key: `domains` has several members where `t` was passed on. */
export type Use = { file: string; line: number; domains: readonly string[]; key: string };
export type Fault = { file: string; line: number; what: string; text: string };
export type Scan = { uses: Use[]; faults: Fault[] };

const letters = /\p{L}/u;
/** Attributes and properties whose value is read or heard by a person. */
const spoken = new Set(["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt", "label", "help", "intro", "detail", "head", "word", "text", "action", "over"]);
/** Functions that say their first argument to a person. */
const sayers = new Set(["toast", "announce", "useHeading", "alert", "confirm", "prompt"]);
/** What may stand in a page in any language. */
const names = new Set(["Préau", "CSV", "ODS", "JSON", "Français", "English"]);
/** What stands in these is typed as it is, in any language. */
const literally = new Set(["code", "kbd", "pre", "samp"]);

/** A program of the client's own sources, with files that a test adds. */
export function programOf(root: string, added: Readonly<Record<string, string>> = {}): ts.Program {
  const config = ts.readConfigFile(resolve(root, "tsconfig.json"), ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const planted = new Map(Object.entries(added).map(([path, text]) => [resolve(root, path), text]));
  const host = ts.createCompilerHost(parsed.options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (path) => planted.has(path) || fileExists(path);
  host.readFile = (path) => planted.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = planted.get(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, rest[0], true);
  };
  return ts.createProgram([...parsed.fileNames, ...planted.keys()], parsed.options, host);
}

/** Scans the sources below `src`, tests and generated types aside. */
export function scan(program: ts.Program, root: string): Scan {
  const checker = program.getTypeChecker();
  const found: Scan = { uses: [], faults: [] };
  const src = resolve(root, "src");
  const files = program.getSourceFiles().filter((f) => f.fileName.startsWith(src) && !/\.test\.tsx?$|\.d\.ts$/.test(f.fileName));
  const asked = domainsAsked(files);
  for (const file of files) {
    const at = (node: ts.Node) => ({ file: relative(root, file.fileName), line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1 });
    const fault = (node: ts.Node, what: string) => found.faults.push({ ...at(node), what, text: node.getText(file).slice(0, 80) });
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) call(node);
      if (file.fileName.endsWith(".tsx")) spokenBy(node, fault);
      ts.forEachChild(node, visit);
    };
    const call = (node: ts.CallExpression) => {
      const first = node.arguments[0];
      if (!first || !isTranslator(checker, node.expression)) return;
      const domains = domainsOf(checker, node.expression) ?? asked.get(dirname(file.fileName)) ?? [];
      const keys = textsOf(checker, first);
      if (keys === null) fault(node, "the key is not exact: give it a type that lists its values");
      else if (domains.length === 0) fault(node, "no useT gives this function");
      else for (const key of keys) found.uses.push({ ...at(node), domains, key });
    };
    visit(file);
  }
  return found;
}

/** The domains that useT asks for, by folder: for a `t` that came as an argument. */
function domainsAsked(files: readonly ts.SourceFile[]): Map<string, string[]> {
  const asked = new Map<string, string[]>();
  const visit = (folder: string, node: ts.Node): void => {
    const domain = ts.isCallExpression(node) ? askedBy(node) : null;
    if (domain) asked.set(folder, [...new Set([...(asked.get(folder) ?? []), domain])]);
    ts.forEachChild(node, (child) => visit(folder, child));
  };
  for (const file of files) visit(dirname(file.fileName), file);
  return asked;
}

function askedBy(node: ts.Expression): string | null {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== "useT") return null;
  const domain = node.arguments[0];
  return domain && ts.isStringLiteral(domain) ? domain.text : null;
}

/** Whether the expression is of the type T of the catalogue. */
function isTranslator(checker: ts.TypeChecker, node: ts.Expression): boolean {
  const alias = checker.getTypeAtLocation(node).aliasSymbol;
  return alias?.name === "T" && (alias.declarations ?? []).some((d) => d.getSourceFile().fileName.endsWith("/src/i18n/catalogue.ts"));
}

/** The domain of `const t = useT("domain")`, or null when t came from elsewhere. */
function domainsOf(checker: ts.TypeChecker, node: ts.Expression): string[] | null {
  const direct = askedBy(node);
  if (direct) return [direct];
  for (const declaration of checker.getSymbolAtLocation(node)?.declarations ?? []) {
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) continue;
    const domain = askedBy(declaration.initializer);
    if (domain) return [domain];
  }
  return null;
}

/** Every text that the expression can be, or null when its type does not say. */
function textsOf(checker: ts.TypeChecker, node: ts.Expression): string[] | null {
  if (ts.isTemplateExpression(node)) {
    let texts = [node.head.text];
    for (const span of node.templateSpans) {
      const parts = textsOf(checker, span.expression);
      if (parts === null) return null;
      texts = texts.flatMap((before) => parts.map((part) => before + part + span.literal.text));
    }
    return texts;
  }
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) return textsOf(checker, node.expression);
  if (ts.isConditionalExpression(node)) return both(checker, node.whenTrue, node.whenFalse);
  if (ts.isBinaryExpression(node) && /^(\?\?|\|\|)$/.test(node.operatorToken.getText())) return both(checker, node.left, node.right);
  const type = checker.getTypeAtLocation(node);
  const types = type.isUnion() ? type.types : [type];
  const texts = types.map((t) => (t.isStringLiteral() || t.isNumberLiteral() ? String(t.value) : null));
  return texts.every((text) => text !== null) ? texts : declaredTexts(checker, node);
}

function both(checker: ts.TypeChecker, one: ts.Expression, other: ts.Expression): string[] | null {
  const [a, b] = [textsOf(checker, one), textsOf(checker, other)];
  return a && b && [...a, ...b];
}

/** The texts of a constant, or of what is looked up in a table: `keys[kind]`, `words[kind].title`. */
function declaredTexts(checker: ts.TypeChecker, node: ts.Expression): string[] | null {
  let values: ts.Expression[] = [];
  if (ts.isIdentifier(node)) {
    const value = initializer(checker, node);
    if (value) values = [value];
  } else if (ts.isElementAccessExpression(node)) {
    values = objectsOf(checker, node.expression).flatMap((object) => properties(object));
  } else if (ts.isPropertyAccessExpression(node)) {
    values = objectsOf(checker, node.expression).flatMap((object) => properties(object, node.name.text));
  }
  const texts = values.map((value) => textsOf(checker, value));
  return texts.length > 0 && texts.every((list) => list !== null) ? texts.flat() : null;
}

/** The object literals that the expression may be. */
function objectsOf(checker: ts.TypeChecker, node: ts.Expression): ts.ObjectLiteralExpression[] {
  if (ts.isObjectLiteralExpression(node)) return [node];
  if (ts.isElementAccessExpression(node)) {
    return objectsOf(checker, node.expression).flatMap((object) => properties(object).flatMap((value) => objectsOf(checker, value)));
  }
  const value = ts.isIdentifier(node) ? initializer(checker, node) : null;
  return value ? objectsOf(checker, value) : [];
}

function properties(object: ts.ObjectLiteralExpression, name?: string): ts.Expression[] {
  return object.properties.flatMap((p) => (ts.isPropertyAssignment(p) && (name === undefined || p.name.getText() === name) ? [p.initializer] : []));
}

function initializer(checker: ts.TypeChecker, node: ts.Expression): ts.Expression | null {
  let symbol = checker.getSymbolAtLocation(node);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return null;
  let value = declaration.initializer ?? null;
  while (value && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value))) value = value.expression;
  return value;
}

/** Notes the texts of a node that a person would read or hear. */
function spokenBy(node: ts.Node, fault: (node: ts.Node, what: string) => void): void {
  const what = "a text that belongs in the catalogue";
  const check = (value: ts.Expression | undefined) => {
    for (const literal of literals(value)) if (isText(literal.text)) fault(literal, what);
  };
  if (ts.isJsxText(node)) {
    if (isText(node.text) && !isLiteral(node.parent)) fault(node, what);
  } else if (ts.isJsxExpression(node) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))) {
    check(node.expression);
  } else if (ts.isJsxAttribute(node) && spoken.has(node.name.getText())) {
    const value = node.initializer;
    check(value && ts.isJsxExpression(value) ? value.expression : value && ts.isStringLiteral(value) ? value : undefined);
  } else if (ts.isPropertyAssignment(node) && spoken.has(node.name.getText().replace(/["']/g, ""))) {
    // A property may also be a key of the catalogue or an id: words have a capital or a space.
    for (const literal of literals(node.initializer)) if (isText(literal.text) && /\p{Lu}|\s/u.test(literal.text)) fault(literal, what);
  } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && sayers.has(node.expression.text)) {
    check(node.arguments[0]);
  }
}

function isLiteral(element: ts.Node): boolean {
  return ts.isJsxElement(element) && literally.has(element.openingElement.tagName.getText());
}

type Literal = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail;

/** The literals that an expression may give as it is: through conditions, not through calls. */
function literals(node: ts.Expression | undefined): Literal[] {
  if (!node) return [];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node];
  if (ts.isTemplateExpression(node)) return [node.head, ...node.templateSpans.map((span) => span.literal)];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return literals(node.expression);
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...literals(node.left), ...literals(node.right)].filter((l) => !isCompared(l));
  return [];
}

function isCompared(node: ts.Node): boolean {
  return ts.isBinaryExpression(node.parent) && /^[!=]==?$/.test(node.parent.operatorToken.getText());
}

function isText(text: string): boolean {
  return letters.test(text) && !names.has(text.replace(/[^\p{L} ]/gu, "").trim());
}
