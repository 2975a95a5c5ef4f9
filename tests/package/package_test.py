"""Packages, made of the build that SOCKTAP_BUILD names, and used where nothing else is installed."""

import os
import pathlib
import re
import shutil
import unittest

import harness
from harness import BUILD, needs, needs_root, output, run, temporary_folder

HELLO = 'probe begin { println("hi"); exit() }'
SHIPPED = [
    "bin/socktap",
    "share/man/man1/socktap.1",
    "share/man/man5/socktap-scripts.5",
    "share/man/man5/socktap-probes.5",
    "share/bash-completion/completions/socktap",
    "share/zsh/site-functions/_socktap",
    "share/fish/vendor_completions.d/socktap.fish",
    "share/socktap/scripts/socktop.stp",
    "share/doc/socktap/README.md",
    "share/doc/socktap/docs/coverage.md",
]


class Folder(harness.Folder):
    @classmethod
    def pack(cls, kind, pattern):
        folder = temporary_folder(cls.addClassCleanup)
        output(os.environ["CPACK_COMMAND"], "--config", BUILD / "CPackConfig.cmake", "-G", kind,
               "-B", folder)
        (made,) = folder.glob(pattern)
        return made

    def check_program(self, *socktap, script):
        """It starts, knows its tables, runs a script and compiles one that is shipped."""
        version = output(*socktap, "--version")
        self.assertRegex(version, r"^socktap \d+\.\d+\.\d+, libbpf ")
        self.assertIn("\nsocket.send\n", "\n" + output(*socktap, "list", "-l", "socket.*"))
        self.assertEqual(output(*socktap, "run", "-e", HELLO), "hi\n")
        self.assertEqual(output(*socktap, "run", "-p4", script), "")
        if len(socktap) == 1:  # with /proc: by its name
            self.assertEqual(output(*socktap, "run", "-p4", script.stem), "")
            self.assertEqual(output(*socktap, "run", "-p4", script.name), "")
            unknown = run(*socktap, "run", "nonesuch")
            self.assertEqual(unknown.returncode, 2)
            self.assertRegex(unknown.stdout, r"hint: .*; installed are .*\bsocktop\b")
        refused = run(*socktap, "trace", "--script", "--uid", "nobody-of-that-name")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("nobody-of-that-name", refused.stdout)


@needs("dpkg-shlibdeps")
@needs("file")
class Debian(Folder):
    @classmethod
    def setUpClass(cls):
        cls.package = cls.pack("DEB", "*.deb")

    def field(self, name):
        return output("dpkg-deb", "-f", self.package, name).strip()

    def test_it_says_what_it_is_and_needs(self):
        architecture = output("dpkg", "--print-architecture").strip()
        self.assertEqual(self.package.name,
                         f"socktap_{self.field('Version')}_{architecture}.deb")
        needed = {re.match(r"\S+", each)[0] for each in self.field("Depends").split(", ")}
        self.assertEqual(needed, {"libbpf1", "libc6", "zlib1g"})
        self.assertRegex(self.field("Maintainer"), r"^\S.* <\S+@\S+>$")
        self.assertNotIn("&", self.field("Description"))

    def test_it_holds_what_is_shipped(self):
        files = {line.split()[-1] for line in output("dpkg-deb", "-c", self.package).splitlines()}
        for path in SHIPPED:
            packed = path + ".gz" if "/man/" in path else path
            self.assertIn("./usr/" + packed, files)
        self.assertIn("./usr/share/doc/socktap/copyright", files)
        self.assertIn("./usr/share/doc/socktap/changelog.gz", files)

    @needs("lintian")
    def test_lintian_finds_no_error(self):
        found = run("lintian", "--fail-on", "error,warning", "--allow-root", self.package)
        self.assertEqual(found.returncode, 0, found.stdout)

    @needs_root
    def test_it_runs_in_a_clean_root(self):
        root = self.folder / "root"
        make_clean_root(root, self.field("Depends"))
        installed = output("dpkg", f"--root={root}", "--force-script-chrootless", "-i",
                           self.package)
        self.assertIn("Setting up socktap", installed)
        self.check_program("chroot", root, "/usr/bin/socktap",
                           script="/usr/share/socktap/scripts/socktop.stp")
        output("dpkg", f"--root={root}", "--purge", "socktap")
        self.assertFalse((root / "usr/bin/socktap").exists())

    @needs_root
    def test_dpkg_refuses_a_root_without_what_it_needs(self):
        root = self.folder / "root"
        make_clean_root(root, "libc6")
        refused = run("dpkg", f"--root={root}", "-i", self.package)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("socktap depends on libbpf1", refused.stdout)

    @needs_root
    @needs("unshare")
    def test_it_observes_there_what_it_observes_here(self):
        root = self.folder / "root"
        make_clean_root(root, self.field("Depends"))
        output("dpkg-deb", "-x", self.package, root)
        for name in ("sys", "proc", "dev"):
            (root / name).mkdir()
        inside = f"""for each in sys proc dev; do mount --rbind /$each {root}/$each || exit 99; done
                     exec chroot {root} /usr/bin/socktap doctor --json"""
        there = run("unshare", "--mount", "sh", "-c", inside)
        if there.returncode in (1, 99):
            self.skipTest("nothing can be mounted here: " + there.stdout.strip())
        here = run(BUILD / "socktap", "doctor", "--json")
        self.assertEqual(there.returncode, here.returncode, there.stdout)
        verdicts = [re.findall('"verdict": .*', each.stdout) for each in (here, there)]
        self.assertEqual(*verdicts)


