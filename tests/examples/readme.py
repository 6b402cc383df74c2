#!/usr/bin/env python3
"""README shows what is true: the file given stands in it word for word, and so does what the
command prints when it is run from the top of the project.

usage: readme.py [--write] FILE|- COMMAND [ARGUMENT]...

--write puts them there, in the place of the blocks that are most alike.
"""
import difflib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def blocks():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```[a-z]*\n(.*?)^```$", text, re.M | re.S)


def must_stand(what, text, write):
    found = blocks()
    if text in found:
        return 0
    closest = max(found, default="",
                  key=lambda b: difflib.SequenceMatcher(None, b, text).quick_ratio())
    if write and closest:
        readme = ROOT / "README.md"
        readme.write_text(readme.read_text(encoding="utf-8").replace(closest, text),
                          encoding="utf-8")
        return 0
    print(f"README.md has no block that is {what}; the closest differs so:")
    sys.stdout.writelines(difflib.unified_diff(closest.splitlines(True), text.splitlines(True),
                                               "README.md", what))
    return 1


def main():
    write = sys.argv[1:2] == ["--write"]
    file, *command = sys.argv[1 + write:]
    failed = 0
    if file != "-":
        failed |= must_stand(file, (ROOT / file).read_text(encoding="utf-8"), write)
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    output = done.stdout.decode("utf-8")
    if done.returncode or not output:
        print(f"{command} ended with {done.returncode} after {len(output)} characters")
        return 1
    return failed | must_stand("what is printed by " + " ".join(command), output, write)


if __name__ == "__main__":
    sys.exit(main())
