import type { ErrorTexts } from "./ErrorText.ts";

const DOMAIN = "write it in lower case: letters, digits, hyphens and dots, like shop.example.org";
const NAME = "choose another name";
const CID = "take the CID that worker3 pack prints";

/** Errors about domains and about CIDs. */
export const nameTexts: ErrorTexts = {
  DomainLength: {
    message: "The domain has {length} characters; 3 to 253 can be.",
    value: "domain",
    next: DOMAIN,
  },
  DomainCharacter: {
    message:
      "Byte {index} of the domain, counted from 0, is not a lower-case letter, a digit, a hyphen or a dot.",
    value: "domain",
    next: DOMAIN,
  },
  DomainLabel: {
    message:
      "The label that ends before byte {index}, counted from 0, is empty, longer than 63, or has a hyphen at its start or end.",
    value: "domain",
    next: DOMAIN,
  },
  DomainTopLevel: {
    message: "The domain has no dot, or its last label is a number.",
    value: "domain",
    next: DOMAIN,
  },
  ZoneDepth: {
    message: "Below the zone exactly one label can be claimed: not the zone itself and nothing deeper.",
    value: "domain",
    next: NAME,
  },
  ZoneLabelLength: {
    message: "A name of the zone has 3 to 63 characters before the zone, not {length}.",
    value: "domain",
    next: NAME,
  },
  ZonePunycode: {
    message:
      "A name of the zone has no hyphens at its third and fourth place, which would announce punycode.",
    value: "domain",
    next: NAME,
  },
  NameReserved: { message: "The network needs the name {domain} itself.", value: "domain", next: NAME },
  NameTaken: {
    message: "The name belongs to a project of {owner}.",
    value: "owner",
    next: "choose another name, or use the key of its owner or of a delegate",
  },
  NameResting: {
    message: "The name {domain} was given up: until epoch {lastEpoch} only its last owner may claim it.",
    value: "domain",
    next: "choose another name, or wait until epoch {lastEpoch} has passed",
  },
  NameFree: {
    message: "No project holds the name {domain}.",
    value: "domain",
    next: "deploy to it: worker3 deploy <dir> --domain {domain}",
  },
  NotInZone: { message: "{domain} is no name of the zone, so it does not lapse.", value: "domain" },
  NotLapsed: {
    message:
      "The project at {domain} has {balance:amount} of the {budget:amount} that an epoch may cost, or changed less than 90 epochs ago; the name can lapse after epoch {lastEpoch}.",
    value: "domain",
    next: "try again after epoch {lastEpoch}",
  },
  TooManyDomains: {
    message: "Project {projectId} has its 32 domains.",
    value: "projectId",
    next: "worker3 domains remove {projectId} <domain>",
  },
  DomainNotClaimed: {
    message: "Project {projectId} does not hold {domain}.",
    value: "domain",
    next: "worker3 domains list {projectId}",
  },
  ProveByTxt: {
    message: "{domain} lies outside the zone: its DNS says whose it is.",
    value: "domain",
    next: "name the project too, or read the TXT record at _worker3.{domain}",
  },
  CidLength: { message: "The CID has {length} characters instead of 59.", value: "cid", next: CID },
  CidPrefix: {
    message: "The CID does not start with {expected}: it is of another version, codec, hash or base.",
    value: "cid",
    next: CID,
  },
  CidCharacter: {
    message: "Byte {index} of the CID, counted from 0, is none of a-z and 2-7.",
    value: "cid",
    next: CID,
  },
  CidNotCanonical: { message: "The CID has bits that belong to no digest.", value: "cid", next: CID },
};
