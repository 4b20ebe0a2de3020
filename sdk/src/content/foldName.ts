/**
 * A key that is equal for names which some file system takes for one: equal after Unicode normalisation and without
 * regard to case. Names themselves are stored as they are given; only two with equal keys in one directory are refused.
 *
 * JavaScript has no case folding, so: canonical decomposition, lower case, upper case, composition. This is at
 * least as coarse as Unicode's full case folding (it also joins the dotless i with i): when in doubt, a duplicate.
 */
export function foldName(name: string): string {
  return name.normalize("NFD").toLowerCase().toUpperCase().normalize("NFC");
}
