"""Runs spec files (tests/spec/README.md) through the Python binding: every case in memory, and again
on a store that is closed and opened again before it is asked.

usage: run_spec.py [--write] FILE...     --write fills in the = lines of cases whose ~ lines hold
"""

import re
import sys
import tempfile
from pathlib import Path

import kundig


class Case:
    def __init__(self, path, title, before):
        self.before = before
        self.path = path
        self.title = title
        self.parts = []
        self.rules = []
        self.settings = []
        self.steps = []
        self.store_alone = False
        self.checks = []
        self.failure = None
        self.json = None

    def get(self, name):
        return self.settings_of(name)[-1] if self.settings_of(name) else None

    def settings_of(self, name):
        return [value for key, value in self.settings if key == name]

    def take(self, line):
        if line == "same":
            self.parts = list(self.before.parts)
            self.rules = list(self.before.rules)
            self.steps = list(self.before.steps)
        elif line.startswith("|"):
            if not self.parts:
                self.parts.append([])
            count, cells = re.fullmatch(r"\|(?:(\d+)\*)? ?(.*)", line).groups()
            self.parts[-1].extend([cells] * int(count or 1))
        elif line.startswith("> "):
            self.rules.append(line[2:] + "\n")
        elif line == "part":
            self.parts.append([])
        elif line == "store":
            self.store_alone = True
        elif line.startswith("+ "):
            self.steps.append(line[2:])
        elif line.startswith("~ "):
            self.checks.append(line[2:])
        elif line.startswith("! "):
            self.failure = line[2:]
        elif line.startswith("= "):
            self.json = line[2:]
        elif line and not line.startswith("#"):
            key, _, value = line.partition(" ")
            self.settings.append((key, value))


def cases_of(path):
    case = None
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("== "):
            if case:
                yield case
            case = Case(path, line[3:], case)
        elif case:
            case.take(line)
    yield case


# ---- Calls -------------------------------------------------------------------------------------


def ingest(case, corpus, part):
    content = "".join(line + "\n" for line in part).encode()
    return corpus.ingest(
        content, source=case.get("source") or "input.csv", map=case.get("map"),
        dates=case.get("dates"), zone=case.get("zone"), kind=case.get("kind"),
        encoding=case.get("encoding"), delimiter=case.get("delimiter"),
    )


def question(case):
    return dict(
        by=case.settings_of("by"), where=case.settings_of("where"), every=case.get("every"),
        zone=case.get("zone"), of=case.get("of"), question=case.get("question"),
        interval=case.get("interval"), level=float(case.get("level") or 0),
        min_n=int(case.get("min_n") or 0), purpose=case.get("purpose"),
        as_of=int(case.get("as_of")) if case.get("as_of") else None,
    )


def model_of(case):
    return kundig.Model("".join(case.rules) if case.rules else None)


def listed(case, name):
    return case.get(name).split(",") if case.get(name) else []


def open_corpus(case, path, asked=False):
    """A corpus as the case wants it, in memory where path is None. asked: it is there already, and
    opened to be asked."""
    key = case.get("key")
    options = {}
    if asked or path is None:
        options = dict(
            report_k=int(case.get("report_k") or 0), report_fields=case.get("report_fields") or (),
            report_every=listed(case, "report_every"),
            report_comments=int(case.get("report_comments") or 0),
        )
    corpus = kundig.open(
        path or ":memory:", access="write" if asked else "create", mask=listed(case, "mask"),
        pseudonym_key=key.encode() if key else None,
        pseudonyms=case.get("identifiers") == "pseudonyms", **options,
    )
    if case.rules and "pin" not in case.steps:
        corpus.set_model(model_of(case))
    return corpus


def remove(path):
    for end in ("", "-wal", "-shm"):
        Path(str(path) + end).unlink(missing_ok=True)


def reopened(case, corpus, path):
    if path is None:
        return corpus
    corpus.close()
    return open_corpus(case, path, asked=True)


# ---- Steps -------------------------------------------------------------------------------------

NUMBERS = ("updated", "time", "as_of", "days", "part", "least_customers", "most_bytes")


def take_step(case, corpus, step, folder):
    """The receipt, if the step gives one."""
    verb, _, rest = step.partition(" ")
    fields = dict(field.split("=", 1) for field in rest.split(", ")) if rest else {}
    for name in NUMBERS:
        if name in fields:
            fields[name] = int(fields[name])
    for name in ("holds", "consent", "churned"):
        if name in fields:
            fields[name] = {"yes": True, "no": False}[fields[name]]
    if verb == "erase":
        return corpus.erase(**fields)
    if verb == "expire":
        return corpus.expire(**fields)
    if verb == "merge":
        path = folder / "other.kundig"
        try:
            with open_corpus(case, path) as other:
                ingest(case, other, case.parts[fields.pop("part", 2) - 1])
            return corpus.merge(path, **fields)
        finally:
            remove(path)
    if verb == "pin":
        corpus.pin_model(model_of(case))
    elif verb == "teach":
        corpus.pin_model(corpus.teach(**fields))
    elif verb == "retention":
        corpus.retention([fields])
    else:
        getattr(corpus, verb + "s")([fields])
    return None


