/** The commits that the list was written against. */
export const REPOSITORIES = {
  templates: { repository: "cloudflare/templates", commit: "7a0bc8f9a10dc9233964bb8d834beff585d56f08" },
  workersSdk: { repository: "cloudflare/workers-sdk", commit: "f8308360283f97d33e188aee2e19c1ef9c09524a" },
  workerTemplate: {
    repository: "cloudflare/worker-template",
    commit: "f72e141a694fe769ac9c1a2f77100cb6a98efa65",
  },
  chatDemo: {
    repository: "cloudflare/workers-chat-demo",
    commit: "dd32ce87617a9df6c614004d2fc2fb0628698121",
  },
  pythonExamples: {
    repository: "cloudflare/python-workers-examples",
    commit: "affcbffc80cf2fdc9417ea42c4489ae8bf0d6a70",
  },
  honoExamples: { repository: "honojs/examples", commit: "50da66a7b477f2acbf812c0f77080b104a0de7b6" },
  httpbinHono: {
    repository: "nakanoasaservice/httpbin-hono",
    commit: "42c95ab6c492d4d12553be0c49cc8ebafe814284",
  },
  httpbinVite: {
    repository: "jamiephan/cf-worker-httpbin",
    commit: "b0073091d2869790c258049ea7721b4d9bd20c1e",
  },
  corsAnywhere: {
    repository: "Zibri/cloudflare-cors-anywhere",
    commit: "01b4ab3967a9d29f0b9124adde7f79110a3ba536",
  },
  eleventyBlog: {
    repository: "11ty/eleventy-base-blog",
    commit: "e37a55c4c4705d7881929de5242ec50448b5eb0b",
  },
  boilerplate: {
    repository: "h5bp/html5-boilerplate",
    commit: "b7e31d67f4cf83e23d51f4decc73618bf8bd77ba",
  },
  cleanBlog: {
    repository: "StartBootstrap/startbootstrap-clean-blog",
    commit: "1ebc4f8f3b6194335df237a2a7837955a5a4a9aa",
  },
  game2048: { repository: "gabrielecirulli/2048", commit: "478b6ec346e3787f589e4af751378d06ded4cbbc" },
  markdownCss: {
    repository: "sindresorhus/github-markdown-css",
    commit: "265b22aa79815418195f453352456d5784bb7580",
  },
  ramenApi: { repository: "yusukebe/ramen-api", commit: "43e12ed7858cf5f121e41a362930039aa204aaf4" },
  honoxExamples: {
    repository: "yusukebe/honox-examples",
    commit: "33241b2f8e4ebca1fd3683a9c05abb9e30e1e132",
  },
  beginnerSite: {
    repository: "mdn/beginner-html-site-styled",
    commit: "acd9b0d31d56dc4e63aa1fb7f47e3d7addb29169",
  },
  picoExamples: { repository: "picocss/examples", commit: "fb8bc72839f3b0f3c0eb0075978c7779ca124f4e" },
} as const;
