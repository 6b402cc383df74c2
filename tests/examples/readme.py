#!/usr/bin/env python3
"""README shows what is true: the file given stands in it word for word, and so does what the
command prints when it is run from the top of the project.

usage: readme.py [--write] FILE|- COMMAND [ARGUMENT]...
       readme.py [--write] --session KUNDIG

--write puts them there, in the place of the blocks that are most alike.

--session types all commands of the console blocks ("$ " before them), one after the other in an
empty folder where tests/ can be seen, and compares what a person would see.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
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


def type_command(command, folder, kundig):
    """What the command shows; None if it is of a program that is not here."""
    program = command.split()[0]
    if program != "kundig" and not shutil.which(program):
        print(f"skipped, for {program} is not here: {command}")
        return None
    path = str(Path(kundig).resolve().parent) + os.pathsep + os.environ["PATH"]
    done = subprocess.run(["sh", "-c", command], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env={**os.environ, "PATH": path})
    if done.returncode < 0 or done.returncode > 2:
        return f"ended with {done.returncode}\n"
    return done.stdout.decode("utf-8")


def type_block(block, folder, kundig):
    """The block with what its commands show now."""
    shown = ""
    for part in re.split(r"^(?=\$ )", block, flags=re.M):
        command = re.match(r"(?:.*\\\n)*.*", part).group()  # lines that end in \ go on
        before = part[len(command) + 1:]
        if not command.startswith("$ "):
            shown += part
            continue
        now = type_command(command[2:], folder, kundig)
        shown += command + "\n" + (before if now is None else now)
    return shown


def session(kundig, write):
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(ROOT / "tests", Path(folder) / "tests")
        blocks = re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S)
        for block in blocks:
            shown = type_block(block, folder, kundig)
            if shown != block and write:
                text = text.replace(block, shown)
            elif shown != block:
                failed = 1
                sys.stdout.writelines(difflib.unified_diff(
                    block.splitlines(True), shown.splitlines(True), "README.md", "shown"))
    if write:
        readme.write_text(text, encoding="utf-8")
    if not blocks:
        print("README.md has no console block")
    return failed or not blocks


def main():
    write = sys.argv[1:2] == ["--write"]
    if sys.argv[1 + write] == "--session":
        return session(sys.argv[2 + write], write)
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
