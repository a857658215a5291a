/** Times: as somebody wrote them, and as they are kept, in UTC to the millisecond. */

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Return a time as `2026-11-25T12:00:00.000Z`, or undefined where it is none; what is finer is cut off. */
export function utcTime(written: string): string | undefined {
  const found = TIME.exec(written);
  if (found === null || found[0].length !== written.length) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const there = new Date(0);
  there.setUTCFullYear(year, month - 1, day);
  if (there.getUTCMonth() !== month - 1 || there.getUTCDate() !== day) return undefined;
  const offset = offsetMinutes(found[8], Number(found[9] ?? 0), Number(found[10] ?? 0));
  if (offset === undefined) return undefined;
  there.setUTCHours(hour, minute - offset, second, 0);
  if (there.getUTCFullYear() < 1 || there.getUTCFullYear() > 9999) return undefined;
  const milliseconds = `${found[7] ?? ""}000`.slice(0, 3);
  return `${there.toISOString().slice(0, 19)}.${milliseconds}Z`;
}

function offsetMinutes(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (sign === undefined) return 0;
  if (hours > 23 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * (sign === "+" ? 1 : -1);
}

/** Return the time that `CONFORMANCE_CLOCK` says, else that of the clock; throws where the variable holds none. */
export function toldNow(): string {
  const told = process.env["CONFORMANCE_CLOCK"];
  if (told === undefined) return new Date().toISOString();
  const now = utcTime(told);
  if (now === undefined) throw new UsageError(`CONFORMANCE_CLOCK=${told}: wanted a time such as 2026-11-25T12:00:00Z`);
  return now;
}

/** What was asked for cannot be done; the message is one line. */
export class UsageError extends Error {}
