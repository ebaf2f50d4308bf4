import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { EphemeralServerExecutable } from '@temporalio/testing';
import { Failure } from '../../runtime/failure.js';
import { cacheFolder, isFile, onPath } from './cache.js';
import { fetchServer } from './temporal.js';
import { runTool } from './tools.js';

const VERSION = '1.33.0';
const folder = cacheFolder(`temporal-test-server-${VERSION}`);
const downloads = cacheFolder('temporal-test-server-download');

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>test-server</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** The server whose time runs ahead: from our cache, the SDK's download, or Maven with Java. */
export async function findTimeSkippingServer(say: (line: string) => void): Promise<EphemeralServerExecutable> {
  const wrapper = join(folder, 'server.sh');
  if (await isFile(wrapper)) return { type: 'existing-path', path: wrapper };
  const download: EphemeralServerExecutable = { type: 'cached-download', downloadDir: downloads };
  if ((await readdir(downloads).catch(() => [])).length > 0) return download;
  say("Fetching Temporal's time-skipping test server ...");
  try {
    await fetchServer('timeSkipping', downloads);
    return download;
  } catch {
    say('It could not be downloaded; fetching it with Maven.');
  }
  return { type: 'existing-path', path: await fromMaven(wrapper) };
}

async function fromMaven(wrapper: string): Promise<string> {
  const [maven, java] = await Promise.all([onPath('mvn'), onPath('java')]);
  if (!maven || !java)
    throw new Failure(
      "The tests need Temporal's test server, which needs Maven and Java where it cannot be downloaded.",
    );
  const building = `${folder}-${process.pid}`;
  await mkdir(building, { recursive: true });
  try {
    await writeFile(join(building, 'pom.xml'), pom);
    await runTool(maven, ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=jars'], { cwd: building });
    const classpath = (await readdir(join(building, 'jars'))).map((jar) => join(folder, 'jars', jar)).join(delimiter);
    const script = `#!/bin/sh\nexec '${java}' -cp '${classpath}' io.temporal.testserver.TestServer "$@"\n`;
    await writeFile(join(building, 'server.sh'), script);
    await chmod(join(building, 'server.sh'), 0o755);
    await rename(building, folder);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return wrapper;
}
