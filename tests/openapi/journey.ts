// One complaint and one figure by the client that is generated from the documents: types are checked, answers are real.
import createClient from "openapi-fetch";
import type { paths as AnalyticsPaths } from "./analytics.js";
import type { paths as IntakePaths } from "./intake.js";

declare const process: { env: Record<string, string | undefined>; stdout: { write(text: string): void } };

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function client<Paths extends {}>(url: string, key: string) {
  return createClient<Paths>({ baseUrl: setting(url), headers: { Authorization: `Bearer ${setting(key)}` } });
}

function body<Data>(answer: { data?: Data; error?: unknown; response: Response }): NonNullable<Data> {
  if (answer.data === undefined || answer.data === null) {
    throw new Error(`${answer.response.status}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

const intake = client<IntakePaths>("INTAKE_URL", "CALL_CENTRE_KEY");
const carrier = client<IntakePaths>("INTAKE_URL", "CARRIER_KEY");
const analytics = client<AnalyticsPaths>("ANALYTICS_URL", "DASHBOARD_KEY");

const receipt = body(
  await intake.POST("/v1/complaints", {
    params: { header: { "Idempotency-Key": crypto.randomUUID() } },
    body: {
      channel: "PHONE_12305",
      business: "EXPRESS",
      carrier_code: "ZTO",
      issue_code: "DELIVERY_SERVICE",
      complainant: { name: "王小明", phone: "13800138000", role: "ADDRESSEE" },
      addressee: { region_code: "330106" },
      cause: "快件显示已签收，本人并未收到。",
      enterprise_complaint: { outcome: "DISSATISFIED" },
    },
  }),
);
const number = receipt.number;
const path = { number };

async function routed() {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const complaint = body(await intake.GET("/v1/complaints/{number}", { params: { path } }));
    if (complaint.routed_at) return complaint;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("not routed within 15 s");
}

const complaint = await routed();
const explanation = body(await intake.GET("/v1/complaints/{number}/explanation", { params: { path } }));
const supplement = body(
  await intake.POST("/v1/complaints/{number}/supplements", {
    params: { path, header: { "Idempotency-Key": crypto.randomUUID() } },
    body: { request: "请企业赔偿并道歉。" },
  }),
);
const feed = body(await carrier.GET("/v1/carrier/cases", { params: { query: { limit: 10 } } })) as {
  items: unknown[];
  next: string;
};
const figure = body(
  await analytics.GET("/v1/figures/volume", { params: { query: { period: "month", last: 2 } } }),
) as { figure: string; totals: unknown[] };
const refusal = await intake.GET("/v1/complaints/{number}", { params: { path: { number: "0".repeat(17) } } });

process.stdout.write(
  JSON.stringify({
    number,
    read: complaint.number,
    status: complaint.status,
    history: explanation.history.map((event) => event.kind),
    supplement: supplement.number,
    next: feed.next,
    figure: figure.figure,
    periods: figure.totals.length,
    refusal: refusal.response.status,
  }),
);
