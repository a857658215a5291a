// One case in full: why it has its verdict, what differs, and step by step what was asked and what came back.

const NOTHING_THERE = "(nothing there)";
const WHOLE_BODY = "$";

/** Return a case as elements; `block` is its data, or null where there was no room for them. */
function caseView(row, block) {
  if (!block) {
    const command = `conformance explain '${row.id}'`;
    return [
      element("p", {}, row.reason),
      element("p.quiet", {}, "Its exchanges were left out for size; the record holds them: ", element("code", {}, command)),
    ];
  }
  const about = [`compared by ${block.level}`];
  if (block.expected) about.push("has expectations");
  if (block.repeated) about.push("sent twice");
  return [
    !block.findings.length && block.reason && element("p.reason", {}, block.reason),
    element(
      "p.quiet",
      {},
      placeView(block),
      ` · ${about.join(" · ")} · `,
      copyButton(`Copy the link to ${row.id}`, () => addressOf(row.id), "copy link"),
    ),
    messages("failures", "Expectations not met", block.failures.map((failure) => stepped(block, failure.step, failure.text))),
    messages("failures", "Not the same when sent again", block.unstable),
    messages("cautions", "Warnings", block.warnings),
    block.findings.map((finding) => findingView(block, finding)),
    block.setup.map((step) => setupView(block, step)),
    block.steps.map((step, number) => stepView(block, step, number)),
  ];
}

/** Show the file and the line of a case, as a link where the file is known to be reached from here. */
function placeView(block) {
  return block.link ? element("a.mono", { href: block.link }, block.place) : element("span.mono", {}, block.place);
}

function messages(kind, title, texts) {
  if (!texts.length) return null;
  return element(`div.messages.${kind}`, {}, element("b", {}, title), element("ul", {}, texts.map((text) => element("li", {}, text))));
}

function stepped(block, step, text) {
  return block.steps.length > 1 ? `step ${step + 1}: ${text}` : text;
}

function findingView(block, finding) {
  const title = finding.cause ? `${finding.cause}. ${INDEX.causes[finding.cause - 1]}` : "difference";
  const named = finding.cause ? element("a", { href: `#cause-${INDEX.keys[finding.cause - 1]}` }, title) : element("b", {}, title);
  const decided = finding.decided.join(", ");
  const standing = decided ? element("span.standing.known", {}, decided) : element("span.standing.undecided", {}, "undecided");
  return element(
    `div.finding.${decided ? "decided" : "undecided"}`,
    {},
    element("p", {}, named, " ", standing, " ", finding.signatures.map((signature) => signatureView(block, finding.step, signature))),
    finding.detail && element("p.quiet", {}, finding.detail),
    element("dl.split", {}, finding.sides.map((side) => sideView(finding, side))),
    finding.not_compared.length > 0 && element("p.quiet", {}, `not compared here: ${finding.not_compared.join(", ")}`),
  );
}

function signatureView(block, step, signature) {
  return [element("code", {}, stepped(block, step, signature)), " ", copyButton(`Copy the signature ${signature}`, signature), " "];
}

/** Show one side of a finding: who stands there, the facts, and every value that each of them sent. */
function sideView(finding, side) {
  const odd = side.runtimes.some((name) => finding.odd.includes(name));
  const values = finding.path === WHOLE_BODY ? [] : sentBy(finding, side);
  const [other] = finding.sides.filter((each) => each !== side).flatMap((each) => sentBy(finding, each));
  return element(
    `div.side.${odd ? "odd" : "rest"}`,
    {},
    element("dt", {}, side.runtimes.join(", "), side.facts && ` · ${side.facts}`),
    values.map((value) => isLongAndAlike(value, other) ? marked("dd.mono", value, other) : element("dd.mono", {}, value)),
  );
}

function sentBy(finding, side) {
  const sent = finding.sent.flat().filter(([name]) => side.runtimes.includes(name));
  return [...new Set(sent.map(([, value]) => value))];
}

function stepView(block, step, number) {
  const { request, cells } = step;
  const findings = block.findings.filter((finding) => finding.step === number);
  const title = block.steps.length > 1 ? `Step ${number + 1} of ${block.steps.length}: ` : "";
  const answered = inClassOrder(cells.filter((cell) => cell.status !== undefined), block.classes);
  return element(
    "section.step",
    {},
    element("h4", {}, title, element("span.mono", {}, `${request.method} ${request.target}`)),
    statusStrip(cells, findings),
    answered.length > 0 && bodyComparison(answered.map((cell) => ({ name: cell.runtime, body: block.bodies[cell.body], read: readBody(cell, block) })), findings, block.level),
    element("div.attached", {}, answered.length > 0 && headerTable(answered, findings), exchange(block, step), commandsView(step.curl)),
  );
}

/** Show a step of the setup: what was sent and answered. It is not compared. */
function setupView(block, step) {
  const title = `${step.name}, not compared: `;
  return element(
    "section.step.setup",
    {},
    element("h4", {}, title, element("span.mono", {}, `${step.request.method} ${step.request.target}`)),
    statusStrip(step.cells, []),
    element("div.attached", {}, exchange(block, step), commandsView(step.curl)),
  );
}

