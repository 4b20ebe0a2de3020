import type * as z from "zod/mini";
import { MANIFEST_PATH } from "../content/checkLayout.ts";
import type { ManifestIssue } from "./errors.ts";
import { shownPath } from "./shownPath.ts";
import { shownValue } from "./shownValue.ts";

/** What zod found, as issues with the path and the value of each. */
export function schemaIssues(error: z.core.$ZodError, input: unknown): ManifestIssue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => issueAt([...issue.path, key], "is not a key of the manifest", input));
    }
    return [issueAt(issue.path, messageOf(issue, valueAt(input, issue.path)) + afterMessage(issue), input)];
  });
}

function issueAt(path: readonly PropertyKey[], message: string, input: unknown): ManifestIssue {
  return { path: shownPath(path) || MANIFEST_PATH, message, value: shownValue(valueAt(input, path)) };
}

/** A number of another form says that content is of another time, and not what to write in its place. */
function afterMessage({ path }: z.core.$ZodIssue): string {
  return shownPath(path) === "manifest"
    ? ": content in another form is not served; deploy the project again"
    : "";
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return "is missing";
  switch (issue.code) {
    case "invalid_value":
      return `must be ${issue.values.map((each) => JSON.stringify(each)).join(" or ")}`;
    case "invalid_union":
      return `must be ${alternativesOf(issue)}`;
    case "invalid_type":
      return issue.expected === "int" ? "must be a whole number" : `must be of type ${issue.expected}`;
    case "invalid_key":
      return issue.issues[0]?.message ?? issue.message;
    default:
      return issue.message;
  }
}

function alternativesOf(issue: z.core.$ZodIssueInvalidUnion): string {
  if ("options" in issue && Array.isArray(issue.options)) {
    return issue.options.map((option) => JSON.stringify(option)).join(" or ");
  }
  return issue.errors
    .map(([first]) =>
      first?.code === "invalid_type" ? first.expected : (first?.message ?? "something else"),
    )
    .join(" or ");
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
