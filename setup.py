"""Puts a copy of the proof files into the package that is built; everything else stands in pyproject.toml."""

from pathlib import Path
from shutil import copyfile

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithProofs(build_py):
    """Copies ``proofs/`` to ``exactrelu/data/proofs``, unless the sources themselves are used (``pip install -e``)."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for source in Path("proofs").rglob("*.py"):
            target = Path(self.build_lib, "exactrelu", "data", source)
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(source, target)


setup(cmdclass={"build_py": BuildWithProofs})
