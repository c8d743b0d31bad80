"""No file says where packages come from: that is for the machine that installs them to say."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# Written in pieces, so that this file passes its own test.
HOSTS = [
    *(f"{name}.org" for name in ("pypi", "npmjs", "rubygems", "repo.maven.apache")),
    *(f"{name}.com" for name in ("npmjs", "registry.yarnpkg", "maven.google")),
    *(f"{name}.io" for name in ("crates", "ghcr", "quay", "docker", "gcr")),
    *(f"python{name}" for name in ("hosted.org", ".pkg.dev")),
    *(f"{name}.net" for name in ("cdn.jsdelivr", "deb.debian")),
]
NAMED = re.compile("|".join(rf"(?<![\w-]){re.escape(host)}(?![\w-])" for host in HOSTS))


def tracked_files() -> list[Path]:
    """Every file that git has, or would have with the next `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_registry() -> None:
    naming = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in tracked_files()
        if (found := NAMED.search(path.read_text(errors="ignore")))
    ]
    assert not naming, f"each machine's own configuration says where packages come from; take out {naming}"


def test_it_would_be_seen() -> None:
    assert NAMED.search("https://files." + "pythonhosted" + ".org/x")
    assert NAMED.search("https://registry." + "npmjs" + ".org/")
    assert NAMED.search("https://" + "pypi" + ".org/simple")
    assert not NAMED.search("hello.example.org")
