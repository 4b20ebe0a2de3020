/**
 * What workerd's service for static files says in each of its responses, so that the edge knows them from a worker's: the path
 * of the file, percent-encoded, and whether the project is one of Cloudflare Pages. Visitors do not get these headers.
 */
export const ASSET_MARK = "worker3-asset";
export const PAGES_MARK = "worker3-pages";
