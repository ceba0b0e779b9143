"""The files that say how the project is cited, reported to and run: they are valid, and true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import autograd

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
GITHUB = ROOT / ".github"

in_a_checkout = pytest.mark.skipif(not GITHUB.exists(), reason="a source distribution has no .github")


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_citation_has_what_the_format_asks_for_and_is_of_this_version():
    citation = read(ROOT / "CITATION.cff")
    known = {"cff-version", "message", "title", "type", "authors", "version", "license", "abstract", "keywords"}
    assert citation.keys() == known
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert citation["title"].startswith(PROJECT["name"])
    assert str(citation["version"]) == autograd.__version__
    assert citation["license"] == PROJECT["license"]
    assert citation["authors"] == PROJECT["authors"]
    assert set(citation["keywords"]) <= set(PROJECT["keywords"])
    assert all(isinstance(citation[key], str) and citation[key] for key in ("message", "title", "abstract"))


@in_a_checkout
@pytest.mark.parametrize("name", ["1-wrong-gradient", "2-unclear", "3-feature"])
def test_issue_forms_are_ones_that_github_takes(name):
    form = read(GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml")
    assert form.keys() == {"name", "description", "labels", "body"}
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids)
    for field in form["body"]:
        assert field["type"] == "textarea"
        assert field.keys() <= {"type", "id", "attributes", "validations"}
        assert field["attributes"].keys() <= {"label", "description", "render"}
        assert re.fullmatch(r"[\w-]+", field["id"])
        assert field.get("validations", {"required": True}) == {"required": True}
    assert any(field.get("validations") for field in form["body"])


@in_a_checkout
def test_the_workflow_runs_what_we_run_on_every_python_that_we_name():
    jobs = read(GITHUB / "workflows" / "ci.yml")["jobs"]
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert runs == {"all": [".ci/run"], "versions": ["make test PYTHON=python"]}
    setup = next(step for step in jobs["all"]["steps"] if "setup-python" in step.get("uses", ""))
    tried = [setup["with"]["python-version"], *jobs["versions"]["strategy"]["matrix"]["python"]]
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert tried == named
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@in_a_checkout
def test_the_pull_request_template_names_targets_of_the_makefile():
    targets = re.findall(r"`make (\w+)`", (GITHUB / "pull_request_template.md").read_text(encoding="utf-8"))
    assert targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
