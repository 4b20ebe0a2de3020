export { ManifestError, type ManifestIssue } from "./errors.ts";
export { fromWrangler, type WranglerConfig } from "./fromWrangler.ts";
export { isHomed } from "./isHomed.ts";
export { MAX_MANIFEST_BYTES, parseManifest } from "./parseManifest.ts";
export { type Deployment, readDeployment } from "./readDeployment.ts";
export { type Binding, type Manifest, MODULE_TYPES, type ModuleType } from "./schema.ts";
export { serializeManifest } from "./serializeManifest.ts";
export { envNames, type Use, usesOf } from "./uses.ts";
export { validateDeployment } from "./validateDeployment.ts";
