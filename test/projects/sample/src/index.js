// The page in `public` is served as it is; what begins with /api/ comes here.
export default {
  fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/api/hello") return new Response("not found\n", { status: 404 });
    return Response.json({
      message: `${env.GREETING}, ${searchParams.get("name") ?? "stranger"}!`,
      time: new Date().toISOString(),
    });
  },
};