/** Order cells by agreement, the reference class first. */
function inClassOrder(cells, classes) {
  const place = (cell) => {
    const found = classes.findIndex((names) => names.includes(cell.runtime));
    return found < 0 ? classes.length : found;
  };
  return [...cells].sort((a, b) => place(a) - place(b));
}

function statusStrip(cells, findings) {
  const odd = new Set(findings.filter((finding) => finding.facet === "status").flatMap((finding) => finding.odd));
  return element("ul.answers", {}, cells.map((cell) => element(`li${odd.has(cell.runtime) ? ".odd" : ""}`, {}, statusOf(cell))));
}

function statusOf(cell) {
  const said = [element("b", {}, cell.runtime)];
  if (cell.fault) said.push(" ", element("span.fault", {}, cell.fault), ` in ${cell.phase}: ${cell.detail}`);
  else if (cell.status === undefined) said.push(` not asked: ${cell.not_asked}`);
  else said.push(" ", element("span.status", {}, String(cell.status)), ` ${cell.reason}`);
  if (!cell.live) said.push(" ", element("span.how.recorded", {}, "recorded"));
  else if (cell.elapsed_ms !== undefined) said.push(element("span.quiet", {}, ` ${cell.elapsed_ms} ms`));
  for (const note of cell.notes ?? []) said.push(" ", element("span.tag", {}, note));
  if (cell.retried) said.push(" ", element("span.quiet", {}, "on a fresh connection: the kept one had gone stale"));
  return said;
}

function headerTable(cells, findings) {
  const valuesOf = (cell, name) => cell.headers.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value);
  const names = [...new Set(cells.flatMap((cell) => cell.headers.map(([field]) => field.toLowerCase())))];
  const found = new Set(findings.filter((finding) => finding.facet === "headers").map((finding) => finding.path.replace(/^header /, "").split(";")[0].toLowerCase()));
  let differing = 0;
  const rows = names.map((name) => {
    const values = cells.map((cell) => valuesOf(cell, name).join(", ") || (valuesOf(cell, name).length ? "" : null));
    const differs = values.some((value) => value !== values[0]);
    differing += differs;
    const lit = differs ? (found.has(name) ? "strong" : "soft") : "";
    const shown = values.map((value) => element(`td${value === values[0] ? "" : ".odd"}`, {}, value === null ? element("span.quiet", {}, "absent") : value));
    return element(`tr${lit ? `.${lit}` : ""}`, {}, element("th", { scope: "row" }, name), shown);
  });
  const head = element("tr", {}, element("th", { scope: "col" }, "header"), cells.map((cell) => element("th", { scope: "col" }, cell.runtime)));
  const summary = `Headers: ${names.length}${differing ? `, ${differing} differ` : ""}`;
  return element(
    "details.headers",
    { open: found.size > 0 },
    element("summary", {}, summary),
    element("div.scroll", {}, element("table", {}, element("thead", {}, head), element("tbody", {}, rows))),
  );
}

/** Return the exchange as it went over the wire: what each runtime was sent, once where all were sent the same. */
function exchange(block, { request, cells }) {
  const sent = cells.filter((cell) => cell.sent).map((cell) => card(`sent to ${cell.runtime}`, requestText(block, cell.sent)));
  if (sent.length < cells.length) sent.unshift(card(sent.length ? "sent to the others" : "sent to all", requestText(block, request)));
  const received = cells.filter((cell) => cell.status !== undefined).map((cell) => card(`received from ${cell.runtime}`, answerText(block, cell)));
  return element(
    "details.exchange",
    {},
    element("summary", {}, "Exchange, as sent and received"),
    element("div.cards", {}, sent, received),
  );
}

function card(title, lines) {
  return element("div.card", {}, element("b", {}, title), element("pre", { tabindex: "0" }, joinedLines(lines)));
}

/** Put lines that are made visible one by one into one text. */
function joinedLines(lines) {
  return lines.flatMap((line, at) => (at ? [element("br"), line] : [line]));
}

function requestText(block, request) {
  return [`${request.method} ${request.target}`, ...headerLines(request.headers), "", ...bodyLines(block.bodies[request.body])];
}

function answerText(block, cell) {
  return [`${cell.status} ${cell.reason}`, ...headerLines(cell.headers), "", ...bodyLines(block.bodies[cell.body])];
}

function headerLines(headers) {
  return headers.map(([name, value]) => `${name}: ${value}`);
}

function bodyLines(body) {
  if (!body) return ["(no body)"];
  if (body.text === undefined) return [`(${plural(body.size, "byte")}, sha256 ${body.sha256})`];
  return body.cut ? [...linesOf(body.text), `(cut; ${plural(body.size, "byte")} in all)`] : linesOf(body.text);
}

function commandsView(commands) {
  if (!commands.length) return null;
  const shown = commands.map(([names, command]) => {
    const button = copyButton(`Copy the command for ${names.join(", ")}`, command);
    return element("div.command", {}, element("b", {}, names.join(", ")), " ", button, element("pre", { tabindex: "0" }, command));
  });
  return element("details.curl", {}, element("summary", {}, "Send it again with curl"), shown);
}