def closure(depends):
    """The installed packages that these ones need, themselves included."""
    wanted, found = [depends], set()
    while wanted:
        for each in wanted.pop().split(","):
            name = re.match(r"\s*([^\s:(|]*)", each)[1]  # of alternatives the first
            if not name or name in found:
                continue
            query = run("dpkg-query", "-W", "-f", "${Pre-Depends},${Depends}", name)
            if query.returncode == 0:
                found.add(name)
                wanted.append(query.stdout)
    return found


def make_clean_root(root, depends):
    """A root of the files and the database of those packages only."""
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        at = pathlib.Path("/", name)
        if at.is_symlink():
            (root / "usr" / name).mkdir(parents=True, exist_ok=True)
            (root / name).symlink_to(os.readlink(at))
    database = root / "var/lib/dpkg"
    for name in ("info", "updates", "triggers"):
        (database / name).mkdir(parents=True)
    (database / "available").touch()
    packages = sorted(closure(depends))
    (database / "status").write_text(output("dpkg-query", "-s", *packages))
    for path in output("dpkg-query", "-L", *packages).splitlines():
        source = pathlib.Path(path)
        if "/lib" in path and source.exists() and not source.is_dir():
            copy = root / path.lstrip("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            if not copy.exists():
                shutil.copy2(source, copy, follow_symlinks=False)


@unittest.skipUnless((BUILD / "static/socktap").exists(), "static libraries are missing")
class Archive(Folder):
    @classmethod
    def setUpClass(cls):
        cls.archive = cls.pack("TGZ", "*.tar.gz")

    def setUp(self):
        super().setUp()
        output("tar", "-xzf", self.archive, "-C", self.folder)
        (self.unpacked,) = self.folder.iterdir()
        self.assertEqual(self.archive.name, self.unpacked.name + ".tar.gz")

    def test_it_holds_what_is_shipped(self):
        for path in SHIPPED + ["share/doc/socktap/LICENSE"]:
            self.assertTrue((self.unpacked / path).is_file(), path)

    def test_it_runs_where_it_was_unpacked(self):
        self.check_program(self.unpacked / "bin/socktap",
                           script=self.unpacked / "share/socktap/scripts/socktop.stp")

    @needs_root
    def test_it_runs_where_nothing_else_is(self):
        self.check_program("chroot", self.unpacked, "/bin/socktap",
                           script="/share/socktap/scripts/socktop.stp")

    @needs_root
    def test_it_knows_users_without_the_libraries_that_look_them_up(self):
        etc = self.unpacked / "etc"
        etc.mkdir()
        (etc / "passwd").write_text("someone:x:4711:4711::/:/bin/sh\n")
        (etc / "nsswitch.conf").write_text("passwd: systemd files\n")
        script = output("chroot", self.unpacked, "/bin/socktap", "trace", "--script", "--uid",
                        "someone")
        self.assertIn("uid() == 4711", script)


class Installation(Folder):
    def test_it_goes_below_the_destination_and_prefix(self):
        output(os.environ["CMAKE_COMMAND"], "--install", BUILD, "--prefix", "/opt/some", "--strip",
               env={**os.environ, "DESTDIR": str(self.folder)})
        prefix = self.folder / "opt/some"
        for path in SHIPPED + ["share/doc/socktap/LICENSE"]:
            self.assertTrue((prefix / path).is_file(), path)
        self.assertEqual([each.name for each in self.folder.iterdir()], ["opt"])
        self.check_program(prefix / "bin/socktap",
                           script=prefix / "share/socktap/scripts/trace.stp")


if __name__ == "__main__":
    unittest.main()
