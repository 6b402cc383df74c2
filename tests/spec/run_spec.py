"""Runs spec files (tests/spec/README.md) through the Python binding.

usage: run_spec.py [--write] FILE...     --write fills in the = lines of cases whose ~ lines hold
"""

import re
import sys
from pathlib import Path

import kundig


class Case:
    def __init__(self, path, title):
        self.path = path
        self.title = title
        self.parts = []
        self.rules = []
        self.settings = []
        self.checks = []
        self.failure = None
        self.json = None

    def get(self, name):
        return self.settings_of(name)[-1] if self.settings_of(name) else None

    def settings_of(self, name):
        return [value for key, value in self.settings if key == name]

    def take(self, line):
        if line.startswith("|"):
            if not self.parts:
                self.parts.append([])
            count, cells = re.fullmatch(r"\|(?:(\d+)\*)? ?(.*)", line).groups()
            self.parts[-1].extend([cells] * int(count or 1))
        elif line.startswith("> "):
            self.rules.append(line[2:] + "\n")
        elif line == "part":
            self.parts.append([])
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
            case = Case(path, line[3:])
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


def open_corpus(case):
    masks = case.get("mask")
    corpus = kundig.open(mask=masks.split(",") if masks else False)
    if case.rules:
        corpus.set_model(model_of(case))
    return corpus


def ask_text(case, ask):
    text = (case.get("text") or "").replace("\\n", "\n")
    if ask == "check":
        return kundig.check_taxonomy("".join(case.rules))
    if ask == "personal":
        return kundig.personal(text)
    model = kundig.Model.from_bytes(bytes(model_of(case)))
    return model.topics() if ask == "model" else getattr(model, ask)(text)


def part_state(case, part):
    with open_corpus(case) as corpus:
        ingest(case, corpus, part)
        return kundig.State.from_bytes(bytes(corpus.state(case.get("metric"), **question(case))))


def run(case):
    ask = case.get("ask") or "measure"
    if ask in ("state", "subtract"):
        state = part_state(case, case.parts[0])
        for part in case.parts[1:]:
            state.merge(part_state(case, part))
        if ask == "subtract":
            state.subtract(part_state(case, case.parts[-1]))
        return state.finish()
    if ask in ("model", "read", "languages", "personal", "check"):
        return ask_text(case, ask)
    with open_corpus(case) as corpus:
        for part in case.parts:
            report = ingest(case, corpus, part)
        if ask == "summary":
            return kundig.Table(report._native.table(1))
        if ask in ("mapping", "rejects", "findings"):
            return getattr(report, ask)
        if ask in ("fields", "conflicts"):
            return getattr(corpus, ask)()
        if ask == "comments":
            return corpus.comments(
                case.settings_of("where"), int(case.get("limit") or 0), zone=case.get("zone"),
                purpose=case.get("purpose"),
            )
        if ask == "search":
            return corpus.search(
                case.get("text"), case.settings_of("where"), int(case.get("limit") or 0),
                zone=case.get("zone"), purpose=case.get("purpose"),
            )
        if ask == "facts":
            return corpus.facts("feedback", case.settings_of("where"))
        if ask == "topics":
            asked = question(case)
            del asked["by"], asked["every"]
            return corpus.topics(
                limit=int(case.get("limit") or 0), metric=case.get("metric"), **asked
            )
        if ask == "compare":
            return corpus.compare(
                case.get("metric"), case.get("a"), case.get("b"), **question(case)
            )
        return corpus.measure(case.get("metric"), **question(case))


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


def findings_of(case):
    """What is wrong, as sentences; and the JSON, if there is a table."""
    try:
        table = run(case)
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


def main(arguments):
    writing = arguments[:1] == ["--write"]
    cases = failures = 0
    for name in arguments[writing:]:
        path = Path(name)
        made = {}
        for case in cases_of(path):
            if case.get("ask") in ("search", "facts") and not hasattr(kundig.Corpus, case.get("ask")):
                continue
            cases += 1
            findings, json = findings_of(case)
            if json is not None and not findings:
                made[case.title] = json
                if not writing and json != case.json:
                    findings.append(f"the bytes differ:\n  wanted: {case.json}\n  got:    {json}")
            for finding in findings:
                failures += 1
                print(f"{path.name}: {case.title}: {finding}", file=sys.stderr)
        if writing:
            write(path, made)
    print(f"Python: {cases} cases, {failures} failures")
    return 1 if failures or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