# ---- Questions ---------------------------------------------------------------------------------


def ask_text(case, ask):
    text = (case.get("text") or "").replace("\\n", "\n")
    if ask == "check":
        return kundig.check_taxonomy("".join(case.rules))
    if ask == "personal":
        return kundig.personal(text)
    model = kundig.Model.from_bytes(bytes(model_of(case)))
    return model.topics() if ask == "model" else getattr(model, ask)(text)


def part_state(case, part, path):
    corpus = open_corpus(case, path)
    try:
        ingest(case, corpus, part)
        corpus = reopened(case, corpus, path)
        return kundig.State.from_bytes(bytes(corpus.state(case.get("metric"), **question(case))))
    finally:
        corpus.close()
        if path:
            remove(path)


def ask_learned(case, ask, corpus):
    """What the model in use says, and what the facts teach."""
    lesson = case.get("lesson") or "topics"
    if ask == "show":
        return corpus.model.show(case.get("show") or "summary", lesson)
    if ask == "told":
        return corpus.model.sentiment((case.get("text") or "").replace("\\n", "\n"))
    options = dict(base=corpus.model, least_customers=int(case.get("least_customers") or 0))
    if ask != "curve":
        options["folds"] = int(case.get("folds") or 0)
    if ask == "doubts":
        options["limit"] = int(case.get("limit") or 0)
    return getattr(corpus.examples(lesson, field=case.get("field")), ask)(**options)


WHY = {  # which of several tables is shown, the first where the case does not say
    "impact": (), "explain": ("change", "splits", "causes", "breaks"), "chart": (), "alarms": (),
    "emerging": (), "words": (), "buts": (), "mismatch": (), "loud": (), "funnel": (),
    "benchmark": (), "weights": ("cells", "summary", "score"), "represent": ("groups", "summary"),
}
# Options by their names in kundig.h, where Python's are others.
RENAMED = {"lambda": "lambda_", "since_ms": "since"}
WORDS = {"yes": True, "no": False, "unknown": None}


def set_options(case, ask):
    """What stands behind "set NAME VALUE"."""
    options = {}
    for line in case.settings_of("set"):
        name, value = line.split(" ", 1)
        if name == "limit" and ask in ("chart", "alarms"):
            name = "decision"  # limit counts rows
        if value in WORDS:
            value = WORDS[value]
        elif re.fullmatch(r"-?\d+", value):
            value = int(value)
        elif re.fullmatch(r"-?\d*\.?\d+(e-?\d+)?", value):
            value = float(value)
        options[RENAMED.get(name, name)] = value
    return options


def margins_of(case):
    """[("channel", "email", 60)] of "margin channel=email 60"; None of "margin channel= 5"."""
    margins = []
    for line in case.settings_of("margin"):
        name, size = line.rsplit(" ", 1)
        field, value = name.split("=", 1)
        margins.append((field, value or None, float(size)))
    return margins


def ask_why(case, ask, corpus):
    asked = {name: value for name, value in question(case).items() if value not in (None, [], 0)}
    if case.get("metric"):
        asked["metric"] = case.get("metric")
    if case.get("limit"):
        asked["limit"] = int(case.get("limit"))
    for name in ("before", "after") if ask == "explain" else ("a", "b") if ask == "words" else ():
        asked[name] = case.get(name)
    if ask == "benchmark":
        asked.update(zip(("value", "n", "deviation"), map(float, case.get("benchmark").split())))
    if ask == "weights":
        asked["margins"] = margins_of(case)
    result = getattr(corpus, ask)(**asked, **set_options(case, ask))
    return getattr(result, case.get("show") or WHY[ask][0]) if WHY[ask] else result


def ask_corpus(case, ask, corpus, report, receipt):
    limit = int(case.get("limit") or 0)
    if ask == "summary":
        return kundig.Table(report._native.table(1))
    if ask in ("mapping", "rejects", "findings"):
        return getattr(report, ask)
    if ask in ("fields", "conflicts", "audit"):
        return getattr(corpus, ask)()
    if ask == "receipt":
        return receipt
    if ask == "hash":
        return corpus.facts_hash()
    if ask in ("show", "told", "validate", "curve", "doubts"):
        return ask_learned(case, ask, corpus)
    if ask in WHY:
        return ask_why(case, ask, corpus)
    asked = question(case)
    if ask == "facts":
        where = dict(where=asked["where"] or None, purpose=asked["purpose"], as_of=asked["as_of"])
        return corpus.facts(case.get("facts") or "feedback", **where)
    if ask in ("comments", "search", "classify", "sentiment", "next"):
        words = [case.get("words") or ""] if ask == "search" else []
        return getattr(corpus, "label_next" if ask == "next" else ask)(
            *words, where=asked["where"], limit=limit, zone=asked["zone"],
            purpose=asked["purpose"], as_of=asked["as_of"],
        )
    if ask == "topics":
        del asked["by"], asked["every"]
        return corpus.topics(limit=limit, metric=case.get("metric"), **asked)
    if ask == "compare":
        return corpus.compare(case.get("metric"), case.get("a"), case.get("b"), **asked)
    return corpus.measure(case.get("metric"), **asked)


