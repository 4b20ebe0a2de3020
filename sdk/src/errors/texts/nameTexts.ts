import type { ErrorTexts } from "./ErrorText.ts";

const DOMAIN = "write it in lower case: letters, digits, hyphens and dots, like shop.example.org";
const NAME = "choose another name";
const CID = "take the CID that worker3 pack prints";

/** Errors of the name registry, about domains and about CIDs. */
export const nameTexts: ErrorTexts = {
  DomainHasWrongLength: {
    message: "The domain has {length} characters; 3 to 253 can be.",
    value: "domain",
    next: DOMAIN,
  },
  DomainHasWrongCharacter: {
    message:
      "Byte {index} of the domain, counted from 0, is not a lower-case letter, a digit, a hyphen or a dot.",
    value: "domain",
    next: DOMAIN,
  },
  DomainHasWrongLabel: {
    message:
      "The label that ends before byte {index}, counted from 0, is empty, longer than 63, or has a hyphen at its start or end.",
    value: "domain",
    next: DOMAIN,
  },
  DomainHasNoTopLevel: {
    message: "The domain has no dot, or its last label is a number.",
    value: "domain",
    next: DOMAIN,
  },
  NotOneLabelBelowZone: {
    message: "Below the zone exactly one label can be claimed: not the zone itself and nothing deeper.",
    value: "domain",
    next: NAME,
  },
  ZoneLabelHasWrongLength: {
    message: "A name of the zone has 3 to 63 characters before the zone, not {length}.",
    value: "domain",
    next: NAME,
  },
  ZoneLabelLooksLikePunycode: {
    message:
      "A name of the zone has no hyphens at its third and fourth place, which would announce punycode.",
    value: "domain",
    next: NAME,
  },
  NameIsReserved: { message: "The network needs the name {domain} itself.", value: "domain", next: NAME },
  NameTaken: {
    message: "The name belongs to a project of {owner}.",
    value: "owner",
    next: "choose another name, or use its owner's key; a delegate names the project by its id",
  },
  NameResting: {
    message: "The name {domain} was given up: until epoch {lastEpoch} only its last owner may claim it.",
    value: "domain",
    next: "choose another name, or wait until epoch {lastEpoch} has passed",
  },
  NameIsFree: {
    message: "No project holds the name {domain}.",
    value: "domain",
    next: "deploy to it: worker3 deploy <dir> --domain {domain}",
  },
  NotInZone: { message: "{domain} is no name of the zone, so it does not lapse.", value: "domain" },
  NotLapsed: {
    message: "The name {domain} can be taken after epoch {lastEpoch}, if its project still cannot pay then.",
    value: "domain",
    next: "try again after epoch {lastEpoch}",
  },
  NotNoticed: {
    message:
      "Nobody noticed on chain that {domain} lapses, or its project got credit or other terms since then.",
    value: "domain",
    next: "call noticeLapse first, and wait 90 epochs",
  },
  AlreadyNoticed: {
    message: "That {domain} lapses was noticed in epoch {noticedAt}, and the notice stands.",
    value: "domain",
    next: "call lapse 90 epochs after it",
  },
  NoticedTooSoon: {
    message:
      "The credit or the terms of the project at {domain} changed in epoch {changedIn}, which still runs or is to come.",
    value: "domain",
    next: "try again after epoch {changedIn}",
  },
  StillFunded: {
    message:
      "The project at {domain} has {balance:amount} of credit and an epoch may cost {budget:amount}: its name does not lapse.",
    value: "domain",
    next: "choose another name",
  },
  NameKept: {
    message:
      "The network before this one has the name {domain} for {owner}: until epoch {lastEpoch} nobody else may claim it.",
    value: "domain",
    next: "choose another name, or wait until epoch {lastEpoch} has passed",
  },
  ZoneIsNoDomain: {
    message: "{zone} is no domain, so that no name below it could ever be claimed.",
    value: "zone",
    next: "name a domain in lower case, like worker3.dev",
  },
  WrongPredecessor: {
    message:
      "{predecessor} has another zone, or {keptEpochs} epochs are too many to keep its names: 90 at most, 0 without a predecessor.",
    value: "predecessor",
  },
  NotNameRegistry: { message: "Only the name registry counts domains; {caller} is not.", value: "caller" },
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
  CidHasWrongLength: { message: "The CID has {length} characters instead of 59.", value: "cid", next: CID },
  CidHasWrongPrefix: {
    message: "The CID does not start with {expected}: it is of another version, codec, hash or base.",
    value: "cid",
    next: CID,
  },
  CidHasWrongCharacter: {
    message: "Byte {index} of the CID, counted from 0, is none of a-z and 2-7.",
    value: "cid",
    next: CID,
  },
  CidIsNotCanonical: { message: "The CID has bits that belong to no digest.", value: "cid", next: CID },
};
