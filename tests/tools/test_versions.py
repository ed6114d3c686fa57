"""The versions that everybody gets: how they are written down, and what stands there now."""

from email.message import Message
from importlib.metadata import distribution, requires
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tools import install, versions

ROOT = Path(versions.__file__).parents[1]


def package(name: str, version: str, asks: str | None = None) -> SimpleNamespace:
    metadata = Message()
    metadata["Name"] = name
    if asks:
        metadata["Requires-Python"] = asks
    return SimpleNamespace(metadata=metadata, version=version)


@pytest.mark.parametrize(
    "version, asks, expected",
    [
        ("2.14.1", None, "some-name==2.14.1"),
        ("2.14.1+cpu", ">=3.10", "some-name==2.14.1"),
        ("2.14.1+cu130", ">=3.7, !=3.8.*", "some-name==2.14.1"),
        ("1.0.post1", ">=3.11", 'some-name==1.0.post1 ; python_full_version >= "3.11"'),
        (
            "3",
            "!=3.14.1,>=3.11.5",
            'some-name==3 ; python_full_version != "3.14.1" and python_full_version >= "3.11.5"',
        ),
    ],
)
def test_a_version_is_for_every_build_and_for_the_pythons_it_names(version, asks, expected):
    assert versions.line(package("Some_Name", version, asks)) == expected
    assert Requirement(expected).name == "some-name"


def test_the_file_has_neither_the_course_nor_its_tools_nor_cuda():
    names = ["zeta", "pip", "setuptools", "regularization_helpers", "nvidia-x", "triton", "Alpha"]
    text = versions.constraints([package(name, "1") for name in names])
    assert text == versions.HEAD + "alpha==1\nzeta==1\n"


@pytest.fixture
def tested() -> dict[str, Requirement]:
    """What stands in constraints.txt, by name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if not line.startswith("#")]
    return {requirement.name: requirement for requirement in found}


@pytest.fixture
def asked() -> list[Requirement]:
    """All that the course asks for by itself: to be imported, to open the lessons, to be tested."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    direct = [line.split("#")[0] for line in lines if not line.startswith("-")]
    found = map(Requirement, [*direct, *requires("regularization-helpers")])
    # An Intel Mac, which has none of the tested versions of torch, asks for another numpy.
    elsewhere = {"sys_platform": "linux", "platform_machine": "x86_64"}
    places = [elsewhere | {"extra": extra} for extra in ("", "site", "slides", "test")]
    return [
        requirement
        for requirement in found
        if not requirement.extras
        and (requirement.marker is None or any(map(requirement.marker.evaluate, places)))
    ]


def test_every_requirement_has_a_tested_version_within_its_range(tested, asked):
    for requirement in asked:
        [pin] = tested[canonicalize_name(requirement.name)].specifier
        assert pin.operator == "==" and "+" not in pin.version
        assert requirement.specifier.contains(pin.version), requirement


def test_torch_and_torchvision_fit_each_other(tested):
    """Their own index is asked for the two alone, and so nobody else compares them."""
    if not tested["torchvision"].specifier.contains(distribution("torchvision").version):
        pytest.skip("another torchvision is installed")
    [needs] = [Requirement(r) for r in requires("torchvision") if Requirement(r).name == "torch"]
    [torch] = tested["torch"].specifier
    assert needs.specifier.contains(torch.version)


def test_binder_takes_the_same_versions_from_the_same_index():
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        f"--extra-index-url {install.PYTORCH}",
        "-c ../constraints.txt",
        "-r ../requirements.txt",
    ]
    python = (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    assert SpecifierSet(
        distribution("regularization-helpers").metadata["Requires-Python"]
    ).contains(python)
