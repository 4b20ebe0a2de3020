/** `GET /api/sum?a=1&b=2` */
export function GET({ url }: { url: URL }): Response {
  const numbers = ["a", "b"].map((name) => Number(url.searchParams.get(name) ?? Number.NaN));
  if (numbers.some(Number.isNaN)) return Response.json({ error: "a and b must be numbers" }, { status: 400 });
  return Response.json({ sum: numbers.reduce((sum, number) => sum + number, 0) });
}
