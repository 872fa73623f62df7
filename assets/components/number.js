// One reader for every number that a person types or pastes: 0.5, 0,5, −2, 1/3, 27 %, 1e-3, in any script's digits.
// pages/shared/model/numbers.py reads by the same rules and says why; tests/numbers.json holds both to them.

const SAME = { "＋": "+", "．": ".", "，": ",", "％": "%", "٫": ".", "／": "/", "⁄": "/" };
const MINUS = /[−–‐‑‒﹣－]/g;
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g; // marks of direction and the like
const GROUPED = /^[1-9]\d{0,2}(?:([ ,.'’])\d{3})(?:\1\d{3})*$/; // 1 234 567, with one kind of mark
const TWOFOLD = /^[1-9]\d{0,2},\d{3}$/;
const PLAIN = /^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i;

/** The number that the text says; null if it says none, or might say two. */
export function readNumber(text) {
  const plain = tidy(text);
  const sign = plain.startsWith("-") ? -1 : 1;
  const share = plain.endsWith("%") ? 0.01 : 1;
  const parts = plain.replace(/^[-+]/, "").replace(/%$/, "").trim().split("/");
  const numbers = parts.map((part) => unsigned(part.trim()));
  if (numbers.includes(null) || numbers.length > 2 || numbers[1] === 0) return null;
  const value = sign * share * (numbers.length === 1 ? numbers[0] : numbers[0] / numbers[1]);
  return Number.isFinite(value) ? value : null;
}

/** What 1,234 might say: 1.234 and 1234; null for any other text. */
export function twofold(text) {
  const plain = tidy(text);
  return TWOFOLD.test(plain.replace(/^[-+]/, "")) ? [plain.replace(",", "."), plain.replace(",", "")] : null;
}

function tidy(text) {
  return text
    .replace(UNSEEN, "")
    .replace(MINUS, "-")
    .replace(/[＋．，％٫／⁄]/g, (sign) => SAME[sign])
    .replace(/\p{Nd}/gu, digit)
    .replace(/\s/g, " ")
    .trim();
}

/** A digit of any script as 0 to 9: Unicode keeps the ten of a script together, zero first. */
function digit(sign) {
  const code = sign.codePointAt(0);
  const isDigit = (point) => /\p{Nd}/u.test(String.fromCodePoint(point));
  let zero = code;
  while (isDigit(zero - 1)) zero -= 1;
  return String((code - zero) % 10);
}

/** A number without sign, by its marks for decimals and thousands. */
function unsigned(text) {
  const mark = Math.max(text.lastIndexOf(","), text.lastIndexOf("."));
  if (TWOFOLD.test(text)) return null;
  if (PLAIN.test(text)) return Number(text);
  if (GROUPED.test(text)) return Number(text.replace(/\D/g, ""));
  let whole = text.slice(0, Math.max(mark, 0));
  const decimals = text.slice(mark + 1);
  if (mark < 0 || !/^\d*(?:e[-+]?\d{1,3})?$/i.test(decimals)) return null;
  const grouped = GROUPED.exec(whole);
  if (grouped && grouped[1] !== text[mark]) whole = whole.replace(/\D/g, ""); // 1.234,5 and 1 234,5
  const dotted = `${whole}.${decimals}`;
  return PLAIN.test(dotted) ? Number(dotted) : null;
}
