export { createIntent, type Intent } from "./createIntent.ts";
export {
  type Car,
  fetchPutCar,
  type PutAnswer,
  type PutCar,
  type PutCarParameters,
} from "./putCar.ts";
export {
  type ReplicaUpload,
  requireUploaded,
  type UploadCarParameters,
  UploadError,
  type UploadToReplicasParameters,
  uploadCar,
  uploadToReplicas,
} from "./uploadCar.ts";
export {
  projectStatusOrNone,
  type WaitForVersionParameters,
  waitForVersion,
} from "./waitForVersion.ts";
