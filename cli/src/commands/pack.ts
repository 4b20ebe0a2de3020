import { resolve } from "node:path";
import { writeCar } from "@worker3/sdk/node";
import { argument, defineCommand, eitherFlag, flag, option } from "../command.ts";
import { rememberedSpa } from "../project/rememberedSpa.ts";
import { packProject } from "../upload/packProject.ts";

/** `worker3 pack dir [-o F]` */
export const pack = defineCommand({
  name: "pack",
  summary: "makes a deployment folder or project into a CAR and tells its CID",
  description:
    "Bundles a project and packs it, as deploy does. Asks no network and needs no key: the same project has the same CID wherever it is packed.",
  arguments: { directory: argument("<dir>", "the project's folder") },
  options: {
    output: option("-o, --output <file>", "where the CAR goes; without it only the CID is told"),
    env: option("-e, --env <name>", "an environment of the wrangler configuration"),
    spa: eitherFlag(
      "--spa",
      "of a folder of files: index.html answers every address without one; default: as the folder remembers",
    ),
    trial: flag("--trial", "start it once here, as deploy does, to see whether it starts on nodes"),
  },
  examples: ["worker3 pack .", "worker3 pack . --trial", "worker3 pack dist -o site.car"],
  async run(context, { directory, output, env, spa: saidSpa, trial }) {
    const { signal } = context;
    const spa = await rememberedSpa(context, saidSpa, { directory, environment: env });
    using progress = context.progress("Reading the project");
    await using packed = await packProject({
      directory,
      environment: env,
      spa,
      signal,
      onProgress: (text) => progress.update(text),
      trial,
    });
    const { car, files, workerBytes, timings, notices } = packed;
    const file = output === undefined ? undefined : resolve(output);
    if (file !== undefined) await writeCar(file, car.open(signal), { signal });
    progress.done();
    for (const notice of notices) context.note(notice);
    context.out(
      { cid: car.cid, bytes: car.bytes, files, workerBytes, file, notices, timings },
      `${car.cid}\n${files} files, ${car.bytes} bytes${file === undefined ? "" : ` in ${file}`}`,
    );
  },
});
