"""How to build the distribution ``openedx-moocdb``; tools are configured in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent


def requirements(*names: str) -> list[str]:
    """Lines of ``requirements/<name>.in`` without comments, options and includes."""
    files = [ROOT / "requirements" / f"{name}.in" for name in names]
    lines = [line for file in files for line in file.read_text().splitlines()]
    bare = (line.partition("#")[0].strip() for line in lines)
    return [line for line in bare if line and not line.startswith("-")]


def version() -> str:
    """``__version__`` of the package, read without importing it."""
    text = (ROOT / "openedx_moocdb" / "__init__.py").read_text()
    match = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if match is None:
        raise RuntimeError("no __version__ in openedx_moocdb/__init__.py")
    return match.group(1)


setup(
    name="openedx-moocdb",
    version=version(),
    description="Open edX tracking events as MOOCdb rows, indicators and a course tab",
    long_description=(ROOT / "README.rst").read_text(encoding="utf-8"),
    long_description_content_type="text/x-rst",
    license="AGPL-3.0-or-later",
    license_files=["LICENSE.txt"],
    keywords="Open edX, MOOCdb, learning analytics, tracking log",
    packages=find_packages(include=["openedx_moocdb", "openedx_moocdb.*"]),
    include_package_data=True,
    package_data={
        "openedx_moocdb": [
            "templates/openedx_moocdb/**/*",
            "static/openedx_moocdb/**/*",
            "locale/**/*",
        ],
    },
    zip_safe=False,
    python_requires=">=3.11",
    install_requires=requirements("base"),
    extras_require={
        "standalone": ["whitenoise"],
        "mysql": ["PyMySQL>=1.1"],  # pure Python: no compiler needed; mysqlclient works as well
        "parquet": ["pyarrow"],
        "gpg": [],  # decryption calls the system's gpg: no Python package
        "geoip": ["geoip2"],
        "dev": requirements("test", "quality", "dev"),
    },
    entry_points={"console_scripts": ["moocdb = openedx_moocdb.standalone.command:main"]},
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Framework :: Django",
        "Framework :: Django :: 4.2",
        "Framework :: Django :: 5.2",
        "Intended Audience :: Education",
        "Intended Audience :: Science/Research",
        "License :: OSI Approved :: GNU Affero General Public License v3 or later (AGPLv3+)",
        "Natural Language :: English",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Topic :: Education",
        "Topic :: Scientific/Engineering :: Information Analysis",
    ],
)
