"""Where a fact stands twice, the copies agree: stubs and module, names here and numbers in kundig.h."""

import ast
import inspect
import pathlib
import re
import unittest

import kundig
from kundig import _asking, _estimators, _models, _results, _why

ROOT = pathlib.Path(__file__).resolve().parents[2]
STUB = ast.parse((ROOT / "bindings/python/kundig/__init__.pyi").read_text(encoding="utf-8"))
HEADER = (ROOT / "include/kundig.h").read_text(encoding="utf-8")


def stub_signature(function):
    """Names of parameters in order, with * where names must be given."""
    names = [a.arg for a in function.args.posonlyargs + function.args.args]
    if function.args.kwonlyargs:
        names += ["*"] + [a.arg for a in function.args.kwonlyargs]
    if function.args.vararg:
        names.append("*" + function.args.vararg.arg)
    if function.args.kwarg:
        names.append("**" + function.args.kwarg.arg)
    return names


def module_signature(function):
    names = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            names.append("*" + parameter.name)
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            names.append("**" + parameter.name)
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in names:
            names.append("*")
        names.append(parameter.name)
    return names


def numbers(prefix):
    """{"SURVEY": 1, ...} of the header's macros that begin with prefix."""
    found = re.findall(rf"#define KUNDIG_{prefix}_(\w+)\s+(?:\\\s+)?\(?(-?\d+)\)?", HEADER)
    return {name.lower(): int(value) for name, value in found}


class Stubs(unittest.TestCase):
    def test_functions_and_methods_have_the_same_parameters(self):
        compared = 0
        for node in STUB.body:
            owner = kundig
            functions = [node] if isinstance(node, ast.FunctionDef) else []
            if isinstance(node, ast.ClassDef) and hasattr(kundig, node.name):
                owner = getattr(kundig, node.name)
                functions = [n for n in node.body if isinstance(n, ast.FunctionDef)]
            elif isinstance(node, ast.ClassDef) and hasattr(_estimators, node.name):
                owner = getattr(_estimators, node.name)
                functions = [n for n in node.body if isinstance(n, ast.FunctionDef)]
            for function in functions:
                real = inspect.getattr_static(owner, function.name)
                if isinstance(real, property) or function.name in ("__exit__", "__len__", "__iter__"):
                    continue
                wanted = module_signature(real.__func__ if isinstance(real, classmethod) else real)
                self.assertEqual(stub_signature(function), wanted, f"{owner}.{function.name}")
                compared += 1
        self.assertGreater(compared, 30)

    def test_what_is_public_is_in_the_stubs(self):
        stubbed = {}
        for node in STUB.body:
            if isinstance(node, ast.ClassDef):
                stubbed[node.name] = {
                    n.name if isinstance(n, ast.FunctionDef) else n.target.id for n in node.body
                    if isinstance(n, (ast.FunctionDef, ast.AnnAssign))
                }
            elif isinstance(node, ast.FunctionDef):
                stubbed[node.name] = set()
            elif isinstance(node, ast.AnnAssign):
                stubbed[node.target.id] = set()
        public = [name for name in dir(kundig) if not name.startswith("_")]
        self.assertEqual(set(public) - set(stubbed), set())
        self.assertEqual(set(kundig.__all__) - set(stubbed), set())
        for name in kundig.__all__:
            thing = getattr(kundig, name)
            if inspect.isclass(thing) and thing is not kundig.Error:
                owners = [thing] + [_why._Why] * issubclass(thing, _why._Why)
                members = {
                    member for owner in owners for member in vars(owner) if not member.startswith("_")
                }
                self.assertEqual(members - stubbed[name], set(), name)


class Numbers(unittest.TestCase):
    def check(self, mine, header, rename=lambda name: name):
        self.assertTrue(header)
        mine = {rename(name): number for name, number in mine.items() if name is not None}
        self.assertEqual({name: mine.get(name) for name in header}, header)

    def test_names_of_options_have_the_numbers_of_the_header(self):
        self.check({**kundig._KINDS, "unknown": 0}, numbers("KIND"))
        self.check(_asking._EVERY, numbers("EVERY"))
        self.check(_asking._OF, numbers("OF"))
        self.check(_asking._INTERVALS, numbers("INTERVAL"))
        self.check(kundig._DATES, numbers("DATES"), lambda name: name.replace("-", "_"))
        self.check(kundig._PAGES, numbers("PAGE"))
        self.check({"summary": _results._SUMMARY, "mapping": _results._MAPPING,
                    "rejects": _results._REJECTS, "findings": _results._FINDINGS}, numbers("INGEST"))
        self.check({**{name: number for number, name in _results._TYPES.items()}}, numbers("COLUMN"))
        self.check({name or "none": number for number, name in _results._UNITS.items()}, numbers("UNIT"))
        words = {"=": "equal", "!=": "not_equal", "<": "less", "<=": "less_or_equal", ">": "greater",
                 ">=": "greater_or_equal"}
        self.check(_asking._OPERATORS, numbers("OP"), lambda name: words.get(name, name))

    def test_names_of_learning_have_the_numbers_of_the_header(self):
        self.check(_models._SHOWN_LESSONS, numbers("LESSON"))
        self.assertLess(_models._LESSONS.items(), _models._SHOWN_LESSONS.items())
        qualities = numbers("QUALITY")
        self.assertLess(_models._QUALITIES.items(), qualities.items())
        self.assertEqual(
            _models._DISCOVERY_QUALITIES,
            {"good": qualities["fast"], "best": qualities["best"], "draft": qualities["draft"],
             "fast": qualities["draft"]})
        self.check(_models._LABELS, numbers("LABELS"))
        self.check(_models._SHOW, numbers("SHOW"))

    def test_names_of_why_have_the_numbers_of_the_header(self):
        self.check(_why._SENTENCES, numbers("SENTENCES"))
        self.check(_why._CHARTS, numbers("CHART"))
        self.check(_why._LIMITS, numbers("LIMITS"))
        self.check(_why._PRIORS, numbers("PRIOR"))
        known = {"unknown": _why._KNOWN[None], "no": _why._KNOWN[False], "yes": _why._KNOWN[True]}
        self.assertEqual(known, {
            name: int(re.search(rf"#define KUNDIG_{name.upper()}\s+(\d)", HEADER).group(1))
            for name in known})

    def test_codes_of_errors_have_the_numbers_of_the_header(self):
        for name, number in numbers("E").items():
            self.assertEqual(getattr(kundig, f"E_{name.upper()}"), number)
        self.assertGreater(len(numbers("E")), 14)

    def test_versions_agree(self):
        written = re.search(r'KUNDIG_VERSION_STRING "([^"]+)"', HEADER).group(1)
        self.assertEqual(kundig.__version__, written)
        self.assertEqual(kundig.versions()["abi"], numbers("ABI")["version"])


if __name__ == "__main__":
    unittest.main()
