import { type IncomingHttpHeaders, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP/1.1 request, over a unix socket or to a port of this machine. The path is sent as it is. */
export function ask(to: string | number, question: Question): Promise<Answer> {
  const { path, method = "GET", headers = {} } = question;
  return new Promise((resolve, reject) => {
    const target = typeof to === "string" ? { socketPath: to } : { host: "127.0.0.1", port: to };
    const asked = request({
      ...target,
      path,
      method,
      headers: { host: "site.test", ...headers },
      agent: false,
    });
    asked.once("error", reject);
    asked.once("response", (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        body += chunk;
      });
      answer.once("error", reject);
      answer.once("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    asked.end();
  });
}