def run(case, folder, path):
    """path: None for a corpus in memory."""
    ask = case.get("ask") or "measure"
    if ask in ("state", "subtract"):
        state = part_state(case, case.parts[0], path)
        for part in case.parts[1:]:
            state.merge(part_state(case, part, path))
        if ask == "subtract":
            state.subtract(part_state(case, case.parts[-1], path))
        return state.finish()
    if ask in ("model", "read", "languages", "personal", "check"):
        return ask_text(case, ask)
    merging = any(step.split(" ")[0] == "merge" for step in case.steps)
    report = receipt = None
    corpus = open_corpus(case, path)
    try:
        for part in case.parts[:1] if merging else case.parts:
            report = ingest(case, corpus, part)
        for step in case.steps:
            receipt = take_step(case, corpus, step, folder) or receipt
        corpus = reopened(case, corpus, path)
        return ask_corpus(case, ask, corpus, report, receipt)
    finally:
        corpus.close()


# ---- Checks ------------------------------------------------------------------------------------


def holds(value, wanted):
    if value is None or wanted == "null":
        return value is None and wanted == "null"
    if isinstance(value, str):
        return wanted == f'"{value}"'
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    if wanted.startswith('"'):
        return False
    shown = re.search(r"\.(\d*)", wanted)
    slack = 10 ** -len(shown.group(1)) * 0.5000001 if shown else 0
    return abs(value - float(wanted)) <= slack


def findings_of(case, folder, path):
    """What is wrong, as sentences; and the JSON, if there is a table."""
    try:
        table = run(case, folder, path)
    except kundig.Error as error:
        got = f"{error.name} {error.position} {error}"
        if not case.failure:
            return [f"the call failed: {got}"], None
        code, position, words = case.failure.split(" ", 2)
        if code != error.name or int(position) != error.position or words not in str(error):
            return [f"fails as {got!r}, not {case.failure!r}"], None
        return [], None
    if case.failure:
        return [f"does not fail with {case.failure!r}"], None
    if isinstance(table, str):
        return [], table
    findings = []
    for check in case.checks:
        first, rest = check.split(" ", 1)
        if first == "rows":
            if len(table) != int(rest):
                findings.append(f"{len(table)} rows, not {rest}")
        elif first == "note":
            if not any(rest in note for note in table.notes):
                findings.append(f"no note holds {rest!r}: {table.notes}")
        else:
            column, wanted = rest.split(" ", 1)
            if column not in table.columns or int(first) >= len(table):
                findings.append(f"there is no cell {first} {column}")
            elif not holds(table[column][int(first)], wanted):
                findings.append(f"{check}: is {table[column][int(first)]!r}")
    return findings, table.to_json()


def write(path, made):
    """Put the JSON of each case, by title, behind what stands there."""
    out = []
    title = None

    def flush():
        if title in made:
            while out and not out[-1].strip():
                out.pop()
            out.append(f"= {made[title]}")
            out.append("")

    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("== "):
            flush()
            title = line[3:]
        if not (line.startswith("= ") and title in made):
            out.append(line)
    flush()
    path.write_text("\n".join(out).rstrip("\n") + "\n", encoding="utf-8")


def check(case, folder, writing, made):
    """What is wrong with a case, in memory and on a store."""
    path = folder / "case.kundig"
    for place in (path,) if case.store_alone else (None, path):
        findings, json = findings_of(case, folder, place)
        wanted = made.get(case.title) if writing else case.json
        if json is not None and not findings:
            if writing and wanted is None:
                made[case.title] = json
            elif json != wanted:
                findings = [f"the bytes differ:\n  wanted: {wanted}\n  got:    {json}"]
        if place and kundig.is_store(place):
            key = case.get("key")
            sound = kundig.verify(place, pseudonym_key=key.encode() if key else None)
            findings += [row["finding"] for row in sound if row["severity"] != "note"]
        remove(path)
        for finding in findings:
            yield f"{'on a store: ' if place else ''}{finding}"


def main(arguments):
    writing = arguments[:1] == ["--write"]
    cases = failures = 0
    with tempfile.TemporaryDirectory(prefix="kundig-spec-") as folder:
        for name in arguments[writing:]:
            path = Path(name)
            made = {}
            for case in cases_of(path):
                cases += 1
                for finding in check(case, Path(folder), writing, made):
                    failures += 1
                    print(f"{path.name}: {case.title}: {finding}", file=sys.stderr)
            if writing:
                write(path, made)
    print(f"Python: {cases} cases, {failures} failures")
    return 1 if failures or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
